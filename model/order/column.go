package order

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/model/vector"
)

// Column ranks the values at one path in three steps: [Loader]s read the values, a [Split] distributes them to buckets,
// and [Sorter]s sort the buckets. [Column.Sorted] and [Column.Ranks] return the result. Loaders may run in parallel,
// and so may sorters.
type Column struct {
	items item.Table
	path  item.Path
	// known is the compact column with the values. It is nil if the values are read from items.
	known *compact.Column
	// isLoading is set if the compact column is still being loaded. If so, each row was read a moment ago and is in the
	// processor cache.
	isLoading bool
	// rows lists the rows to rank. It is nil if all rows are ranked.
	rows  []uint32
	style style
	// common is a prefix that most text in the column shares.
	common prefix

	codes []code // one for each row
	// hasImprecise is set if different numbers may have the same code, because float64 cannot tell them apart. Numbers
	// beyond 2^53 do not set it.
	hasImprecise atomic.Bool
	keys         keyStore // the rest of the sort keys of text
	split        []uint32 // indexes of the rows, sorted by bucket; the rows of sorted buckets are in order
	buckets      []int    // offset of each bucket in split, and the end of the last one; nil after Within
	tasks        []int    // start of each task, and the end of the last one: a bucket or, after Within, an offset in split
	group        group    // the group whose rows are in the buckets; empty if all rows are
	groups       []group  // groups to split later
	earlier      Ranks    // ranks of the earlier sort key, after Within
	// Fields for sorting by a second or later sort key. A run is a series of rows with equal values of the earlier
	// keys. descending reverses the order within each run, longest is the length of the longest run, and inRun holds
	// the rank of each row within its run. isLast is set for the last sort key; inRun and ranks are then the same
	// slice.
	descending bool
	longest    int
	inRun      []uint32
	isLast     bool
	// loaders holds all loaders. It is nil after a call of [Column.Split] or [Column.Within].
	loaders []*Loader
	mutex   sync.Mutex // guards loaders and groups
	// nonEmpty is the number of values that are not blank, null or missing.
	nonEmpty int
	ranks    []uint32
}

// entry is a value in a bucket that is being sorted. It has the code of the value and the index of its row. The code is
// in two halves, so that the struct needs no padding.
type entry struct{ high, low, at uint32 }

const halfCode = 32

func (e *entry) code() code { return code(e.high)<<halfCode | code(e.low) }

func (e *entry) set(c code) {
	e.high, e.low = uint32(c>>halfCode), uint32(c&math.MaxUint32)
}

// NewColumn returns a Column for some rows; nil means all rows. It learns the number and date formats of the column
// from a sample of the table.
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
	c.known, c.isLoading = loading, true
	return c
}

func newColumn(c *Column) *Column {
	c.codes = make([]code, c.Len())
	c.sample()
	c.keys.room = keyRoom(c.items.Memory(), c.Len())
	return c
}

func (c *Column) reader() cellReader {
	if c.known != nil {
		return c.known.Reader()
	}
	return c.items.Reader(c.path)
}

type cellReader interface {
	Cell(row int) item.Cell
	// Ahead loads the rows in [from, to) into the processor cache, because the caller reads them next.
	Ahead(from, to int)
	// Sample yields those of the rows whose values can be computed in a short time.
	Sample(rows iter.Seq[int]) iter.Seq[int]
}

// rowsAhead is the number of rows that are loaded into the processor cache at once.
const rowsAhead = 32

// Len returns the number of rows that the column ranks.
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

// sample learns the formats and the common prefix of the column from a sample of the whole table, even if only some
// rows are ranked. So a value is read in the same way each time the table is sorted.
func (c *Column) sample() {
	var learner parse.Learner
	reader := c.reader()
	var texts [][]byte
	for row := range reader.Sample(parse.Sample(c.items.Len())) {
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
	// size is the length of key, the sort key of the prefix.
	size int
	key  []byte
}

// maxPrefixLen is the maximum length of a common prefix in bytes.
const maxPrefixLen = 256

// commonPrefix returns a prefix that at least nine out of ten texts have.
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
	p.key = parse.AppendNaturalKey(nil, p.text, maxPrefixLen).Folded
	p.size = len(p.key)
	return p
}

// textCode returns the code of text, which contains the first bytes of its sort key. The second result has the bytes
// after them: at least room bytes, unless the sort key ends earlier. The sort key is appended to dst.
func (p *prefix) textCode(dst, text []byte, room int) (code, parse.Key) {
	if p.size == 0 || bytes.HasPrefix(text, p.text) {
		return cutKey(codeTextCommon, parse.AppendNaturalKey(dst, text[len(p.text):], textBytes+room))
	}
	key := parse.AppendNaturalKey(dst, text, p.size+textBytes+room)
	switch bytes.Compare(key.Folded[:min(len(key.Folded), p.size)], p.key) {
	case -1:
		return cutKey(codeText, key)
	case 1:
		return cutKey(codeTextAfter, key)
	default:
		key.Folded, key.IsExact = key.Folded[p.size:], false // Upper includes the capitals of the prefix, so its offsets differ
		return cutKey(codeTextCommon, key)
	}
}

// cutKey returns a code with the first bytes of a sort key, and the rest of the key. The parameter class is the lowest
// code for this kind of value, such as codeText.
func cutKey(class code, key parse.Key) (code, parse.Key) {
	n := min(len(key.Folded), textBytes)
	first := code(binary.BigEndian.Uint64(slices.Grow(key.Folded, 8)[:8]) >> (64 - codeShare))
	first &= ^code(0) << (8 * (textBytes - n)) // the bytes after the end of the key may have any value
	key.Folded = key.Folded[n:]
	return class | first, key
}

// nextKey returns eight more bytes of the sort key of text, as a big-endian number. The code c holds the first bytes of
// the sort key; nextKey leaves out these, and as many bytes after them as the parameter skip says.
func (p *prefix) nextKey(c code, text []byte, skip int) uint64 {
	text, from := p.keyed(c, text)
	return parse.NaturalKey(text, from+textBytes+skip, 8)
}

// putKey fills dst with the next bytes of the sort key of text. The code c holds the first bytes of the sort key; putKey
// leaves out these, and as many bytes after them as the parameter skip says.
func (p *prefix) putKey(dst []byte, c code, text []byte, skip int) {
	text, from := p.keyed(c, text)
	parse.PutNaturalKey(dst, text, from+textBytes+skip)
}

// keyed returns the part of text whose sort key is compared: text without the common prefix, if it starts with that
// prefix. The code c of text has a few bytes of this sort key. The result from is the offset of these bytes in the sort
// key.
func (p *prefix) keyed(c code, text []byte) (keyed []byte, from int) {
	switch {
	case c < codeTextCommon || c >= codeTextAfter:
		return text, 0
	case bytes.HasPrefix(text, p.text):
		return text[len(p.text):], 0
	default:
		return text, p.size
	}
}

// codeOf returns the code of a value, a number that sorts like the value. The code of text, a list or an object
// contains only the first bytes of the sort key; codeOf also returns the bytes after them.
func (t *Loader) codeOf(v value) (code, parse.Key) {
	room := t.column.keys.room
	switch v.class {
	case classNumber:
		if v.isImprecise {
			t.column.hasImprecise.Store(true)
		}
		return numberCode(v.number), parse.Key{}
	case classDate:
		return dateCode(v.date), parse.Key{}
	case classText:
		return t.column.common.textCode(t.key[:0], v.text, room)
	case classBool:
		return codeBool | code(v.number), parse.Key{}
	case classList:
		return cutKey(codeList, parse.AppendNaturalKey(t.key[:0], v.text, textBytes+room))
	case classObject:
		return cutKey(codeObject, parse.AppendNaturalKey(t.key[:0], v.text, textBytes+room))
	case classBlank:
		return codeBlank, parse.Key{}
	case classNull:
		return codeNull, parse.Key{}
	case classMissing:
	}
	return codeMissing, parse.Key{}
}

// Loader reads values into a [Column]. It is not safe for concurrent use, but several loaders may read
// different rows in parallel.
type Loader struct {
	column  *Column
	reader  cellReader
	decoded []byte
	words   parse.Words
	key     []byte     // memory for a sort key
	blocks  []keyBlock // their number is a power of two
	// anyBit is the bitwise OR of the codes of all values, and eachBit their bitwise AND.
	anyBit, eachBit code
}

// Cost returns a function that returns the cost of loading the rows whose indexes are in [from, to); see
// [item.Table.Cost].
func (c *Column) Cost() func(from, to int) int { return item.CostOf(c.rows, c.items.CostAt(c.path)) }

// Loader returns a new Loader.
func (c *Column) Loader() *Loader {
	const keyLen = 128 // enough for most texts
	t := &Loader{column: c, reader: c.reader(), key: make([]byte, 0, keyLen), blocks: make([]keyBlock, keyGroups(c.Len())), eachBit: ^code(0)}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.loaders = append(c.loaders, t)
	return t
}

// Load reads the values of the rows whose indexes are in [from, to).
func (t *Loader) Load(from, to int) {
	c := t.column
	var numbers []float64
	var times []int64
	if c.known != nil {
		numbers, times = c.known.Floats(), c.known.Times()
	}
	isAhead := c.rows == nil && !c.isLoading && numbers == nil && times == nil
	defer t.addBits(from, to)
	for at := from; at < to; at++ {
		if isAhead && (at-from)%rowsAhead == 0 {
			t.reader.Ahead(at, min(at+rowsAhead, to))
		}
		switch { // both are nil if only some rows are ranked
		case numbers != nil && numbers[at] <= math.MaxFloat64: // neither NaN nor imprecise
			c.codes[at] = numberCode(numbers[at])
			continue
		case numbers == nil && times != nil && times[at] != vector.NoTime:
			c.codes[at] = microsCode(times[at])
			continue
		}
		cell := t.reader.Cell(c.row(uint32(at)))
		var key parse.Key
		c.codes[at], key = t.read(cell)
		if c.codes[at].isText() {
			t.store(uint32(at), key)
		}
	}
}

// read returns the code of the value in a cell, a number that sorts like the value. The code of text, a list or an
// object contains only the first bytes of the sort key; read also returns the bytes after them.
func (t *Loader) read(cell item.Cell) (code, parse.Key) {
	c := t.column
	if cell.Kind() != item.CellString {
		return t.codeOf(valueOf(cell))
	}
	text := textOf(cell.Raw(), &t.decoded)
	if t.words.IsText(text) {
		return c.common.textCode(t.key[:0], text, c.keys.room)
	}
	return t.codeOf(c.style.readText(text))
}

// addBits updates anyBit and eachBit with the codes in [from, to), except for those of blank, null and missing values.
func (t *Loader) addBits(from, to int) {
	for _, code := range t.column.codes[from:to] {
		if code.hasValue() {
			t.anyBit |= code
			t.eachBit &= code
		}
	}
}
