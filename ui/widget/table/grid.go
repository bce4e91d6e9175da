package table

import (
	"math"
	"strconv"

	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
)

// Widths in terminal cells.
const (
	columnGap      = 2
	dividerRoom    = 3  // width of the gap between the frozen columns and the others
	maxColumn      = 40 // maximum width of a column while other columns need room
	roomyColumn    = 16 // minimum width of a column whose content needs it
	narrowColumn   = 10 // minimum width of a column of text that becomes narrower for a column of numbers
	maxHeaderRoom  = 24 // headers longer than this do not make their columns wider
	minColumn      = 3
	minPartColumn  = 6 // minimum width of a partly visible column at the right edge
	cursorMarkRoom = 2
)

// grid lays out the columns of a table that is w terminal cells wide.
type grid struct {
	*Table
	p draw.Painter
	w int
}

// shownColumn is a column that is visible in the current frame.
type shownColumn struct {
	index       int // position among the visible columns
	width       int
	whole       bool // false if the column is cut at the edge of the screen
	afterFrozen bool // it is the first column after the frozen ones
}

// gap returns the width of the space to the left of the column.
func (c shownColumn) gap() int {
	if c.afterFrozen {
		return dividerRoom
	}
	return columnGap
}

// fixedWidth returns the width of the part to the left of the columns: the cursor marker, the row number and the page
// number. It also returns the widths of the two numbers.
func (g grid) fixedWidth() (total, number, page int) {
	number = max(1, len(text.Count(int64(g.items.Len()))))
	total = cursorMarkRoom + number + columnGap
	if pages := g.items.Pages(); pages > 0 {
		page = max(2, len(strconv.Itoa(pages)))
		total += page + columnGap
	}
	return total, number, page
}

// room returns the width, in terminal cells, that is available for all columns together.
func (g grid) room() int {
	fixed, _, _ := g.fixedWidth()
	return g.w - fixed
}

// firstColumn returns the first column to show to the right of the frozen columns, so that the column at the cursor is
// fully visible. It scrolls as little as possible, and leaves no unused space after the last column.
func (g grid) firstColumn() int {
	frozen := len(g.frozenColumns().shown)
	left := max(g.left, frozen)
	if g.columns.len() == 0 {
		return left
	}
	if g.column >= frozen && !g.showsWhole(g.column, left) {
		left = max(min(left, g.column), g.minLeft(g.column))
	}
	return max(frozen, min(left, g.minLeft(g.columns.len()-1)))
}

// showsWhole reports whether a column is fully visible. first is the first column that is shown to the right of the
// frozen columns.
func (g grid) showsWhole(column, first int) bool {
	for _, c := range g.columnsFrom(first) {
		if c.index == column {
			return c.whole
		}
	}
	return false
}

// minLeft returns the lowest index that the first column to the right of the frozen columns can have while the given
// column is fully visible. If the given column never fits, minLeft returns the index of the given column.
func (g grid) minLeft(column int) int {
	row := g.frozenColumns()
	free := row.room - row.used - g.width(column, row.room)
	left := column
	for left > len(row.shown) {
		if free -= g.width(left-1, row.room) + columnGap; free < 0 {
			break
		}
		left--
	}
	return left
}

// columnsFrom lays out the frozen columns and, to their right, as many other columns as fit, starting with the column
// at the index first. The result is empty only if there are no columns.
func (g grid) columnsFrom(first int) []shownColumn {
	row := g.frozenColumns()
	frozen := len(row.shown)
	for i := max(first, frozen); i < g.columns.len(); i++ {
		if !row.add(i, g.width(i, row.room)) {
			break
		}
	}
	if row.full {
		g.completeNumbers(row.shown)
	} else {
		g.widen(row.shown, row.room-row.used+columnGap)
	}
	if frozen > 0 && len(row.shown) > frozen {
		row.shown[frozen].afterFrozen = true
	}
	return row.shown
}

// frozenColumns lays out the frozen columns. If they would leave no room for another column, the frozen columns
// farthest to the right scroll like other columns.
func (g grid) frozenColumns() columnRow {
	row := columnRow{room: g.room()}
	for i := range g.columns.frozen {
		width := g.width(i, row.room)
		if row.used+width+columnGap+roomyColumn > row.room {
			break
		}
		row.add(i, width)
	}
	if len(row.shown) > 0 {
		row.used += dividerRoom - columnGap
	}
	return row
}

// columnRow lays out columns next to each other.
type columnRow struct {
	room, used int // in cells
	shown      []shownColumn
	full       bool
}

// add adds a column, and cuts it if it does not fit. It reports whether there is room for more columns.
func (r *columnRow) add(index, width int) bool {
	if r.used+width <= r.room {
		r.shown = append(r.shown, shownColumn{index: index, width: width, whole: true})
		r.used += width + columnGap
		return true
	}
	if rest := r.room - r.used; rest >= minPartColumn || len(r.shown) == 0 {
		r.shown = append(r.shown, shownColumn{index: index, width: max(rest, minColumn), whole: len(r.shown) == 0})
		r.full = true
	}
	return false
}

// width returns the width of column i: the width that the user has set or, if there is none, the width that suits the
// content. room is the result of the method room.
func (g grid) width(i, room int) int {
	if wanted := g.columns.nth(i).width; wanted > 0 {
		return min(wanted, max(room, minColumn))
	}
	return min(g.natural(i), maxColumn, max(roomyColumn, room/2-columnGap), max(room, minColumn))
}

// wholeWidth returns the width at which the header and the values of column i are completely visible, at most the width
// that is available for all columns. It considers the h visible rows and the items that were sampled for automatic
// widths.
func (g grid) wholeWidth(i, h int) int {
	before, name, after := g.title(i)
	width := max(g.natural(i), g.p.Width(g.p.Title(before, name, after, math.MaxInt)))
	for row := g.top; row < min(g.Len(), g.top+h); row++ {
		if value, isKnown := g.values.read(g.items, g.Item(row), g.columns.path(i)); isKnown {
			text, _ := g.text(i, value)
			width = max(width, g.p.Width(text))
		}
	}
	return max(minColumn, min(width, g.room()))
}

// canFreeze reports whether there is room for another column if the columns up to and including column i are frozen.
func (g grid) canFreeze(i int) bool {
	room, used := g.room(), 0
	for k := range i + 1 {
		used += g.width(k, room) + columnGap
	}
	return used+roomyColumn <= room
}

// natural returns the width that suits the content of column i. The width does not depend on the marks in the header, so
// that columns do not move when the user sorts.
func (g grid) natural(i int) int {
	width := g.fits[g.columns.path(i)].Width
	if fit, known := g.formatFit(i); known {
		width = fit.Width
	}
	_, name, _ := g.title(i)
	return max(minColumn, width, min(g.p.Width(name), maxHeaderRoom))
}

// widen widens the columns that are narrower than their content. room is the number of cells to distribute.
func (g grid) widen(shown []shownColumn, room int) {
	for i := range shown {
		if g.columns.nth(shown[i].index).width > 0 || !shown[i].whole {
			continue
		}
		if more := min(g.natural(shown[i].index)-shown[i].width, room); more > 0 {
			shown[i].width += more
			room -= more
		}
	}
}

// completeNumbers makes a column of numbers at the right edge fully visible, because a number that is cut off can be
// mistaken for another number. It narrows columns of text to get the necessary width.
func (g grid) completeNumbers(shown []shownColumn) {
	last := &shown[len(shown)-1]
	missing := g.width(last.index, g.room()) - last.width
	if last.whole || !g.isNumeric(last.index) {
		return
	}
	spare := make([]int, len(shown)-1)
	for i, c := range shown[:len(spare)] {
		if isFitted := g.columns.nth(c.index).width == 0; isFitted && !g.isNumeric(c.index) {
			spare[i] = max(0, c.width-narrowColumn)
			missing -= spare[i]
		}
	}
	if missing > 0 {
		return
	}
	for i, n := range spare {
		n = min(n, g.width(last.index, g.room())-last.width)
		shown[i].width -= n
		last.width += n
	}
	last.whole = true
}

func (g grid) isNumeric(i int) bool { return g.fits[g.columns.path(i)].AlignRight }

// title returns the parts of the header of column i: a mark if the column is the unique key, the name, and a mark if the
// column is a sort key.
func (g grid) title(i int) (before, name, after string) {
	path := g.columns.path(i)
	name = cell.Name(path.Name())
	if g.items.IsComputed(path) {
		name = "=" + name
	}
	if key, known := g.key.Get(); known && path == key {
		before = "!"
	}
	for n, key := range g.sorted {
		if key.Path != path {
			continue
		}
		after = "↑"
		if key.Descending {
			after = "↓"
		}
		if len(g.sorted) > 1 {
			after += strconv.Itoa(n + 1)
		}
	}
	return before, name, after
}
