package order

import (
	"bytes"
	"math"
	"slices"
	"unicode/utf8"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// Column ranks the values at one path, in three steps. [Loader]s read the values, each a range of rows. [Column.Split]
// distributes the values to buckets. [Sorter]s sort the buckets. Then [Column.Ranks] returns the result. Loaders and
// sorters can run in parallel.
type Column struct {
	items item.Table
	path  item.Path
	// known is the compact column of the values, or nil if there is none.
	known *compact.Column
	// rows are the rows to rank. It is nil if all rows are ranked.
	rows  []uint32
	style style
	// common is a prefix that most text in the column shares.
	common prefix

	codes   []code   // one for each row
	split   []uint32 // indexes of the rows, sorted by bucket
	buckets []int    // offset of each bucket in split, and the end of the last one
	// nonEmpty is the number of values that are not blank, null or missing.
	nonEmpty int
	ranks    []uint32
}

// entry is a value in a bucket that is being sorted: its code and the index of its row. The code is in two halves, so
// that the struct needs no padding.
type entry struct{ high, low, at uint32 }

const halfCode = 32

func (e *entry) code() code { return code(e.high)<<halfCode | code(e.low) }

func (e *entry) set(c code) {
	e.high, e.low = uint32(c>>halfCode), uint32(c&math.MaxUint32)
}

// NewColumn returns a Column for some rows; nil means all rows. It samples the table to find out how the column writes numbers and
// dates.
func NewColumn(items item.Table, path item.Path, rows []uint32) *Column {
	return newColumn(&Column{items: items, path: path, rows: rows})
}

// OfColumn is like [NewColumn], but for all rows of a compact column. If the column has a dictionary, only the values
// of the dictionary are ranked, and [Spread] returns the ranks of all rows.
func OfColumn(items item.Table, known *compact.Column) *Column {
	return newColumn(&Column{items: items, path: known.Path(), known: known, rows: known.First()})
}

// WhileLoading is like [OfColumn], but for a column that is still being loaded; see [compact.Builder.Loading]. A value
// must be loaded before a [Loader] reads it.
func WhileLoading(items item.Table, loading *compact.Column) *Column {
	c := newColumn(&Column{items: items, path: loading.Path()})
	c.known = loading
	return c
}

func newColumn(c *Column) *Column {
	c.codes = make([]code, c.Len())
	c.sample()
	return c
}

// reader returns a reader of the values.
func (c *Column) reader() cellReader {
	if c.known != nil {
		return c.known.Reader()
	}
	return c.items.Reader(c.path)
}

// cellReader reads the values of rows.
type cellReader interface{ Cell(row int) item.Cell }

// Len returns the number of rows to rank.
func (c *Column) Len() int {
	if c.rows != nil {
		return len(c.rows)
	}
	return c.items.Len()
}

func (c *Column) row(at uint32) int {
	if c.rows != nil {
		return int(c.rows[at])
	}
	return int(at)
}

// sample learns how the column writes values, from a sample of the whole table. The rows to rank have no influence on
// the sample, so all sorts of the table read a value in the same way.
func (c *Column) sample() {
	var learner parse.Learner
	reader := c.reader()
	var texts [][]byte
	for row := range parse.Sample(c.items.Len()) {
		cell := reader.Cell(row)
		if cell.Kind() != item.CellString {
			continue
		}
		var decoded []byte
		text := textOf(cell.Raw(), &decoded)
		learner.Add(text)
		texts = append(texts, text)
	}
	c.style = style{numbers: learner.Numbers(), dates: learner.Dates()}
	texts = slices.DeleteFunc(texts, func(text []byte) bool { return c.style.readText(text).class != classText })
	c.common = commonPrefix(texts)
}

// prefix is a prefix that most text in a column shares.
type prefix struct {
	text []byte
	// size is the size of its sort key.
	size int
}

// maxPrefixLen is the maximum length of a common prefix in bytes.
const maxPrefixLen = 256

// commonPrefix returns the prefix that nine out of ten texts share.
func commonPrefix(texts [][]byte) prefix {
	const few = 20
	if len(texts) == 0 {
		return prefix{}
	}
	slices.SortFunc(texts, bytes.Compare)
	first, last := texts[len(texts)/few], texts[len(texts)-1-len(texts)/few]
	n := 0
	for n < min(len(first), len(last), maxPrefixLen) && first[n] == last[n] && first[n] != 0 {
		n++
	}
	// The prefix must end after a whole character that is not a digit. Otherwise the sort key of the remaining text
	// would depend on the prefix.
	for n > 0 {
		r, size := utf8.DecodeLastRune(first[:n])
		if isWhole := r != utf8.RuneError || size > 1; isWhole && (r < '0' || r > '9') {
			break
		}
		n -= size
	}
	p := prefix{text: bytes.Clone(first[:n])}
	for parse.NaturalKey(p.text, p.size, 1) != 0 {
		p.size++
	}
	return p
}

// textCode returns the code of text.
func (p prefix) textCode(text []byte) code {
	if p.size == 0 || bytes.HasPrefix(text, p.text) {
		return codeTextCommon | code(parse.NaturalKey(text[len(p.text):], 0, textBytes))
	}
	for from := 0; from < p.size; from += 8 {
		count := min(8, p.size-from)
		ours, theirs := parse.NaturalKey(text, from, count), parse.NaturalKey(p.text, from, count)
		switch {
		case ours < theirs:
			return codeText | code(parse.NaturalKey(text, 0, textBytes))
		case ours > theirs:
			return codeTextAfter | code(parse.NaturalKey(text, 0, textBytes))
		}
	}
	return codeTextCommon | code(parse.NaturalKey(text, p.size, textBytes))
}

// nextKey returns the next eight bytes of the sort key of text. It leaves out the bytes that are part of the code c,
// and the skip bytes that follow them.
func (p prefix) nextKey(c code, text []byte, skip int) uint64 {
	text, from := p.keyed(c, text)
	return parse.NaturalKey(text, from+textBytes+skip, 8)
}

// putKey fills dst with bytes of the sort key of text. It leaves out the bytes that are part of the code of text, and
// the skip bytes that follow them.
func (p prefix) putKey(dst []byte, c code, text []byte, skip int) {
	text, from := p.keyed(c, text)
	parse.PutNaturalKey(dst, text, from+textBytes+skip)
}

// keyed returns the part of text that the sort key is made of: text without the common prefix, if it has the prefix. c
// is the code of text, and from is the offset in the sort key at which the bytes in c begin.
func (p prefix) keyed(c code, text []byte) (keyed []byte, from int) {
	switch {
	case c < codeTextCommon || c >= codeTextAfter:
		return text, 0
	case bytes.HasPrefix(text, p.text):
		return text[len(p.text):], 0
	default:
		return text, p.size
	}
}

// codeOf returns the code of a value.
func (c *Column) codeOf(v value) code {
	switch v.class {
	case classNumber:
		return numberCode(v.number)
	case classDate:
		return dateCode(v.date)
	case classText:
		return c.common.textCode(v.text)
	case classBool:
		return codeBool | code(v.number)
	case classList:
		return codeList | code(parse.NaturalKey(v.text, 0, textBytes))
	case classObject:
		return codeObject | code(parse.NaturalKey(v.text, 0, textBytes))
	case classBlank:
		return codeBlank
	case classNull:
		return codeNull
	case classMissing:
	}
	return codeMissing
}

// Loader reads values into a [Column]. It must not be used by several goroutines, but several loaders may read
// different rows in parallel.
type Loader struct {
	column  *Column
	reader  cellReader
	decoded []byte
}

// Loader returns a new Loader.
func (c *Column) Loader() *Loader {
	return &Loader{column: c, reader: c.reader()}
}

// Load reads the values of the rows whose indexes are in [from, to).
func (t *Loader) Load(from, to int) {
	c := t.column
	var numbers []float64
	var times []int64
	if c.known != nil {
		numbers, times = c.known.Floats(), c.known.Times()
	}
	for at := from; at < to; at++ {
		switch { // floats and times are both nil if only some rows are ranked
		case numbers != nil && !math.IsNaN(numbers[at]):
			c.codes[at] = numberCode(numbers[at])
			continue
		case numbers == nil && times != nil && times[at] != compact.NoTime:
			c.codes[at] = microsCode(times[at])
			continue
		}
		cell := t.reader.Cell(c.row(uint32(at)))
		c.codes[at] = c.codeOf(c.style.readInto(cell, &t.decoded))
	}
}
