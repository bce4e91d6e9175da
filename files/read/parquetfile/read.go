// Package parquetfile reads the rows of Parquet files from any writer as JSON objects.
//
// It decodes the format itself, because libraries allocate what a file asks for: a few kilobytes can ask for gigabytes.
// Here the values of a column are decoded one by one, and memory is counted before it is allocated.
package parquetfile

import (
	"fmt"
	"io"
)

// batchRows is the number of rows in a batch. [Read] calls its argument before ahead of each batch.
const batchRows = 256

// Read calls take for each row of a file of size bytes, in order. A row is the text of a JSON object, which may have the numbers NaN,
// Infinity and -Infinity if hasNonFinite is true. It is valid until take returns. Read calls before ahead of each batch, which may take long.
//
// Read returns the error of take, or an error if the file is invalid or exceeds the limits.
func Read(file io.ReaderAt, size int64, limits Limits, before func(), take func(row []byte, hasNonFinite bool) error) error {
	r, groups, err := open(file, size, limits)
	if err != nil {
		return err
	}
	r.before, r.take = before, take
	defer r.close()
	for i := range groups {
		if err := r.group(&groups[i]); err != nil {
			return err
		}
	}
	return nil
}

// open reads the footer of a file. It returns a reader without functions to call, and the row groups.
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
	r := &reader{root: root, unpacker: unpacker{file: file, budget: budget}, assembly: assembly{budget: budget}}
	for _, leaf := range tree.leaves {
		r.assembly.columns = append(r.assembly.columns, newColumn(leaf, &r.unpacker, end))
	}
	return r, footer.groups, nil
}

// recoverBroken turns a panic into the error for a broken file, because decompressors may panic on broken data.
func recoverBroken(err *error) {
	if reason := recover(); reason != nil {
		*err = broken(fmt.Sprint(reason))
	}
}

// reader converts rows to text.
type reader struct {
	root     *node
	before   func()
	take     func(row []byte, hasNonFinite bool) error
	unpacker unpacker
	assembly assembly
}

// close releases the resources of the decompressors.
func (r *reader) close() {
	r.unpacker.shared.close()
	for _, column := range r.assembly.columns {
		column.close()
	}
}

// group reads a row group.
func (r *reader) group(group *rowGroup) error {
	columns := r.assembly.columns
	switch {
	case len(group.columns) != len(columns) || group.rows < 0:
		return broken("a row group has other columns than the schema")
	case len(columns) == 0 && group.rows > 0:
		return refusal("it has rows but no columns", "choose another file")
	}
	for i, column := range columns {
		if err := column.start(group.columns[i]); err != nil {
			return err
		}
	}
	for row := range group.rows {
		if row%batchRows == 0 {
			r.before()
		}
		if err := r.row(); err != nil {
			return err
		}
		if err := r.take(r.assembly.text, r.assembly.hasNonFinite); err != nil {
			return err
		}
	}
	for _, column := range columns {
		if column.left > 0 {
			return errLevels
		}
	}
	return nil
}

// row assembles the text of the next row.
func (r *reader) row() (err error) {
	defer recoverBroken(&err)
	r.assembly.text, r.assembly.hasNonFinite = r.assembly.text[:0], false
	return r.assembly.value(r.root, 0)
}
