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

	order  []uint32 // the items that show, in this order; nil for all of them in their own
	sorted []order.Key
	key    optional.Value[item.Path]
	marker Marker

	row, column int // the cursor, among what shows
	top, left   int // the first row and column that show; left does not count the frozen ones
}

const headerHeight = 1

// SetItems replaces the items and adds to the fits of their columns. The rows that show stay the same as far as they
// exist, and so does the cursor.
func (t *Table) SetItems(items item.Table, fits Fits) {
	t.items = items
	t.fits.Add(fits)
	t.columns.learn(items)
	t.SetOrder(t.order)
}

// AddFits adds fits of columns, which win over those that there are.
func (t *Table) AddFits(fits Fits) { t.fits.Add(fits) }

// SetOrder sets which items show, and in which order; nil shows all of them in their own. The cursor stays in its row.
func (t *Table) SetOrder(rows []uint32) { t.SetOrderAt(rows, t.row) }

// SetOrderAt is SetOrder with the cursor moved to a row.
func (t *Table) SetOrderAt(rows []uint32, row int) {
	t.order, t.row = rows, row
	t.clamp()
}

// SetMarker sets what finds the text to highlight; nil for none.
func (t *Table) SetMarker(marker Marker) { t.marker = marker }

// Marker returns what finds the text to highlight; nil for none.
func (t *Table) Marker() Marker { return t.marker }

// SetSorted sets the sort keys, which the headers name.
func (t *Table) SetSorted(keys []order.Key) { t.sorted = keys }

// Sorted returns the sort keys.
func (t *Table) Sorted() []order.Key { return t.sorted }

// SetKey sets the column that tells items apart, which its header shows.
func (t *Table) SetKey(path optional.Value[item.Path]) { t.key = path }

// Key returns the column that tells items apart.
func (t *Table) Key() optional.Value[item.Path] { return t.key }

// clamp keeps the cursor among what there is.
func (t *Table) clamp() {
	t.row = min(max(0, t.row), max(0, t.Len()-1))
	t.column = min(max(0, t.column), max(0, t.columns.len()-1))
}

// Rows are the rows of a table at one moment, for a command to read.
type Rows struct {
	Items item.Table
	Order []uint32 // the numbers of the items that show; nil for all of them
}

// Len returns the number of rows.
func (r Rows) Len() int {
	if r.Order != nil {
		return len(r.Order)
	}
	return r.Items.Len()
}

// Item returns the number of the item in a row.
func (r Rows) Item(row int) int {
	if r.Order != nil {
		return int(r.Order[row])
	}
	return row
}

// Rows returns the rows as they are now.
func (t *Table) Rows() Rows { return Rows{t.items, t.order} }

// Items returns all items.
func (t *Table) Items() item.Table { return t.items }

// Len returns the number of items that show.
func (t *Table) Len() int { return t.Rows().Len() }

// Item returns the number of the item in a row.
func (t *Table) Item(row int) int { return t.Rows().Item(row) }

// Row returns the cursor's row.
func (t *Table) Row() int { return t.row }

// Column returns the cursor's column, counted among those that show.
func (t *Table) Column() int { return t.column }

// Top returns the first row that shows, as the last movement left it.
func (t *Table) Top() int { return t.top }

// SelectRow puts the cursor into a row. [Table.Follow] scrolls to it.
func (t *Table) SelectRow(row int) {
	t.row = row
	t.clamp()
}

// SelectColumn puts the cursor into a column. [Table.Follow] scrolls to it.
func (t *Table) SelectColumn(column int) {
	t.column = column
	t.clamp()
}

// SelectPath puts the cursor into the column of a path and reports whether that shows.
func (t *Table) SelectPath(path item.Path) bool {
	place := t.columns.place(path)
	if place < 0 {
		return false
	}
	t.SelectColumn(place)
	return true
}

// Move moves the cursor, and scrolls so that it shows on w by h cells.
func (t *Table) Move(p draw.Painter, m cursor.Move, w, h int) {
	columns := t.columns.len()
	switch m {
	case cursor.Left:
		t.column = max(0, t.column-1)
	case cursor.Right:
		t.column = max(0, min(columns-1, t.column+1))
	case cursor.FirstColumn:
		t.column = 0
	case cursor.LastColumn:
		t.column = max(0, columns-1)
	case cursor.None, cursor.Up, cursor.Down, cursor.FirstRow, cursor.LastRow,
		cursor.PageUp, cursor.PageDown, cursor.HalfPageUp, cursor.HalfPageDown:
		previous := t.row
		t.row = m.Apply(t.row, t.Len(), h-headerHeight)
		if m.IsPage() {
			t.top = max(0, t.top+t.row-previous) // the page turns, and the cursor keeps its place on it
		}
	}
	t.Follow(p, w, h)
}

// Follow scrolls so that the cursor shows on w by h cells.
func (t *Table) Follow(p draw.Painter, w, h int) { t.top, t.left = t.scrolled(p, w, h) }

// scrolled returns the first row and column to show so that the cursor's cell shows whole, as near as possible to those
// that showed before.
func (t *Table) scrolled(p draw.Painter, w, h int) (top, left int) {
	rows := max(1, h-headerHeight)
	top = min(max(t.top, t.row-rows+1), t.row)
	top = max(0, min(top, t.Len()-rows))
	return top, grid{t, p, w}.left()
}

// Cell returns the cell under the cursor; a missing one where there are no items.
func (t *Table) Cell() item.Cell {
	if t.Len() == 0 || t.columns.len() == 0 {
		return item.Cell{}
	}
	return t.items.At(t.Item(t.row), t.columns.path(t.column))
}

// Path returns the path of the cursor's column; that of the whole item where there are no columns.
func (t *Table) Path() item.Path {
	if t.columns.len() == 0 {
		return item.Path{}
	}
	return t.columns.path(t.column)
}

// Position describes where the cursor is, such as "12 of 1,204 · columns 3-9 of 20, 2 hidden", for a table w cells wide.
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
