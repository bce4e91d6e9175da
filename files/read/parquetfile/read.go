// Package parquetfile reads the rows of Parquet files, from any writer, as JSON objects.
//
// It does not use a library, because libraries allocate as much memory as a file requests, and a file of a few
// kilobytes can request gigabytes. This package decodes the values of a column one by one, and counts memory before it
// allocates it.
package parquetfile

import (
	"fmt"
	"io"
)

// batchRows is the number of rows in a batch. [Read] calls the function before at the start of each batch.
const batchRows = 256

// Read calls take with each row of a file, in order. size is the size of the file in bytes. A row is the text of a JSON
// object. If hasNonFinite is true, it contains the numbers NaN, Infinity or -Infinity. The row is valid until take
// returns. Before each batch of rows, which may take long to read, Read calls before.
//
// Read returns the error of take. It also returns an error if the file is invalid or exceeds the limits.
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

// open reads the footer of a file. It returns the row groups, and a reader in which the functions to call are not set
// yet.
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

// recoverBroken turns a panic into an error for a broken file. Decompressors may panic on invalid data.
func recoverBroken(err *error) {
	if reason := recover(); reason != nil {
		*err = broken(fmt.Sprint(reason))
	}
}

// reader converts the rows of a file to JSON.
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
		return broken("the columns of a row group do not match the schema")
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
