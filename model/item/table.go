package item

import (
	"slices"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// Items is the table of what a run extracted, as it was at one moment: a value that does not change, cheap to copy
// and safe to read from anywhere while an [ItemsBuilder] goes on appending to the table behind it.
//
// The rows stay the JSON text that the service sent. A cell is cut out of its row when it is asked for.
type Table struct{ table *tableData }

// itemTable is what one moment of the table consists of. Builders only ever append behind what it can see.
type tableData struct {
	rows    int
	blocks  []*rowBlock
	chunks  [][]byte
	columns []Column
	// pageFrom has, for each page, how many items came before it.
	pageFrom []int
	capped   bool
	// innerKeys are those of objects within the items.
	innerKeys *jsonscan.InnerKeys
	skipped   int // items that were read and not kept
}

// Len is the number of items.
func (t Table) Len() int {
	if t.table == nil {
		return 0
	}
	return t.table.rows
}

// Skipped is the number of items that were read and not kept, as the table was full or only counts.
func (t Table) Skipped() int {
	if t.table == nil {
		return 0
	}
	return t.table.skipped
}

// Total is the number of items that were read, whether they were kept or not.
func (t Table) Total() int { return t.Len() + t.Skipped() }

// Row is item i as the service sent it: one JSON value, byte for byte. It must not be altered.
func (t Table) Row(i int) []byte {
	place := t.place(i)
	return t.table.chunks[place.chunk()][place.from:place.to:place.to]
}

// HasEscapes tells whether item i has a backslash in it, so that some of its text may read otherwise than it is written.
func (t Table) HasEscapes(i int) bool { return t.place(i).has(rowEscaped) }

func (t Table) place(i int) *rowPlace { return &t.table.blocks[i/blockRows][i%blockRows] }

// Item is item i whole.
func (t Table) Item(i int) Cell { return Cell{t.Row(i)} }

// Pages is the number of pages, those without items too; 0 where the source has no pages.
func (t Table) Pages() int {
	if t.table == nil {
		return 0
	}
	return len(t.table.pageFrom)
}

// Page is the number of the page, from 1, that item i came from; 0 where the source has no pages.
func (t Table) Page(i int) int {
	// The first page that begins behind the item is the one after the item's.
	page, _ := slices.BinarySearch(t.table.pageFrom, i+1)
	return page
}

// PageRows are the items of a page, its number from 1: those from number from up to, but not, number to.
func (t Table) PageRows(page int) (from, to int) {
	from, to = t.table.pageFrom[page-1], t.table.rows
	if page < len(t.table.pageFrom) {
		to = t.table.pageFrom[page]
	}
	return from, to
}

// Columns are the keys of all items, in order of first appearance. The slice must not be altered.
func (t Table) Columns() []Column {
	if t.table == nil {
		return nil
	}
	return t.table.columns
}

// ColumnsCapped tells whether there were more keys than [MaxColumns]. The items have them all the same.
func (t Table) ColumnsCapped() bool { return t.table != nil && t.table.capped }

// Cell cuts the value of a column out of item i. Where an item has a key twice the last one counts.
func (t Table) Cell(i, column int) Cell {
	row := t.Row(i)
	isObject := row[0] == '{'
	switch c := t.table.columns[column]; {
	case c.Whole && !isObject:
		return Cell{row}
	case c.Whole || !isObject:
		return Cell{}
	default:
		return Cell{jsonscan.Find(row, c.Name.Raw())}
	}
}

// Column is one key of the items.
type Column struct {
	// Name is the key, decoded.
	Name text.Text
	// Whole marks the one column, named "(value)", of items that are not objects: it holds them whole. An object has
	// nothing in it, not even one with a key of that name.
	Whole bool
}
