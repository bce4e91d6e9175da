package read

import (
	"bytes"
	"errors"
	"io"
	"io/fs"

	"sbwatch/api/wire"
	"sbwatch/files/read/jsonrepair"
	"sbwatch/files/read/parquetfile"
	"sbwatch/model/item"
	"sbwatch/model/run"
)

var errHeldTooLarge = &stepError{"the Parquet file is too large to be read from a pipe or a compressed file", "save it uncompressed, and open the saved file"}

// parquet reads the rows of a Parquet file. If the file is compressed or not a regular file, parquet first reads all of
// it into memory.
func (f *reader) parquet() error {
	f.binary = true
	limits := f.Limits()
	file, size := fileOf(f.whole)
	if file == nil || f.wrapping != "" {
		maxHeld := limits.TableSize() / 2 // reading may need twice the memory
		all, err := io.ReadAll(io.LimitReader(f.Reader(), maxHeld+1))
		if int64(len(all)) > maxHeld {
			return errHeldTooLarge
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		file, size = bytes.NewReader(all), int64(len(all))
	}
	given, repair := int64(0), jsonrepair.Repairer{}
	rowLimits := parquetfile.Limits{Columns: limits.Columns, Memory: limits.TableSize(), Row: limits.ItemSize()}
	takeRow := func(row []byte, hasNonFinite bool) error {
		if given += int64(len(row)); given > limits.Body {
			return wire.ErrBody
		}
		if f.Full() && !limits.CountOnly {
			f.SkipItem()
			return nil
		}
		if hasNonFinite {
			return f.addNonFinite(&repair, row)
		}
		_, err := f.AddItem(row)
		if errors.Is(err, item.ErrItemCut) {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	err := parquetfile.Read(file, size, rowLimits, f.Report, func(b *parquetfile.Batch) error {
		items, areJSON := b.Items()
		if !areJSON || given+int64(b.Size()) > limits.Body {
			return b.Each(takeRow)
		}
		given += int64(b.Size())
		f.Join(items)
		return nil
	})
	if err == nil && f.Items().Total() == 0 {
		f.notes.Add(run.NoteHeaderOnly, 0, "")
	}
	return err
}

// addNonFinite adds a row that contains NaN or Infinity.
func (f *reader) addNonFinite(repair *jsonrepair.Repairer, row []byte) error {
	if _, err := repair.Value(row, true); err != nil {
		return err
	}
	for range repair.Faults[jsonrepair.NonFinite] {
		f.notes.Add(run.NoteNonFinite, 0, "")
	}
	return f.AddRepaired(repair.Row, repair.Valid)
}

// fileOf returns source in a form that can be read at any offset, and its size in bytes. It returns nil if the source
// cannot be read in this way.
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
