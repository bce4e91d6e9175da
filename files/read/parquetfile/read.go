// Package parquetfile reads the rows of a Parquet file, whoever wrote it, as JSON objects.
package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// ErrNoEnd is the error for a file that does not end as Parquet does. Nothing can be read of it, since its end tells where
// everything is.
var ErrNoEnd = errors.New("the end of the Parquet file is missing, which says where its columns are")

// batchRows is how many rows are read at once.
const batchRows = 256

// Read hands out the rows of a file of so many bytes, one after the other, each as the text of a JSON object that is good
// until the function returns. before is called before each batch, which may take long.
//
// The error is that of the file, or of what took the rows; or the file needs more than the limits allow.
func Read(file io.ReaderAt, size int64, limits Limits, before func(), take func(row []byte) error) (err error) {
	// The library panics at some files that are broken in a way it does not expect.
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("the Parquet file is broken: %v", reason)
		}
	}()
	footer, ok := footerSize(file, size)
	switch {
	case !ok:
		return ErrNoEnd
	case footer > limits.Memory/footerShare:
		return errMemory
	}
	opened, err := parquet.OpenFile(file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	if usesLZ4(opened.Metadata()) {
		return errors.New("it is compressed by LZ4, which cannot be read here: write it with snappy or zstd")
	}
	r := reader{root: newNode(opened.Schema(), "", levels{}, new(int)), most: limits.Row, before: before, take: take}
	if r.root.leaves > limits.Columns {
		return fmt.Errorf("it has more than %d columns", limits.Columns)
	}
	r.columns = make([][]parquet.Value, r.root.leaves)
	guard := guard{file: file, size: size, limits: limits}
	for i, group := range opened.RowGroups() {
		if err := guard.group(&opened.Metadata().RowGroups[i], r.root.repeatedLeaves(false, nil)); err != nil {
			return err
		}
		if err := r.group(group); err != nil {
			return err
		}
	}
	return nil
}

// usesLZ4 tells of a file that the library must not be given: it does not read all of LZ4, and where that is broken it asks
// for ever more memory.
func usesLZ4(file *format.FileMetaData) bool {
	for _, group := range file.RowGroups {
		for _, column := range group.Columns {
			if codec := column.MetaData.Codec; codec == format.Lz4Raw || codec == format.Lz4 {
				return true
			}
		}
	}
	return false
}

// footerSize is the length, in bytes, of the list at the end of a file. ok tells whether the file has the mark behind it, and
// room for it.
func footerSize(file io.ReaderAt, size int64) (length int64, ok bool) {
	const mark = "PAR1"
	const around = 4 + len(mark) // the length, and a mark
	if size < int64(len(mark)+around) {
		return 0, false
	}
	end := make([]byte, around)
	_, err := file.ReadAt(end, size-int64(around))
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, false
	}
	length = int64(binary.LittleEndian.Uint32(end))
	return length, string(end[4:]) == mark && length <= size-int64(len(mark)+around)
}

// reader turns rows into text.
type reader struct {
	root   *node
	most   int // bytes of a row
	before func()
	take   func(row []byte) error
	text   []byte
	// columns are the values of a row.
	columns [][]parquet.Value
}

// group reads a row group.
func (r *reader) group(group parquet.RowGroup) error {
	rows := group.Rows()
	defer func() { _ = rows.Close() }()
	batch := make([]parquet.Row, batchRows)
	for left := group.NumRows(); ; {
		r.before()
		n, err := rows.ReadRows(batch)
		if left -= int64(n); left < 0 {
			return errLevels
		}
		for _, row := range batch[:n] {
			if err := r.row(row); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case n == 0:
			return io.ErrNoProgress
		}
	}
}

// row hands out one row.
func (r *reader) row(row parquet.Row) error {
	a := assembly{text: r.text[:0], most: r.most, columns: r.columns}
	clear(a.columns)
	row.Range(func(column int, values []parquet.Value) bool {
		if column < len(a.columns) {
			a.columns[column] = values
		}
		return true
	})
	err := a.value(r.root)
	r.text = a.text
	if err != nil {
		return err
	}
	return r.take(a.text)
}
