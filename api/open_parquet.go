package api

import (
	"bytes"
	"errors"
	"io"
	"io/fs"

	"sbwatch/api/parquetfile"
	"sbwatch/model/item"
)

var errHeldTooLarge = errors.New("the Parquet file is too large to be held in memory: unpack it into a file first")

// parquet reads the rows of a Parquet file. What is read from a pipe, or out of a compression, is kept in memory until all
// of it is there.
func (d *decoder) parquet(whole io.Reader) error {
	d.placeless = true
	file, size := fileOf(whole)
	if file == nil || d.wrapping != "" {
		maxHeld := d.limits.table() / 2 // reading all doubles a buffer
		all, err := io.ReadAll(io.LimitReader(d.reader(), maxHeld+1))
		if int64(len(all)) > maxHeld {
			return errHeldTooLarge
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		file, size = bytes.NewReader(all), int64(len(all))
	}
	limits := parquetfile.Limits{Columns: d.limits.Columns, Memory: d.limits.table(), Row: d.limits.item()}
	given := int64(0)
	return parquetfile.Read(file, size, limits, d.tell, func(row []byte) error {
		if given += int64(len(row)); given > d.limits.Body {
			return errBody
		}
		if d.builder.Full() && !d.limits.CountOnly {
			d.builder.Skip()
			return nil
		}
		_, err := d.takeItem(row)
		if errors.Is(err, item.ErrItemCut) {
			err = io.ErrUnexpectedEOF
		}
		return err
	})
}

// fileOf gives a source that can be read anywhere, and its size in bytes; nil where it cannot.
func fileOf(source io.Reader) (io.ReaderAt, int64) {
	file, isFile := source.(interface {
		io.ReaderAt
		Stat() (fs.FileInfo, error)
	})
	if !isFile {
		return nil, 0
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, 0
	}
	return file, info.Size()
}
