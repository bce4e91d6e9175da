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
	"fmt"
	"io"

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
// batch may take long, so Read calls the function beforeBatch before each batch, and several times while it reads a
// batch. Read returns the error of visit, or an error if the file is invalid or exceeds the limits.
func Read(file io.ReaderAt, size int64, limits Limits, beforeBatch func(), visit func(*Batch) error) error {
	r, groups, err := open(file, size, limits)
	if err != nil {
		return err
	}
	defer r.close()
	p := newPipeline(r, groups)
	work.Beside(func() { err = p.deliver(r.unpackers.get(), beforeBatch, visit) }, func() { p.work(r.unpackers.get()) })
	return err
}

// open reads the footer of a file. It returns the row groups.
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
	r := &reader{unpackers: unpackers{file: file, budget: budget}, budget: budget}
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
	return r, footer.groups, nil
}

// recoverBroken turns a panic into an error for an invalid file. Decompressors may panic on invalid data.
func recoverBroken(err *error) {
	if reason := recover(); reason != nil {
		*err = broken(fmt.Sprint(reason))
	}
}

// reader holds the columns of a file.
type reader struct {
	columns   []*column
	fields    []*field
	nested    []topColumn
	unpackers unpackers
	budget    *budget
	memory    slab.Allocator
}

func (r *reader) close() {
	r.unpackers.close()
	for _, column := range r.columns {
		column.close()
	}
}

// start begins a row group.
func (r *reader) start(group *rowGroup) error {
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
	return nil
}

// end returns an error if the columns have more values than the rows of the row group need.
func (r *reader) end() error {
	for _, column := range r.columns {
		if column.left > 0 {
			return errLevels
		}
	}
	return nil
}
