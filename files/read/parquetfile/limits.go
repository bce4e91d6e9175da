package parquetfile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Limits bounds the resources that reading a file may use.
type Limits struct {
	// Columns is the maximum number of leaf columns.
	Columns int
	// Memory is the maximum number of bytes for the parts of a row group that are in memory at the same time.
	Memory int64
	// Row is the maximum length of the text of a row in bytes.
	Row int
}

// Reasons for refusing a file or a row.
var (
	errMemory = errors.New("reading it needs more memory than --max-memory allows: raise it")
	errRow    = errors.New("a row of it is too large: raise --max-memory")
	errPage   = errors.New("the Parquet file is broken: a page is larger than it says")
)

// footerShare is an upper estimate of the memory, in bytes, for each byte of the footer.
const footerShare = 16

// pageHeader is the part of a page's header that is checked before the library reads the page, because the library
// allocates what the header asks for.
type pageHeader struct {
	Type         format.PageType          `thrift:"1,required"`
	Uncompressed int32                    `thrift:"2,required"`
	Compressed   int32                    `thrift:"3,required"`
	V1           thrift.Null[pageValues]  `thrift:"5,optional"`
	Dictionary   thrift.Null[pageValues]  `thrift:"7,optional"`
	V2           thrift.Null[pageHeader2] `thrift:"8,optional"`
}

type pageValues struct {
	Count int32 `thrift:"1,required"`
}

type pageHeader2 struct {
	Count      int32             `thrift:"1,required"`
	Definition int32             `thrift:"5,required"`
	Repetition int32             `thrift:"6,required"`
	Compressed thrift.Null[bool] `thrift:"7,optional"`
}

// guard checks the pages of a file before the library reads them.
type guard struct {
	file   io.ReaderAt
	size   int64
	limits Limits
	in     bufio.Reader
}

// Memory for a value in addition to its bytes: its offset in a page, and the value as part of a row.
const (
	placeMemory = 8
	valueMemory = 24
)

// group checks that a row group can be read within the limits. repeated says which of its columns are in lists: a
// single row may hold all their values.
func (g *guard) group(group *format.RowGroup, repeated []bool) error {
	cost := int64(0)
	for i := range group.Columns {
		column, err := g.column(&group.Columns[i].MetaData, i < len(repeated) && repeated[i])
		if err != nil {
			return err
		}
		if cost += column; cost > g.limits.Memory {
			return errMemory
		}
	}
	return nil
}

// column returns the memory for reading a column: its largest page, its dictionary, and the values of a batch of rows.
func (g *guard) column(meta *format.ColumnMetaData, repeated bool) (int64, error) {
	at := meta.DataPageOffset
	if meta.DictionaryPageOffset != 0 {
		at = meta.DictionaryPageOffset
	}
	end := at + meta.TotalCompressedSize
	if at < 0 || end < at || end > g.size {
		return 0, errors.New("the Parquet file is broken: a column lies outside the file")
	}
	var dictionary, largest, values int64
	for at < end && values < meta.NumValues {
		header, length, err := g.header(at, end)
		if err != nil {
			return 0, err
		}
		at += length
		count := int64(max(header.V1.V.Count, header.V2.V.Count, header.Dictionary.V.Count))
		memory := int64(header.Uncompressed) + int64(header.Compressed) + placeMemory*count
		switch {
		case header.Uncompressed < 0 || header.Compressed < 0 || at+int64(header.Compressed) > end:
			return 0, errPage
		case memory > g.limits.Memory:
			return 0, errMemory
		case header.Type == format.DictionaryPage:
			dictionary = max(dictionary, memory)
		default:
			largest = max(largest, memory)
			values += count
		}
		if err := g.page(header, at, meta.Codec); err != nil {
			return 0, err
		}
		at += int64(header.Compressed)
	}
	batch := min(values, batchRows)
	if repeated {
		batch = values
	}
	return dictionary + largest + valueMemory*batch, nil
}

// maxHeader is the maximum size of a page header in bytes. A header may quote values.
const maxHeader = 1 << 20

// header reads the page header at an offset and returns its length.
func (g *guard) header(at, end int64) (header pageHeader, length int64, err error) {
	section := io.NewSectionReader(g.file, at, min(end-at, maxHeader))
	g.in.Reset(section)
	var protocol thrift.CompactProtocol
	if err := thrift.NewDecoder(protocol.NewReader(&g.in)).Decode(&header); err != nil {
		return header, 0, broken(err)
	}
	read, err := section.Seek(0, io.SeekCurrent)
	return header, read - int64(g.in.Buffered()), err
}

// page checks that a page decompresses to no more than its header says. The library does not check this.
func (g *guard) page(header pageHeader, at int64, codec format.CompressionCodec) error {
	levels := int64(0)
	if v2 := header.V2; v2.Valid {
		if compressed := v2.V.Compressed; compressed.Valid && !compressed.V {
			return nil
		}
		levels = int64(v2.V.Definition) + int64(v2.V.Repetition)
	}
	packed, unpacked := int64(header.Compressed)-levels, int64(header.Uncompressed)-levels
	if levels < 0 || packed < 0 || unpacked < 0 {
		return errPage
	}
	if packed == 0 {
		return nil
	}
	section := io.NewSectionReader(g.file, at+levels, packed)
	switch codec {
	case format.Snappy:
		var begin [binary.MaxVarintLen64]byte
		n, _ := io.ReadFull(section, begin[:]) // a page may be shorter
		if says, _ := binary.Uvarint(begin[:n]); says > uint64(unpacked) {
			return errPage
		}
		return nil
	case format.Gzip:
		r, err := gzip.NewReader(section)
		if err != nil {
			return broken(err)
		}
		return fits(r, unpacked)
	case format.Brotli:
		return fits(brotli.NewReader(section), unpacked)
	case format.Zstd:
		const maxWindow = 128 << 20
		r, err := zstd.NewReader(section, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return broken(err)
		}
		defer r.Close()
		return fits(r, unpacked)
	default:
		return nil
	}
}

// fits checks that a reader returns at most a number of bytes, and no error.
func fits(r io.Reader, most int64) error {
	n, err := io.Copy(io.Discard, io.LimitReader(r, most+1))
	switch {
	case n > most:
		return errPage
	case err != nil:
		return broken(err)
	default:
		return nil
	}
}

func broken(err error) error { return fmt.Errorf("the Parquet file is broken: %w", err) }
