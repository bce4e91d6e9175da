// Package parquetfile reads the rows of Parquet files as JSON objects. It supports the files of all common writers.
//
// A Parquet file consists of row groups. A row group holds the values of some rows column by column, in pages. The
// definition levels of a page say which values are null, and its repetition levels say where lists begin. A leaf is a
// column that has values of its own; a group contains other columns. The footer of the file says where everything is.
//
// The package does not use a library. Libraries allocate as much memory as a file requests, and a file of a few
// kilobytes can request gigabytes. This package decodes the values of a column one by one, and checks a memory budget
// before it allocates memory.
package parquetfile

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"sbwatch/work"
)

// Numbers of rows in a batch. The first batch is small, so that its rows appear early.
const (
	firstBatch = 256
	batchRows  = 2048
)

// Sizes in bytes. maxBatchText limits the text of a batch. The limit for the text of one field in a batch is between
// minFieldText and maxFieldText. The last row may exceed these limits.
const (
	maxBatchText               = 8 << 20
	minFieldText, maxFieldText = 1 << 10, 256 << 10
)

// maxIndexed is the maximum number of fields whose values are copied directly from their dictionaries to the rows. More
// dictionaries do not fit into the caches of a core, so their values are copied column by column first.
const maxIndexed = 64

// Read reads a Parquet file of size bytes. It calls the function visit for each batch of rows, in order. Reading a
// batch may take long, so Read calls the function beforeBatch at the start of each batch. Read returns the error of
// visit, or an error if the file is invalid or exceeds the limits.
func Read(file io.ReaderAt, size int64, limits Limits, beforeBatch func(), visit func(*Batch) error) error {
	r, groups, err := open(file, size, limits)
	if err != nil {
		return err
	}
	r.beforeBatch, r.visit = beforeBatch, visit
	defer r.close()
	for i := range groups {
		if err := r.group(&groups[i]); err != nil {
			return err
		}
		r.unpackers.maxHeld = int64(min(maxHeldPage, maxHeldPages/max(1, len(r.columns))))
	}
	return nil
}

// open reads the footer of a file. It returns the row groups, and a reader whose callbacks are not set yet.
func open(file io.ReaderAt, size int64, limits Limits) (_ *reader, _ []rowGroup, err error) {
	defer recoverBroken(&err)
	budget := newBudget(limits, size)
	footer, end, err := readFooter(file, size, budget)
	if err != nil {
		return nil, nil, err
	}
	tree := tree{elements: footer.schema, limits: limits, budget: budget}
	root, err := tree.node(new(node), 0)
	switch {
	case err != nil:
		return nil, nil, err
	case len(tree.elements) > 0 || root.write != nil:
		return nil, nil, errSchema
	}
	r := &reader{unpackers: unpackers{file: file, budget: budget}, batch: Batch{budget: budget}, step: batchRows}
	for _, leaf := range tree.leaves {
		r.columns = append(r.columns, newColumn(leaf, budget, end))
	}
	for i, child := range root.children {
		fields, err := newFields(child, i == 0, r.columns, budget)
		if err != nil {
			return nil, nil, err
		}
		r.batch.fields = append(r.batch.fields, fields...)
	}
	for _, f := range r.batch.fields {
		f.copiesTexts = len(r.batch.fields) > maxIndexed
	}
	r.order = slices.Clone(r.batch.fields)
	return r, footer.groups, nil
}

// recoverBroken turns a panic into an error for an invalid file. Decompressors may panic on invalid data.
func recoverBroken(err *error) {
	if reason := recover(); reason != nil {
		*err = broken(fmt.Sprint(reason))
	}
}

// reader converts the rows of a file to JSON.
type reader struct {
	beforeBatch func()
	visit       func(*Batch) error
	columns     []*column
	unpackers   unpackers
	batch       Batch
	// step is a power of two. Each field renders rows until the number of its rendered rows is a multiple of step, so
	// that all fields end at the same row. This avoids batches of a few rows.
	step  int
	order []*field // the fields in the order in which rendering them begins
}

func (r *reader) close() {
	r.unpackers.close()
	for _, column := range r.columns {
		column.close()
	}
}

// group reads a row group.
func (r *reader) group(group *rowGroup) error {
	switch {
	case len(group.columns) != len(r.columns) || group.rows < 0:
		return broken("the columns of a row group do not match the schema")
	case len(r.columns) == 0 && group.rows > 0:
		return refusal("it has rows but no columns", "choose another file")
	}
	for i, column := range r.columns {
		if err := column.start(group.columns[i]); err != nil {
			return err
		}
	}
	for _, f := range r.batch.fields {
		f.start(group.rows)
	}
	// Unpacking the largest pages takes longest, so it begins first. Then no core has to wait for it for long.
	slices.SortStableFunc(r.order, func(a, b *field) int { return cmp.Compare(b.packedSize(), a.packedSize()) })
	for left := group.rows; left > 0; {
		r.beforeBatch()
		ready := r.batch.ready()
		if !r.round(ready) && ready == 0 {
			return r.batch.failure()
		}
		if ready > 0 {
			if err := r.deliver(); err != nil {
				return err
			}
		}
		left -= int64(ready)
	}
	for _, column := range r.columns {
		if column.left > 0 {
			return errLevels
		}
	}
	return nil
}

// deliver passes the assembled rows to the caller of Read.
func (r *reader) deliver() error {
	if len(r.batch.ends) > 0 {
		if err := r.visit(&r.batch); err != nil {
			return err
		}
	}
	return r.batch.err
}

// round assembles the next rows from fields that have been converted to JSON. At the same time, it converts the fields
// of later rows. The parameter ready is the number of rows to assemble. round returns false if there were no later rows
// to convert.
func (r *reader) round(ready int) bool {
	var fields []*field
	for _, f := range r.order {
		if f.canRender() {
			fields = append(fields, f)
		}
	}
	step := r.step
	if !r.batch.started {
		step, r.batch.started = firstBatch, true
	}
	maxText := min(maxFieldText, max(minFieldText, maxBatchText/len(r.batch.fields)))
	defer r.unpackers.release()
	_ = work.Each(context.Background(), len(fields)+1, r.unpackers.get, func(u *unpacker, task int) {
		if task == 0 {
			r.batch.assemble(ready)
		} else {
			fields[task-1].render(u, step, maxText)
		}
	})
	r.adaptStep(fields, maxText)
	return len(fields) > 0
}

// adaptStep changes the number of rows in a step so that the texts of a field fit into maxText bytes. The parameter
// fields holds the fields that were rendered last. After rows with long texts, the step grows again.
func (r *reader) adaptStep(fields []*field, maxText int) {
	const spare = 4 // the step grows only if spare times as many rows would fit
	canGrow := r.step < batchRows
	for _, f := range fields {
		rows := f.back.count()
		for f.isShort && rows > 0 && rows < r.step {
			r.step /= 2
		}
		canGrow = canGrow && !f.isShort && spare*f.back.length()*r.step <= maxText*rows
	}
	if canGrow {
		r.step *= 2
	}
}
