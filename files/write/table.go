package write

import (
	"bytes"
	"encoding/binary"
	"math"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/work"
)

// table is the data of an export: some rows and columns of a table of items.
type table struct {
	items    item.Table
	rows     []uint32 // indexes of the items to write; nil means all
	columns  []Column
	names    []string
	whole    bool // whether to write the items unchanged
	progress *work.Progress
	changes  *Changes
}

func newTable(items item.Table, o Options) *table {
	t := &table{items: items, rows: o.Rows, columns: o.Columns, whole: o.Columns == nil, progress: o.Progress, changes: o.Changes}
	if t.changes == nil {
		t.changes = new(Changes)
	}
	if t.whole {
		t.columns = AllColumns(items)
	}
	t.names = names(t.columns)
	if t.progress != nil {
		t.progress.Add(t.len())
	}
	return t
}

// len returns the number of rows.
func (t *table) len() int {
	if t.rows == nil {
		return t.items.Len()
	}
	return len(t.rows)
}

// row returns the index of the item that is exported at a position.
func (t *table) row(place int) int {
	if t.rows == nil {
		return place
	}
	return int(t.rows[place])
}

// cells reads the values of all columns of items in a single pass. It is not safe for concurrent use.
type cells struct {
	items item.Table
	// values holds the values of a batch of items, as JSON. A missing value is nil. The values of a column are next to
	// each other.
	values [][]byte
	rows   int
	// keys are the columns that are top-level keys of the items. places maps a key to its index in keys.
	keys   []cellKey
	places map[string]int
	// asked holds all other columns, such as nested values. Each of them has its own reader.
	asked []askedCell
}

// cellKey is a top-level key of the items that the export needs.
type cellKey struct {
	quotedKey

	column int
	others []int // further columns with the values of this key
	// next is the index of the key that followed this key in the previous item.
	next int
}

type askedCell struct {
	column int
	reader *item.Reader
}

// newCells returns cells for batches of at most the given number of rows.
func newCells(t *table, rows int) *cells {
	c := &cells{items: t.items, rows: rows, values: make([][]byte, rows*len(t.columns)), places: map[string]int{}}
	plain := map[item.Path]string{}
	for _, column := range t.items.Columns() {
		if !column.Whole {
			plain[column.Path()] = column.Name.Raw()
		}
	}
	for i, column := range t.columns {
		name, isKey := plain[column.Path]
		if !isKey {
			c.asked = append(c.asked, askedCell{i, t.items.Reader(column.Path)})
			continue
		}
		place, known := c.places[name]
		if !known {
			place = len(c.keys)
			c.places[name] = place
			c.keys = append(c.keys, cellKey{quotedKey: newQuotedKey(name), column: i, next: place + 1})
			continue
		}
		c.keys[place].others = append(c.keys[place].others, i)
	}
	return c
}

// valuesOf returns the values of an item, one per column. c must have been created for batches of one row. The values
// are valid until the next call.
func (c *cells) valuesOf(row int) [][]byte {
	clear(c.values)
	c.read(c.items.Row(row), row, 0)
	return c.values
}

// batch reads the values of the rows of an export with indexes in the range [from, to). The range must not exceed
// c.rows rows.
func (c *cells) batch(t *table, from, to int) {
	clear(c.values)
	for place := from; place < to; place++ {
		row := t.row(place)
		c.read(c.items.Row(row), row, place-from)
	}
}

// column returns the values of a column in the current batch. The parameter rows is the number of rows in the batch.
func (c *cells) column(column, rows int) [][]byte { return c.values[column*c.rows:][:rows] }

// read reads the values of an item, which is in the given row of the table. index is the position of the item in the
// batch.
func (c *cells) read(item []byte, row, index int) {
	if item[0] == '{' && len(c.keys) > 0 {
		c.readObject(item, c.items.HasEscapes(row), index)
	}
	for _, asked := range c.asked {
		c.values[asked.column*c.rows+index] = asked.reader.Cell(row).Raw()
	}
}

// readObject reads the values of the keys that the export needs. If a key is repeated, the last value wins.
func (c *cells) readObject(item []byte, hasEscapes bool, index int) {
	last, guess := -1, 0
	for at := 1; ; {
		var value []byte
		if guess < len(c.keys) && c.keys[guess].isAt(item, at) {
			from := at + len(c.keys[guess].text)
			if hasEscapes {
				at = jsonscan.SkipValue(item, from)
			} else {
				at = jsonscan.SkipPlain(item, from)
			}
			value = item[from:at]
			if at < len(item) && item[at] == ',' {
				at++
			}
		} else if at < len(item) && item[at] == '}' {
			return
		} else {
			var key []byte
			if key, value, at = jsonscan.Member(item, at); at == 0 {
				return
			}
			place, wanted := c.find(key)
			if !wanted {
				continue
			}
			if guess = place; last >= 0 {
				c.keys[last].next = guess
			}
		}
		k := &c.keys[guess]
		c.values[k.column*c.rows+index] = value
		for _, column := range k.others {
			c.values[column*c.rows+index] = value
		}
		last, guess = guess, k.next
	}
}

// find returns the index of a key in c.keys. The parameter sent is the key as JSON without quotes.
func (c *cells) find(sent []byte) (int, bool) {
	if jsonscan.HasEscape(sent) {
		sent = jsonscan.AppendDecoded(nil, sent)
	}
	place, wanted := c.places[string(sent)]
	return place, wanted
}

// quotedKey is a key as JSON, followed by a colon.
type quotedKey struct {
	text string
	// first holds the first eight bytes of text. If text is shorter, mask selects its bytes. If text is longer, last
	// holds its last eight bytes.
	first, mask, last uint64
}

// newQuotedKey returns a key as JSON. If the key needs escapes in JSON, it returns a text that never occurs in items.
func newQuotedKey(name string) quotedKey {
	if jsonscan.HasEscape([]byte(name)) { // in items, a backslash in a key is always escaped
		name = "\x00"
	}
	k := quotedKey{text: `"` + name + `":`}
	var padded [wordSize]byte
	n := copy(padded[:], k.text)
	k.first, k.mask = binary.LittleEndian.Uint64(padded[:]), math.MaxUint64>>(8*(wordSize-n))
	if len(k.text) > wordSize {
		k.last = binary.LittleEndian.Uint64([]byte(k.text[len(k.text)-wordSize:]))
	}
	return k
}

// wordSize is the number of bytes that are compared in one step.
const wordSize = 8

// isAt reports whether the key is at an offset in an item, directly followed by a value.
func (k *quotedKey) isAt(item []byte, at int) bool {
	n := len(k.text)
	if len(item)-at < n+wordSize {
		return bytes.HasPrefix(item[min(at, len(item)):], []byte(k.text)) && at+n < len(item) && item[at+n] > ' '
	}
	switch {
	case (binary.LittleEndian.Uint64(item[at:])^k.first)&k.mask != 0 || item[at+n] <= ' ':
		return false
	case n <= wordSize:
		return true
	case n <= 2*wordSize:
		return binary.LittleEndian.Uint64(item[at+n-wordSize:]) == k.last
	}
	return string(item[at:at+n]) == k.text
}
