// Package parquetout writes Parquet files. Their columns are optional and not nested.
//
// An [Encoder] encodes a row group independently of other row groups, so all cores can encode at the same time. A
// [Writer] writes the groups in order. A column begins with a dictionary of its distinct values. If the dictionary
// would make the file larger, the rest of the column does not use it.
package parquetout

import (
	"encoding/binary"
	"io"
	"math"
	"slices"

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
	// Distinct means that most values occur only once. Such a column gets no dictionary.
	Distinct bool
}

// Codec is the compression of pages.
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
	rows   int
	chunks []chunk
	memory arena // memory of the pages
}

// chunk holds the values of one column in a group.
type chunk struct {
	// pages holds the page with the dictionary, if there is one, followed by the pages with the values.
	pages              [][]byte
	size, uncompressed int // sizes of all pages in bytes
	dictionary         int // size of the page with the dictionary; 0 if there is none
	nulls              int
	encodings          []int64
	min, max           string
	hasStatistics      bool
}

// Encoder encodes row groups. Add one value to each column for each row, and call [Encoder.Cut] at the end of a group.
// An Encoder reuses its memory for the next group. It is not safe for concurrent use.
type Encoder struct {
	columns  []column
	packer   packer
	pageSize int
}

// NewEncoder returns an encoder whose pages have about pageSize bytes.
func NewEncoder(columns []Column, codec Codec, pageSize int) (*Encoder, error) {
	e := &Encoder{columns: make([]column, len(columns)), packer: packer{codec: codec}, pageSize: pageSize}
	for i := range columns {
		c := &e.columns[i]
		c.kind, c.dictionary.kind, c.hasDictionary = columns[i].Kind, columns[i].Kind, columns[i].Kind != Bool && !columns[i].Distinct
		if len(columns) <= maxSmallColumns {
			c.dictionary.maxSmall = maxSmall
		}
		c.reset()
	}
	if codec != Zstd {
		return e, nil
	}
	var err error
	e.packer.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false), zstd.WithWindowSize(zstdWindow), zstd.WithEncoderLevel(zstd.SpeedFastest))
	return e, err
}

// zstdWindow is the window of zstd, in bytes. A page is larger only if it consists of a single large value.
const zstdWindow = 256 << 10

// end ends the current page of column c if the page is full.
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

// Texts adds texts or JSON to a column, one for each row. nil stands for a missing value.
func (e *Encoder) Texts(i int, values [][]byte) {
	c := &e.columns[i]
	if c.isIndexed {
		c.dictionary.prepare(values)
	}
	for row, v := range values {
		if v == nil {
			c.null()
		} else {
			c.bytes(v, row)
		}
		e.end(c)
	}
}

// Cut returns a row group with all values added since the last call, and begins the next group. The parameter used is a
// group that is already written, whose memory Cut reuses, or the zero Group.
func (e *Encoder) Cut(used Group) Group {
	g := Group{chunks: used.chunks}
	if g.chunks == nil {
		g.chunks = make([]chunk, len(e.columns))
	}
	for i := range e.columns {
		c := &e.columns[i]
		c.endPage(&e.packer)
		g.rows = c.allRows
		g.chunks[i] = c.cut(&e.packer, g.chunks[i])
		c.reset()
	}
	used.memory.reset()
	g.memory, e.packer.finished = e.packer.finished, used.memory
	return g
}

// Writer writes a file.
type Writer struct {
	out     io.Writer
	columns []Column
	codec   Codec
	at      int64 // offset of the next byte in the file
	rows    int64
	// groups holds the row groups written so far, without the content of their pages. starts holds the offset of each
	// group in the file.
	groups []Group
	starts []int64
	err    error
}

// magic is the text at the beginning and at the end of a file.
const magic = "PAR1"

// NewWriter returns a writer of a file. [Writer.Write] and [Writer.Close] return the errors of out.
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

// Write writes the next row group. The caller can reuse the memory of the group afterwards.
func (w *Writer) Write(g Group) error {
	if g.rows == 0 {
		return w.err
	}
	w.starts = append(w.starts, w.at)
	written := Group{rows: g.rows, chunks: slices.Clone(g.chunks)} // what the footer needs
	for i := range written.chunks {
		c := &written.chunks[i]
		for _, page := range c.pages {
			w.write(page)
		}
		c.pages, c.encodings = nil, slices.Clone(c.encodings)
	}
	w.rows += int64(g.rows)
	w.groups = append(w.groups, written)
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
