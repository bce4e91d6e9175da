package item

import (
	"iter"
	"slices"
	"sync"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// Table is an immutable snapshot of a run's items. It is cheap to copy and safe for concurrent use, also while a
// [Builder] appends to the same memory.
//
// Rows are kept as the JSON that the service sent. Cells are cut out of them on demand.
type Table struct{ table *tableData }

// tableData is the content of a snapshot. A builder only appends rows that existing snapshots cannot see.
type tableData struct {
	rows    int
	blocks  []*rowBlock
	chunks  [][]byte
	columns []Column
	// pageFrom holds the number of the first row of each page.
	pageFrom []int
	capped   bool
	// innerKeys are the keys of objects nested in the items.
	innerKeys *jsonscan.InnerKeys
	skipped   int // items that were read and not kept
	// collected are the columns whose values were collected while the rows were added.
	collected []collected
	// computed are the computed columns. added is the number of computed columns that do not replace a column of the
	// items.
	computed []*computed
	added    int
	// evaluations holds evaluations that are reused to read single values of computed columns.
	evaluations *sync.Pool
}

// Len returns the number of items.
func (t Table) Len() int {
	if t.table == nil {
		return 0
	}
	return t.table.rows
}

// Skipped returns the number of items that were read but not kept, because the table was full or the builder only
// counts.
func (t Table) Skipped() int {
	if t.table == nil {
		return 0
	}
	return t.table.skipped
}

// Total returns the number of items that were read, kept or not.
func (t Table) Total() int { return t.Len() + t.Skipped() }

// Memory returns the approximate size of the table in bytes.
func (t Table) Memory() int64 {
	if t.table == nil {
		return 0
	}
	size := int64(len(t.table.blocks)) * blockRows * rowMemory
	for _, chunk := range t.table.chunks {
		size += int64(len(chunk))
	}
	for i := range t.table.collected {
		size += int64(t.table.collected[i].values.Size())
	}
	return size + int64(len(t.table.columns))*columnMemory
}

// Row returns the JSON of item i exactly as received, followed by the values of computed columns. Items of a file may
// contain NaN and Infinity; see [Table.HasNonFinite]. Do not modify the result.
func (t Table) Row(i int) []byte {
	if len(t.table.computed) == 0 {
		return t.source(i)
	}
	e := t.evaluation()
	defer t.table.evaluations.Put(e)
	return t.RowIn(e, i)
}

// source returns the JSON of item i as it was received.
func (t Table) source(i int) []byte {
	place := t.place(i)
	return t.table.chunks[place.chunk()][place.from:place.to:place.to]
}

// HasEscapes reports whether item i may contain a backslash. If it does not, its strings need no decoding.
func (t Table) HasEscapes(i int) bool { return t.place(i).has(rowEscaped) || len(t.table.computed) > 0 }

// HasNonFinite reports whether item i may contain NaN, Infinity or -Infinity, which are not valid JSON. Only items that
// were read from files can contain them.
func (t Table) HasNonFinite(i int) bool { return t.place(i).has(rowNonFinite) }

func (t Table) place(i int) *rowPlace { return &t.table.blocks[i/blockRows][i%blockRows] }

// Item returns item i as a cell.
func (t Table) Item(i int) Cell { return Cell{t.Row(i)} }

// Pages returns the number of pages, including empty ones; 0 if the source has no pages.
func (t Table) Pages() int {
	if t.table == nil {
		return 0
	}
	return len(t.table.pageFrom)
}

// Page returns the number of the page that item i is on, starting at 1; 0 if the source has no pages.
func (t Table) Page(i int) int {
	// A page after the page of item i starts at item i+1 or later.
	page, _ := slices.BinarySearch(t.table.pageFrom, i+1)
	return page
}

// PageRows returns the first row of a page, and the row after the last row of the page. Page numbers start at 1.
func (t Table) PageRows(page int) (from, to int) {
	from, to = t.table.pageFrom[page-1], t.table.rows
	if page < len(t.table.pageFrom) {
		to = t.table.pageFrom[page]
	}
	return from, to
}

// Columns returns the keys of all items in order of first appearance. Do not modify the slice.
func (t Table) Columns() []Column {
	if t.table == nil {
		return nil
	}
	return t.table.columns
}

// HasKey reports whether a column has the given name, as received.
func (t Table) HasKey(name string) bool {
	return slices.ContainsFunc(t.Columns(), func(c Column) bool { return !c.Whole && c.Name.Raw() == name })
}

// ColumnNames returns the names of [Table.Columns] as received.
func (t Table) ColumnNames() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, column := range t.Columns() {
			if !yield(column.Name.Raw()) {
				return
			}
		}
	}
}

// ColumnsCapped reports whether the items have more keys than [MaxColumns]. The rows still contain them.
func (t Table) ColumnsCapped() bool { return t.table != nil && t.table.capped }

// Cell returns the value of a column in item i. The last of duplicate keys wins.
func (t Table) Cell(i, column int) Cell {
	row := t.source(i)
	isObject := row[0] == '{'
	switch c := t.table.columns[column]; {
	case t.IsComputed(c.Path()):
		return t.At(i, c.Path())
	case c.Whole && !isObject:
		return Cell{row}
	case c.Whole || !isObject:
		return Cell{}
	default:
		return Cell{jsonscan.Find(row, c.Name.Raw())}
	}
}

// Column is a key of the items.
type Column struct {
	// Name is the decoded key.
	Name text.Text
	// Whole marks the column named "(value)", which holds items that are not objects. An object has no value in this
	// column, even if it has a key named "(value)".
	Whole bool
}
