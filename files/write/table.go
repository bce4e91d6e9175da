package write

import (
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

// stepRows is the number of rows between checks for cancellation.
const stepRows = 512

// cells reads the values of all columns of an item at once. It is not safe for concurrent use.
type cells struct {
	items  item.Table
	values [][]byte // JSON of the values of the current item, one per column; nil if missing
	// keys are the columns that are top-level keys of the items. places maps a key to its index in keys.
	keys   []cellKey
	places map[string]int
	// asked are all other columns, such as nested values. Each has a reader of its own.
	asked []askedCell
}

// cellKey is a top-level key of the items that the export needs.
type cellKey struct {
	// sent is the key as JSON without quotes. If the key needs escapes in JSON, sent is a NUL, which never matches.
	sent    string
	quoted  string // sent in quotes, followed by a colon
	columns []int
	// next is the index of the key that followed this key in the previous item.
	next int
}

type askedCell struct {
	column int
	reader *item.Reader
}

func newCells(t *table) *cells {
	c := &cells{items: t.items, values: make([][]byte, len(t.columns)), places: map[string]int{}}
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
			c.keys = append(c.keys, cellKey{sent: name, next: place + 1})
			if jsonscan.HasEscape([]byte(name)) { // in items, a backslash in a key is always escaped
				c.keys[place].sent = "\x00"
			}
			c.keys[place].quoted = `"` + c.keys[place].sent + `":`
		}
		c.keys[place].columns = append(c.keys[place].columns, i)
	}
	return c
}

// of returns the values of an item. They are valid until the next call.
func (c *cells) of(row int) [][]byte {
	clear(c.values)
	if item := c.items.Row(row); item[0] == '{' && len(c.keys) > 0 {
		c.readObject(item)
	}
	for _, asked := range c.asked {
		c.values[asked.column] = asked.reader.Cell(row).Raw()
	}
	return c.values
}

// readObject reads the values of the keys that the export needs. If a key is repeated, the last value wins.
func (c *cells) readObject(item []byte) {
	last, guess := -1, 0
	for at := 1; ; {
		var value []byte
		if sent, expected := item[at:], c.expected(guess); expected != "" && len(sent) > len(expected) && string(sent[:len(expected)]) == expected && sent[len(expected)] > ' ' {
			from := at + len(expected)
			at = jsonscan.SkipValue(item, from)
			value = item[from:at]
			if at < len(item) && item[at] == ',' {
				at++
			}
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
		for _, column := range c.keys[guess].columns {
			c.values[column] = value
		}
		last, guess = guess, c.keys[guess].next
	}
}

// expected returns the text of the key that probably comes next, or "" if there is none.
func (c *cells) expected(guess int) string {
	if guess >= len(c.keys) {
		return ""
	}
	return c.keys[guess].quoted
}

// find returns the index of a key. The key is JSON without quotes.
func (c *cells) find(sent []byte) (int, bool) {
	if jsonscan.HasEscape(sent) {
		sent = jsonscan.AppendDecoded(nil, sent)
	}
	place, wanted := c.places[string(sent)]
	return place, wanted
}
