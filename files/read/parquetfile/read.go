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
	"runtime"
	"slices"

	"sbwatch/files/read/slab"
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
		if err = r.group(&groups[i]); err != nil {
			break
		}
		r.unpackers.maxHeld = int64(min(maxHeldPage, maxHeldPages/max(1, len(r.columns))))
	}
	if early := r.deliver(); early != nil {
		return early // an error of an earlier row
	}
	return err
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
	r := &reader{unpackers: unpackers{file: file, budget: budget}, budget: budget, step: batchRows}
	for _, leaf := range tree.leaves {
		r.columns = append(r.columns, newColumn(leaf, budget, end))
	}
	for i, child := range root.children {
		fields, err := newFields(child, i == 0, r.columns, budget)
		if err != nil {
			return nil, nil, err
		}
		if first := fields[0]; first.mayNest {
			r.nested = append(r.nested, topColumn{len(r.fields), len(r.fields) + len(fields), first.valueAt, first.hasKnownKeys})
		}
		r.fields = append(r.fields, fields...)
	}
	for _, f := range r.fields {
		f.copiesTexts = len(r.fields) > maxIndexed
	}
	r.order = slices.Clone(r.fields)
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
	fields      []*field
	nested      []topColumn
	unpackers   unpackers
	budget      *budget
	memory      slab.Allocator
	started     bool // whether rows have been rendered
	// step is a power of two. Each field renders rows until the number of its rendered rows is a multiple of step, so
	// that all fields end at the same row. This avoids batches of a few rows.
	step  int
	order []*field // the fields in the order in which rendering them begins

	// assembled holds the batches to pass to the caller of Read next. spare holds unused batches.
	assembled, spare []*Batch
	rowSize          int // average size of the newest rows in bytes
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
	for _, f := range r.fields {
		f.start(group.rows)
	}
	// Unpacking the largest pages takes longest, so it begins first. Then no core has to wait for it for long.
	slices.SortStableFunc(r.order, func(a, b *field) int { return cmp.Compare(b.packedSize(), a.packedSize()) })
	for left := group.rows; left > 0; {
		r.beforeBatch()
		ready := r.ready()
		hasRendered, err := r.round(ready)
		switch {
		case err != nil:
			return err
		case !hasRendered && ready == 0:
			return r.failure()
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

// ready returns the number of next rows for which all fields have been converted to JSON.
func (r *reader) ready() int {
	rows := batchRows
	for _, f := range r.fields {
		if f.front.rows() == 0 {
			f.front, f.back = f.back, f.front
			f.back.reset()
		}
		rows = min(rows, f.front.rows())
	}
	return rows
}

// failure returns the error of the first field that could not convert its value of the next row to JSON.
func (r *reader) failure() error {
	for _, f := range r.fields {
		if f.front.rows() == 0 && f.err != nil {
			return f.err
		}
	}
	return errLevels
}

// deliver passes the assembled batches to the caller of Read.
func (r *reader) deliver() error {
	batches := r.assembled
	r.assembled = nil
	for _, b := range batches {
		if len(b.ends) > 0 {
			if err := r.visit(b); err != nil {
				return err
			}
		}
		if b.err != nil {
			return b.err
		}
	}
	r.spare = append(r.spare, batches...)
	return nil
}

// minBatch is the minimum size, in bytes, of the batches into which rows are divided so that several cores can assemble
// them.
const minBatch = 64 << 10

// batches returns batches for the given number of rows.
func (r *reader) batches(rows int) []*Batch {
	if rows == 0 {
		return nil
	}
	count := max(1, min(runtime.GOMAXPROCS(0), rows*r.rowSize/minBatch))
	for len(r.spare) < count {
		r.spare = append(r.spare, &Batch{fields: r.fields, columns: r.nested, budget: r.budget, memory: &r.memory})
	}
	first := len(r.spare) - count
	batches := slices.Clone(r.spare[first:])
	r.spare = r.spare[:first]
	return batches
}

// round assembles the next rows from fields that have been converted to JSON. At the same time, it converts the fields
// of later rows, and passes the rows of the previous round to the caller of Read. The parameter ready is the number of
// rows to assemble. round returns false if there were no later rows to convert.
func (r *reader) round(ready int) (hasRendered bool, err error) {
	var fields []*field
	for _, f := range r.order {
		if f.canRender() {
			fields = append(fields, f)
		}
	}
	step := r.step
	if !r.started {
		step, r.started = firstBatch, true
	}
	maxText := min(maxFieldText, max(minFieldText, maxBatchText/len(r.fields)))
	batches := r.batches(ready)
	defer r.unpackers.release()
	_ = work.EachBeside(context.Background(), len(batches)+len(fields), r.unpackers.get, func(u *unpacker, task int) {
		if task < len(batches) {
			from := ready * task / len(batches)
			batches[task].assemble(from, ready*(task+1)/len(batches)-from)
		} else {
			fields[task-len(batches)].render(u, step, maxText)
		}
	}, func() { err = r.deliver() })
	if err != nil {
		return false, err
	}
	for _, f := range r.fields {
		f.front.used += ready
	}
	r.assembled = batches
	if ready > 0 {
		r.rowSize = len(batches[0].text) / max(1, len(batches[0].ends))
	}
	r.adaptStep(fields, maxText)
	return len(fields) > 0, nil
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
