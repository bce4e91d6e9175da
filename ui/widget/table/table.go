package table

import (
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/order"
	"sbwatch/model/text"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
)

// Table is a table of items. The zero value is empty.
type Table struct {
	items   item.Table
	columns columns
	fits    Fits
	// formats has the widths and alignments of columns with a number format.
	formats map[item.Path]FormatFit

	order  []uint32 // items of the rows, in order; nil for all items in original order
	sorted []order.Key
	key    optional.Value[item.Path]
	marker Marker

	// Marked reports whether the user has marked an item. It may be nil. Rows with marked items have a sign at the
	// left.
	Marked func(item int) bool

	values values

	row, column int // row and column of the cursor
	top, left   int // first visible row, and first visible column without frozen columns
}

const headerHeight = 1

// SetItems replaces the items and adds the widths and alignments of their columns. The order of the rows does not
// change. The cursor keeps its position if that still exists.
func (t *Table) SetItems(items item.Table, fits Fits) {
	t.items = items
	t.fits.Add(fits)
	t.columns.learn(items)
	t.SetOrder(t.order)
}

// AddFits sets the widths and alignments of columns. Columns that are not in fits keep theirs.
func (t *Table) AddFits(fits Fits) { t.fits.Add(fits) }

// SetOrder sets the items to show and their order. If rows is nil, all items are shown in their original order. The
// cursor keeps its row number, and so may be on another item.
func (t *Table) SetOrder(rows []uint32) { t.SetOrderAt(rows, t.row) }

// SetOrderAt is like SetOrder, but moves the cursor to row.
func (t *Table) SetOrderAt(rows []uint32, row int) {
	t.order, t.row = rows, row
	t.clamp()
}

// ScrollTo makes row the first visible row. Call [Table.Follow] afterwards, because the cursor may not be visible.
func (t *Table) ScrollTo(row int) { t.top = max(0, row) }

// SetMarker sets the function that finds text to highlight. nil highlights nothing.
func (t *Table) SetMarker(marker Marker) { t.marker = marker }

// Marker returns the function that finds text to highlight. The function may be nil.
func (t *Table) Marker() Marker { return t.marker }

// SetSorted sets the sort keys. The headers of their columns show the directions.
func (t *Table) SetSorted(keys []order.Key) { t.sorted = keys }

// Sorted returns the sort keys.
func (t *Table) Sorted() []order.Key { return t.sorted }

// SetKey sets the column that is the unique key. Its header shows a mark.
func (t *Table) SetKey(path optional.Value[item.Path]) { t.key = path }

// Key returns the unique-key column.
func (t *Table) Key() optional.Value[item.Path] { return t.key }

// clamp moves the cursor to the nearest row and column that exist.
func (t *Table) clamp() {
	t.row = min(max(0, t.row), max(0, t.Len()-1))
	t.column = min(max(0, t.column), max(0, t.columns.len()-1))
}

// Rows is a snapshot of the rows of a table. A tea.Cmd can use it in another goroutine.
type Rows struct {
	Items item.Table
	Order []uint32 // indexes of the shown items; nil for all items
}

// Len returns the number of rows.
func (r Rows) Len() int {
	if r.Order != nil {
		return len(r.Order)
	}
	return r.Items.Len()
}

// Item returns the index of the item that a row shows.
func (r Rows) Item(row int) int {
	if r.Order != nil {
		return int(r.Order[row])
	}
	return row
}

// Rows returns the current rows.
func (t *Table) Rows() Rows { return Rows{t.items, t.order} }

// Items returns all items.
func (t *Table) Items() item.Table { return t.items }

// Len returns the number of rows.
func (t *Table) Len() int { return t.Rows().Len() }

// Item returns the index of the item that a row shows.
func (t *Table) Item(row int) int { return t.Rows().Item(row) }

// Row returns the row of the cursor.
func (t *Table) Row() int { return t.row }

// Column returns the position of the cursor's column among the visible columns.
func (t *Table) Column() int { return t.column }

// Top returns the row to which the table was last scrolled. It is the first visible row.
func (t *Table) Top() int { return t.top }

// SelectRow moves the cursor to a row. Call [Table.Follow] to scroll to it.
func (t *Table) SelectRow(row int) {
	t.row = row
	t.clamp()
}

// SelectColumn moves the cursor to a column. Call [Table.Follow] to scroll to it.
func (t *Table) SelectColumn(column int) {
	t.column = column
	t.clamp()
}

// SelectPath moves the cursor to the column with this path. It returns false if the column is not visible.
func (t *Table) SelectPath(path item.Path) bool {
	place := t.columns.position(path)
	if place < 0 {
		return false
	}
	t.SelectColumn(place)
	return true
}

// Move moves the cursor, and scrolls so that the cursor is visible on w by h cells.
func (t *Table) Move(p draw.Painter, m cursor.Move, w, h int) {
	if m.IsAcross() {
		t.column = m.Across(t.column, t.columns.len())
	} else {
		previous := t.row
		page := h - headerHeight
		if m.IsPage() {
			page = grid{t, p, w}.page(h)
		}
		t.row = m.Apply(t.row, t.Len(), page)
		if m.IsPage() {
			t.top = max(0, t.top+t.row-previous) // scrolls by a page: the cursor keeps its line on the screen
		}
	}
	t.Follow(p, w, h)
}

// Follow scrolls so that the cursor is visible on w by h cells.
func (t *Table) Follow(p draw.Painter, w, h int) { t.top, t.left = t.scrolled(p, w, h) }

// scrolled returns the first row and the first column to show so that the cell at the cursor is fully visible. It
// scrolls as little as possible.
func (t *Table) scrolled(p draw.Painter, w, h int) (top, left int) {
	g := grid{t, p, w}
	left = g.firstColumn()
	return g.measure(left, h).top(), left
}

// Cell returns the cell at the cursor. If there are no items, it returns a missing cell.
func (t *Table) Cell() item.Cell {
	if t.Len() == 0 || t.columns.len() == 0 {
		return item.Cell{}
	}
	return t.items.At(t.Item(t.row), t.columns.path(t.column))
}

// Path returns the path of the column at the cursor. If there are no columns, it returns the path of the whole item.
func (t *Table) Path() item.Path {
	if t.columns.len() == 0 {
		return item.Path{}
	}
	return t.columns.path(t.column)
}

// Position returns the position of the cursor in the table, such as "12 of 1,204 · columns 3-9 of 20, 2 hidden". The
// table is w terminal cells wide.
func (t *Table) Position(p draw.Painter, w int) string {
	columns := t.columns.len()
	where := text.Count(int64(min(t.row+1, t.Len()))) + " of " + text.Count(int64(t.Len()))
	shown := grid{t, p, w}.columnsFrom(t.left)
	if len(shown) == 0 {
		return where
	}
	frozen := 0
	for frozen < len(shown)-1 && !shown[frozen].afterFrozen {
		frozen++
	}
	if !shown[frozen].afterFrozen {
		frozen = 0
	}
	first, last := shown[frozen].index, shown[len(shown)-1].index
	hidden := ""
	if n := len(t.columns.hiddenPaths()); n > 0 {
		hidden = ", " + text.Count(int64(n)) + " hidden"
	}
	if first > frozen || last < columns-1 {
		return where + " · columns " + cursor.Range(first+1, last+1, columns) + hidden
	}
	return where + " · " + text.Counted(int64(columns), "column") + hidden
}
