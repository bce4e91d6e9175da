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

// row returns the index of the item at a position of the export.
func (t *table) row(position int) int {
	if t.rows == nil {
		return position
	}
	return int(t.rows[position])
}

// cost returns a function that returns the cost of reading the items at the positions in [from, to); see
// [item.Table.Cost].
func (t *table) cost() func(from, to int) int { return item.CostOf(t.rows, t.items.Cost()) }

// cells reads the values of all columns of items in a single pass. It is not safe for concurrent use.
type cells struct {
	items item.Table
	// values holds the values of a batch of items, as JSON. A missing value is nil. The values of a column are next to
	// each other.
	values [][]byte
	rows   int
	// keys are the columns that are top-level keys of the items. keyIndex maps a key to its index in keys.
	keys     []cellKey
	keyIndex map[string]int
	// readers read the columns that are not top-level keys, such as nested values.
	readers []columnReader
}

// cellKey is a top-level key that the export needs.
type cellKey struct {
	quotedKey

	column      int
	moreColumns []int // further columns with the values of this key
	// nextKey is the index of the key that followed this key in the previous item.
	nextKey int
}

type columnReader struct {
	column int
	reader *item.Reader
}

// newCells returns cells for batches of at most the given number of rows.
func newCells(t *table, rows int) *cells {
	c := &cells{items: t.items, rows: rows, values: make([][]byte, rows*len(t.columns)), keyIndex: map[string]int{}}
	plain := map[item.Path]string{}
	for _, column := range t.items.Columns() {
		if !column.Whole {
			plain[column.Path()] = column.Name.Raw()
		}
	}
	for i, column := range t.columns {
		name, isKey := plain[column.Path]
		if !isKey {
			c.readers = append(c.readers, columnReader{i, t.items.Reader(column.Path)})
			continue
		}
		index, known := c.keyIndex[name]
		if !known {
			index = len(c.keys)
			c.keyIndex[name] = index
			c.keys = append(c.keys, cellKey{quotedKey: newQuotedKey(name), column: i, nextKey: index + 1})
			continue
		}
		c.keys[index].moreColumns = append(c.keys[index].moreColumns, i)
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
	for position := from; position < to; position++ {
		row := t.row(position)
		c.read(c.items.Row(row), row, position-from)
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
	for _, r := range c.readers {
		c.values[r.column*c.rows+index] = r.reader.Cell(row).Raw()
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
			keyIndex, wanted := c.find(key)
			if !wanted {
				continue
			}
			if guess = keyIndex; last >= 0 {
				c.keys[last].nextKey = guess
			}
		}
		k := &c.keys[guess]
		c.values[k.column*c.rows+index] = value
		for _, column := range k.moreColumns {
			c.values[column*c.rows+index] = value
		}
		last, guess = guess, k.nextKey
	}
}

// find returns the index of a key in c.keys. encoded is the key as JSON, without quotes.
func (c *cells) find(encoded []byte) (int, bool) {
	if jsonscan.HasEscape(encoded) {
		encoded = jsonscan.AppendDecoded(nil, encoded)
	}
	keyIndex, wanted := c.keyIndex[string(encoded)]
	return keyIndex, wanted
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
func (k *quotedKey) isAt(item []byte, offset int) bool {
	n := len(k.text)
	if len(item)-offset < n+wordSize {
		return bytes.HasPrefix(item[min(offset, len(item)):], []byte(k.text)) && offset+n < len(item) && item[offset+n] > ' '
	}
	switch {
	case (binary.LittleEndian.Uint64(item[offset:])^k.first)&k.mask != 0 || item[offset+n] <= ' ':
		return false
	case n <= wordSize:
		return true
	case n <= 2*wordSize:
		return binary.LittleEndian.Uint64(item[offset+n-wordSize:]) == k.last
	}
	return string(item[offset:offset+n]) == k.text
}
