package ui

import (
	"strconv"

	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/model/text"
)

// table shows items as rows and columns, with a cursor on one cell. Only the rows that show are ever read, so a frame
// costs the same however many there are.
type table struct {
	items   item.Table
	columns columns
	fits    columnFits

	// order has the numbers of the items that show, in the order in which they do; nil: all of them, as they came.
	order []uint32
	// sorted and key are the columns that say so in their headers.
	sorted []order.Key
	key    item.Path
	hasKey bool
	// marks finds what is to be highlighted in a text.
	marks marker

	row, column int // the cursor, among what shows
	top, left   int // the first row and column that show; the latter not counting those that are frozen
}

const (
	columnGap     = 2
	dividerRoom   = 3  // cells between the frozen columns and the others
	columnAtMost  = 40 // cells, as long as other columns need the room; less where there is little of it
	columnRoomy   = 16
	headerAtMost  = 24
	columnAtLeast = 3
	tableHeader   = 1 // lines
)

// set replaces the items. The cursor stays where it is, as long as that exists. All items show, until their order is set.
func (t *table) set(items item.Table, fits columnFits) {
	t.items = items
	t.fits.add(fits)
	t.columns.learn(items)
	t.setOrder(t.order)
}

// setOrder chooses which items show, and in which order. The cursor stays on its place among them.
func (t *table) setOrder(order []uint32) {
	t.order = order
	t.clamp()
}

// clamp keeps the cursor among what there is.
func (t *table) clamp() {
	t.row = min(max(0, t.row), max(0, t.len()-1))
	t.column = min(max(0, t.column), max(0, t.columns.len()-1))
}

// len is how many items show.
func (t *table) len() int { return t.rowsNow().len() }

// item is the number of the item in a row.
func (t *table) item(row int) int { return t.rowsNow().item(row) }

// move moves the cursor, and scrolls so that it shows in w by h cells.
func (t *table) move(l look, m movement, w, h int) {
	columns := t.columns.len()
	switch m {
	case moveLeft:
		t.column = max(0, t.column-1)
	case moveRight:
		t.column = max(0, min(columns-1, t.column+1))
	case moveFirstColumn:
		t.column = 0
	case moveLastColumn:
		t.column = max(0, columns-1)
	case moveNone, moveUp, moveDown, moveFirstRow, moveLastRow, movePageUp, movePageDown, moveHalfUp, moveHalfDown:
		before := t.row
		t.row = m.apply(t.row, t.len(), h-tableHeader)
		if m.isPage() {
			t.top = max(0, t.top+t.row-before) // the page turns, and the cursor keeps its place on it
		}
	}
	t.follow(l, w, h)
}

// follow scrolls so that the cursor shows in w by h cells.
func (t *table) follow(l look, w, h int) { t.top, t.left = t.scrolled(l, w, h) }

// scrolled is the first row and column to show, as near as can be to those that showed before, so that the cursor's cell
// shows whole.
func (t *table) scrolled(l look, w, h int) (top, left int) {
	rows := max(1, h-tableHeader)
	top = min(max(t.top, t.row-rows+1), t.row)
	top = max(0, min(top, t.len()-rows))
	fixed, _, _ := t.fixedWidth()
	standing := len(t.frozenRow(l, w-fixed).shown)
	left = max(t.left, standing)
	if t.column < standing || t.columns.len() == 0 {
		return top, left
	}
	return top, max(min(left, t.column), t.leastLeft(l, w))
}

// leastLeft is the first column from which on there is room, on w cells, for the cursor's to show whole; that itself where
// there is none.
func (t *table) leastLeft(l look, w int) int {
	fixed, _, _ := t.fixedWidth()
	row := t.frozenRow(l, w-fixed)
	free := row.room - row.used - t.width(l, t.column, row.room)
	left := t.column
	for left > len(row.shown) {
		if free -= t.width(l, left-1, row.room) + columnGap; free < 0 {
			break
		}
		left--
	}
	return left
}

// shownColumn is a column of the items as it shows.
type shownColumn struct {
	index int // among those that are not hidden
	width int
	whole bool // false where the edge of the screen cuts it
	// behind: it is the first behind those that stand still.
	behind bool
}

// fixedWidth is what the marker, row number and page take at the left, and how wide the two numbers are.
func (t *table) fixedWidth() (total, number, page int) {
	number = max(1, len(text.Count(int64(t.items.Len()))))
	total = 2 + number + columnGap
	if pages := t.items.Pages(); pages > 0 {
		page = max(2, len(strconv.Itoa(pages)))
		total += page + columnGap
	}
	return total, number, page
}

// columnsFrom lays the columns out in w cells: the frozen ones, as far as they leave room for another, and the others from
// a first one on. There is always at least one, if there are any.
func (t *table) columnsFrom(l look, left, w int) []shownColumn {
	fixed, _, _ := t.fixedWidth()
	row := t.frozenRow(l, w-fixed)
	standing := len(row.shown)
	for i := max(left, standing); i < t.columns.len(); i++ {
		if !row.add(i, t.width(l, i, row.room)) {
			break
		}
	}
	if !row.full {
		t.widen(l, row.shown, row.room-row.used+columnGap)
	}
	if standing > 0 && len(row.shown) > standing {
		row.shown[standing].behind = true
	}
	return row.shown
}

// frozenRow lays the frozen columns out, as far as they leave room for another. Where they do not, the further ones scroll as if
// they were not frozen.
func (t *table) frozenRow(l look, room int) columnRow {
	row := columnRow{room: room}
	for i := range t.columns.frozen {
		width := t.width(l, i, room)
		if row.used+width+columnGap+columnRoomy > room {
			break
		}
		row.add(i, width)
	}
	if len(row.shown) > 0 {
		row.used += dividerRoom - columnGap
	}
	return row
}

// columnRow lays columns out side by side.
type columnRow struct {
	room, used int // cells
	shown      []shownColumn
	full       bool
}

// add adds a column, cut where there is not enough room for it, and tells whether there is room for more.
func (r *columnRow) add(index, width int) bool {
	if r.used+width <= r.room {
		r.shown = append(r.shown, shownColumn{index: index, width: width, whole: true})
		r.used += width + columnGap
		return true
	}
	if rest := r.room - r.used; rest >= columnAtLeast+3 || len(r.shown) == 0 {
		r.shown = append(r.shown, shownColumn{index: index, width: max(rest, columnAtLeast), whole: len(r.shown) == 0})
		r.full = true
	}
	return false
}

// width is that of column i, where there is so much room for all: as the user made it, else as wide as it asks for.
func (t *table) width(l look, i, room int) int {
	if wanted := t.columns.at(i).width; wanted > 0 {
		return min(wanted, max(room, columnAtLeast))
	}
	return min(t.natural(l, i), columnAtMost, max(columnRoomy, room/2-columnGap), max(room, columnAtLeast))
}

// wholeWidth is the width at which column i shows whole in the rows that show, and in what it was fitted to, as far as there
// is room on w cells.
func (t *table) wholeWidth(l look, i, w, h int) int {
	fixed, _, _ := t.fixedWidth()
	reader := t.items.Reader(t.columns.path(i))
	width := max(t.natural(l, i), l.width(t.headerText(i)))
	for row := t.top; row < min(t.len(), t.top+h); row++ {
		width = max(width, l.width(cellText(reader.Cell(t.item(row)))))
	}
	return max(columnAtLeast, min(width, w-fixed))
}

// canFreeze tells whether the columns up to column i leave room for another on w cells.
func (t *table) canFreeze(l look, i, w int) bool {
	fixed, _, _ := t.fixedWidth()
	used := 0
	for k := range i + 1 {
		used += t.width(l, k, w-fixed) + columnGap
	}
	return used+columnRoomy <= w-fixed
}

// natural is the width that column i asks for.
func (t *table) natural(l look, i int) int {
	fit := t.fits.of(t.columns.path(i))
	return max(columnAtLeast, fit.width, min(l.width(t.headerText(i)), headerAtMost))
}

// widen gives room that is left over to the columns that were held narrower than they ask for.
func (t *table) widen(l look, shown []shownColumn, room int) {
	for i := range shown {
		if t.columns.at(shown[i].index).width > 0 || !shown[i].whole {
			continue
		}
		if more := min(t.natural(l, shown[i].index)-shown[i].width, room); more > 0 {
			shown[i].width += more
			room -= more
		}
	}
}

// columnName is a column's header. A key that is empty is shown as such.
func columnName(name text.Text) string {
	if name.IsEmpty() {
		return `""`
	}
	return name.String()
}

// headerText is the header of column i: its name, and whether it is a key, sorted by, or a nested value that is open.
func (t *table) headerText(i int) string {
	path := t.columns.path(i)
	text := columnName(path.Name())
	if t.hasKey && path == t.key {
		text = "!" + text
	}
	for n, key := range t.sorted {
		if key.Path != path {
			continue
		}
		arrow := "↑"
		if key.Descending {
			arrow = "↓"
		}
		if len(t.sorted) > 1 {
			arrow += strconv.Itoa(n + 1)
		}
		text += " " + arrow
	}
	return text
}

// cell is the cell under the cursor; missing where there are no items.
func (t *table) cell() item.Cell {
	if t.len() == 0 || t.columns.len() == 0 {
		return item.Cell{}
	}
	return t.items.At(t.item(t.row), t.columns.path(t.column))
}

// path is that of the cursor's column; the item's where there is none.
func (t *table) path() item.Path {
	if t.columns.len() == 0 {
		return item.Path{}
	}
	return t.columns.path(t.column)
}

// position tells where the cursor is, for the foot of the screen.
func (t *table) position(l look, w int) string {
	columns := t.columns.len()
	where := text.Count(int64(min(t.row+1, t.len()))) + " of " + text.Count(int64(t.len()))
	shown := t.columnsFrom(l, t.left, w)
	if len(shown) == 0 {
		return where
	}
	standing := 0
	for standing < len(shown)-1 && !shown[standing].behind {
		standing++
	}
	if !shown[standing].behind {
		standing = 0
	}
	first, last := shown[standing].index, shown[len(shown)-1].index
	hidden := ""
	if n := len(t.columns.hiddenPaths()); n > 0 {
		hidden = ", " + text.Count(int64(n)) + " hidden"
	}
	if first > standing || last < columns-1 {
		return where + " · columns " + countRange(first+1, last+1, columns) + hidden
	}
	return where + " · " + text.Counted(int64(columns), "column") + hidden
}
