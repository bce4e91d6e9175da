package order

import (
	"bytes"
	"math"
	"slices"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// Column ranks the values that one path leads to. First all are taken in, by [Taker]s, each a part of the rows and any
// number of them at once. Then [Column.Split] makes piles of them, which can be sorted at once as well, by [Sorter]s. After
// that there are [Column.Ranks].
type Column struct {
	items item.Table
	path  item.Path
	// rows are those that are ranked; nil for all of items.
	rows  []uint32
	style style
	// most is what most texts of the column begin with.
	most prefix

	codes []code   // of the rows in their order
	split []uint32 // the places of the rows among them, pile by pile
	piles []int    // where each begins in split; at the end, where the last ends
	// said is how many values say something: those before the blank ones.
	said  int
	ranks []uint32
}

// entry is a value of a pile that is being sorted: its code, in two halves so that it takes no more than it must, and the
// place of its row among those that are ranked.
type entry struct{ high, low, at uint32 }

const halfCode = 32

func (e *entry) code() code { return code(e.high)<<halfCode | code(e.low) }

func (e *entry) set(c code) {
	e.high, e.low = uint32(c>>halfCode), uint32(c&math.MaxUint32)
}

// NewColumn begins a column of some rows, which ascend; nil for all. It looks at some of the table to see how the column is
// written.
func NewColumn(items item.Table, path item.Path, rows []uint32) *Column {
	c := &Column{items: items, path: path, rows: rows}
	c.codes = make([]code, c.Len())
	c.look()
	return c
}

// Len is how many rows are ranked.
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

// look learns from values that stand all over the table, whichever rows are ranked, so that it is always the same.
func (c *Column) look() {
	var learner parse.Learner
	reader := c.items.Reader(c.path)
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
	c.most = prefixOfMost(texts)
}

// prefix is a beginning that many texts share.
type prefix struct {
	text []byte
	// size is that of its collation.
	size int
}

// longestPrefix bounds it, in bytes, and what it costs to pass over it.
const longestPrefix = 256

// prefixOfMost gives the beginning that nine of ten texts have.
func prefixOfMost(texts [][]byte) prefix {
	const few = 20
	if len(texts) == 0 {
		return prefix{}
	}
	slices.SortFunc(texts, bytes.Compare)
	first, last := texts[len(texts)/few], texts[len(texts)-1-len(texts)/few]
	n := 0
	for n < min(len(first), len(last), longestPrefix) && first[n] == last[n] && first[n] != 0 {
		n++
	}
	// It ends behind a whole character that is no digit, so that what follows can be read by itself.
	for n > 0 {
		r, size := utf8.DecodeLastRune(first[:n])
		if isWhole := r != utf8.RuneError || size > 1; isWhole && (r < '0' || r > '9') {
			break
		}
		n -= size
	}
	p := prefix{text: bytes.Clone(first[:n])}
	for collate(p.text, p.size, 1) != 0 {
		p.size++
	}
	return p
}

// textCode is the code of a text.
func (p prefix) textCode(text []byte) code {
	if p.size == 0 || bytes.HasPrefix(text, p.text) {
		return codeTextAsMost | code(collate(text[len(p.text):], 0, textBytes))
	}
	for from := 0; from < p.size; from += 8 {
		count := min(8, p.size-from)
		ours, theirs := collate(text, from, count), collate(p.text, from, count)
		switch {
		case ours < theirs:
			return codeText | code(collate(text, 0, textBytes))
		case ours > theirs:
			return codeTextBehind | code(collate(text, 0, textBytes))
		}
	}
	return codeTextAsMost | code(collate(text, p.size, textBytes))
}

// further gives eight more bytes of the collation of a text, behind those that its code holds and so many others.
func (p prefix) further(c code, text []byte, behind int) uint64 {
	from := textBytes + behind
	switch {
	case c < codeTextAsMost || c >= codeTextBehind:
	case bytes.HasPrefix(text, p.text):
		text = text[len(p.text):]
	default:
		from += p.size
	}
	return collate(text, from, 8)
}

// codeOf is the code of a value.
func (c *Column) codeOf(v value) code {
	switch v.class {
	case classNumber:
		return numberCode(v.number)
	case classDate:
		return dateCode(v.date)
	case classText:
		return c.most.textCode(v.text)
	case classBool:
		return codeBool | code(v.number)
	case classList:
		return codeList | code(collate(v.text, 0, textBytes))
	case classObject:
		return codeObject | code(collate(v.text, 0, textBytes))
	case classBlank:
		return codeBlank
	case classNull:
		return codeNull
	case classMissing:
	}
	return codeMissing
}

// Taker takes values in. It is for one goroutine; there may be several, on different rows.
type Taker struct {
	column  *Column
	reader  *item.Reader
	decoded []byte
}

// Taker makes a taker.
func (c *Column) Taker() *Taker {
	return &Taker{column: c, reader: c.items.Reader(c.path)}
}

// Take takes in the values of the rows that are ranked from number from up to, but not, number to.
func (t *Taker) Take(from, to int) {
	c := t.column
	for at := from; at < to; at++ {
		cell := t.reader.Cell(c.row(uint32(at)))
		c.codes[at] = c.codeOf(c.style.readInto(cell, &t.decoded))
	}
}
