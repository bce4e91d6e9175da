package write

import (
	"context"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/work"
)

// table is what is to be written: some rows of some items, and some columns.
type table struct {
	items    item.Table
	rows     []uint32 // nil: all
	columns  []Column
	names    []string
	whole    bool // items are written whole
	progress *work.Progress
}

func newTable(items item.Table, o Options) *table {
	t := &table{items: items, rows: o.Rows, columns: o.Columns, whole: o.Columns == nil, progress: o.Progress}
	if t.whole {
		t.columns = AllColumns(items)
	}
	t.names = names(t.columns)
	if t.progress != nil {
		t.progress.Add(t.len())
	}
	return t
}

// len is the number of rows.
func (t *table) len() int {
	if t.rows == nil {
		return t.items.Len()
	}
	return len(t.rows)
}

// row is the number of the item at a place in the order.
func (t *table) row(place int) int {
	if t.rows == nil {
		return place
	}
	return int(t.rows[place])
}

// stepRows is how many rows are written before it is asked whether to go on.
const stepRows = 512

// each does something with each row, in order, until that fails or ctx ends.
func (t *table) each(ctx context.Context, do func(row int) error) error {
	for from := 0; from < t.len(); from += stepRows {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		to := min(from+stepRows, t.len())
		for place := from; place < to; place++ {
			if err := do(t.row(place)); err != nil {
				return err
			}
		}
		if t.progress != nil {
			t.progress.Done(to - from)
		}
	}
	return nil
}

// cells cuts the values of all columns out of one item after the other, in one pass over each. It is for one goroutine.
type cells struct {
	items  item.Table
	values [][]byte // of the item, by column: JSON; nil where it has none
	// keys are the columns that are keys of the items, found by place.
	keys   []cellKey
	places map[string]int
	// asked are the others: nested values, and items that are no objects.
	asked []askedCell
}

// cellKey is a key of the items that some columns hold.
type cellKey struct {
	// sent is how it stands in an item where it has no escapes; a NUL, which no item has, where it cannot stand there so.
	sent    string
	columns []int
	// next is the key that came after this one the last time.
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
			if jsonscan.HasEscape([]byte(name)) { // as it stands it is another key
				c.keys[place].sent = "\x00"
			}
		}
		c.keys[place].columns = append(c.keys[place].columns, i)
	}
	return c
}

// of gives the values of an item, good until the next call.
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

// readObject notes the values of the keys that are wanted. Of a key that is there twice the last one counts.
func (c *cells) readObject(item []byte) {
	last, guess := -1, 0
	for sent, value := range jsonscan.Members(item) {
		if guess >= len(c.keys) || string(sent) != c.keys[guess].sent {
			place, wanted := c.find(sent)
			if !wanted {
				continue
			}
			guess = place
			if last >= 0 {
				c.keys[last].next = guess
			}
		}
		for _, column := range c.keys[guess].columns {
			c.values[column] = value
		}
		last, guess = guess, c.keys[guess].next
	}
}

// find gives the place of a key, which stands as it was sent.
func (c *cells) find(sent []byte) (int, bool) {
	if jsonscan.HasEscape(sent) {
		sent = jsonscan.AppendDecoded(nil, sent)
	}
	place, wanted := c.places[string(sent)]
	return place, wanted
}
