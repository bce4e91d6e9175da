// Package parquetfile reads the rows of Parquet files from any writer as JSON objects.
package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// ErrNoEnd is the error for a file without a valid footer. Nothing can be read from it, because the footer says where
// everything is.
var ErrNoEnd = errors.New("the end of the Parquet file is missing, which says where its columns are")

// batchRows is the number of rows that are read at once.
const batchRows = 256

// Read calls take for each row of a file of size bytes, in order. A row is the text of a JSON object and is valid until
// take returns. Read calls before ahead of each batch, which may take long.
//
// Read returns the error of take, or an error if the file is invalid or exceeds the limits.
func Read(file io.ReaderAt, size int64, limits Limits, before func(), take func(row []byte) error) (err error) {
	// The library panics on some broken files.
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

// usesLZ4 reports whether a file uses LZ4, which the library must not read: it supports only part of LZ4, and broken
// data makes it allocate ever more memory.
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

// footerSize returns the length of the footer in bytes. ok reports whether the file ends in the Parquet mark and is
// long enough for the footer.
func footerSize(file io.ReaderAt, size int64) (length int64, ok bool) {
	const mark = "PAR1"
	const around = 4 + len(mark) // the length, and the mark
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

// reader converts rows to text.
type reader struct {
	root   *node
	most   int // maximum length of a row in bytes
	before func()
	take   func(row []byte) error
	text   []byte
	// columns are the values of the current row, by column.
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

// row passes one row to take.
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
