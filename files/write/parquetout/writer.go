// Package parquetout writes Parquet files of optional columns that are not nested.
//
// Row groups are encoded independently, each by an [Encoder], so that all cores can encode at the same time. A [Writer]
// writes them in order. A column begins with a dictionary of its distinct values. It stops using the dictionary if that
// would make the file larger.
package parquetout

import (
	"encoding/binary"
	"io"
	"math"

	"github.com/klauspost/compress/zstd"
)

// Kind is the type of a column.
type Kind int

// The kinds of columns.
const (
	Text Kind = iota
	JSON
	Bool
	Int
	Double
)

func (k Kind) isBytes() bool { return k == Text || k == JSON }

// physical returns the physical type of a column in the file.
func (k Kind) physical() int64 {
	const boolean, int64Type, double, byteArray = 0, 2, 5, 6
	switch k {
	case Bool:
		return boolean
	case Int:
		return int64Type
	case Double:
		return double
	case Text, JSON:
	}
	return byteArray
}

// Column describes a column.
type Column struct {
	Name string
	Kind Kind
	// Distinct means that most values occur only once, so the column gets no dictionary.
	Distinct bool
}

// Codec is how pages are compressed.
type Codec int

// The codecs.
const (
	Snappy Codec = iota
	Zstd
)

// number returns the number of the codec in the file.
func (c Codec) number() int64 {
	if c == Zstd {
		return 6
	}
	return 1
}

// Group is an encoded row group.
type Group struct {
	text   []byte
	rows   int
	chunks []chunk
}

// chunk locates the values of a column in the text of its group.
type chunk struct {
	from, size, uncompressed int
	dictionary               int // the size of the page of the dictionary; 0 for none
	nulls                    int
	encodings                []int64
	min, max                 string
	hasStatistics            bool
}

// Encoder encodes row groups. It must not be used by several goroutines. It reuses its memory for the next group. Add
// one value of each column for each row.
type Encoder struct {
	columns  []column
	packer   packer
	pageSize int
}

// NewEncoder returns an encoder whose pages have about pageSize bytes.
func NewEncoder(columns []Column, codec Codec, pageSize int) (*Encoder, error) {
	e := &Encoder{columns: make([]column, len(columns)), packer: packer{codec: codec}, pageSize: pageSize}
	for i := range columns {
		e.columns[i].kind, e.columns[i].hasDictionary = columns[i].Kind, columns[i].Kind != Bool && !columns[i].Distinct
		e.columns[i].reset()
	}
	if codec != Zstd {
		return e, nil
	}
	var err error
	e.packer.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(zstdWindow), zstd.WithEncoderLevel(zstd.SpeedFastest))
	return e, err
}

// zstdWindow is the window of zstd in bytes. Pages are not larger than this, unless they consist of a single value.
const zstdWindow = 256 << 10

// end ends a page that is full.
func (e *Encoder) end(c *column) {
	const maxRows = 1 << 15
	if c.size >= e.pageSize || c.rows >= maxRows {
		c.endPage(&e.packer)
	}
}

// Null adds a missing value to a column.
func (e *Encoder) Null(i int) {
	e.columns[i].null()
	e.end(&e.columns[i])
}

// Bool adds a Boolean to a column.
func (e *Encoder) Bool(i int, v bool) {
	e.columns[i].bool(v)
	e.end(&e.columns[i])
}

// Int adds an integer to a column.
func (e *Encoder) Int(i int, v int64) {
	e.columns[i].fixed(uint64(v))
	e.end(&e.columns[i])
}

// Double adds a number to a column.
func (e *Encoder) Double(i int, v float64) {
	e.columns[i].fixed(math.Float64bits(v))
	e.end(&e.columns[i])
}

// Bytes adds a text or JSON to a column.
func (e *Encoder) Bytes(i int, v []byte) {
	e.columns[i].bytes(v)
	e.end(&e.columns[i])
}

// Repeated is a faster [Encoder.Bytes] for a value that is in the dictionary of the row group, because Bytes has added it before. For any
// other value, it does nothing and returns false.
func (e *Encoder) Repeated(i int, v []byte) bool {
	found := e.columns[i].repeated(v)
	if found {
		e.end(&e.columns[i])
	}
	return found
}

// Cut returns a row group with all values added so far, and begins the next group. used is a group that was already
// written, or the zero Group. The returned group reuses its memory.
func (e *Encoder) Cut(used Group) Group {
	size := 0
	for i := range e.columns {
		e.columns[i].endPage(&e.packer)
		size += len(e.columns[i].pages)
	}
	g := Group{text: used.text[:0], chunks: make([]chunk, len(e.columns))}
	if size > cap(g.text) {
		g.text = make([]byte, 0, size+size/8)
	}
	for i := range e.columns {
		c := &e.columns[i]
		g.rows = c.allRows
		found := chunk{from: len(g.text), nulls: c.allNulls, encodings: []int64{encodingRLE}}
		if c.hasIndexPages {
			data := len(c.pages)
			c.appendDictionary(&e.packer)
			found.dictionary = len(c.pages) - data
			g.text = append(g.text, c.pages[data:]...)
			c.pages = c.pages[:data]
			found.encodings = append(found.encodings, encodingDictionary)
		}
		if c.hasPlainPages || c.hasIndexPages {
			found.encodings = append(found.encodings, encodingPlain)
		}
		g.text = append(g.text, c.pages...)
		found.size, found.uncompressed = len(g.text)-found.from, c.uncompressed
		found.min, found.max, found.hasStatistics = c.stats.bounds(c.kind)
		g.chunks[i] = found
		c.reset()
	}
	return g
}

// Writer writes a file.
type Writer struct {
	out     io.Writer
	columns []Column
	codec   Codec
	at      int64 // the offset in the file
	rows    int64
	// groups are the row groups so far, without their text, and starts are their offsets.
	groups []Group
	starts []int64
	err    error
}

// magic begins and ends a file.
const magic = "PAR1"

// NewWriter returns a writer of a file. Errors of out are returned by [Writer.Write] and [Writer.Close].
func NewWriter(out io.Writer, columns []Column, codec Codec) *Writer {
	w := &Writer{out: out, columns: columns, codec: codec}
	w.write([]byte(magic))
	return w
}

func (w *Writer) write(text []byte) {
	if w.err == nil {
		_, w.err = w.out.Write(text)
		w.at += int64(len(text))
	}
}

// Write writes the next row group.
func (w *Writer) Write(g Group) error {
	if g.rows == 0 {
		return w.err
	}
	w.starts = append(w.starts, w.at)
	w.write(g.text)
	g.text = nil
	w.rows += int64(g.rows)
	w.groups = append(w.groups, g)
	return w.err
}

// Close writes the footer. It does not close the stream.
func (w *Writer) Close() error {
	footer := w.footer()
	w.write(footer)
	w.write(binary.LittleEndian.AppendUint32(nil, uint32(len(footer))))
	w.write([]byte(magic))
	return w.err
}
