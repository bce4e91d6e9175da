package ui

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model"
)

// table shows items as rows and columns, with a cursor on one cell. Only the rows that show are ever read, so a frame
// costs the same however many there are.
type table struct {
	items model.Items
	fits  []columnFit

	row, column int // the cursor
	top, left   int // the first row and column that show
}

const (
	columnGap     = 2
	columnAtMost  = 40 // cells, as long as other columns need the room; less where there is little of it
	columnRoomy   = 16
	headerAtMost  = 24
	columnAtLeast = 3
	tableHeader   = 1 // lines
)

// set replaces the items. The cursor stays where it is, as long as that exists.
func (t *table) set(items model.Items, fits []columnFit) {
	t.items, t.fits = items, fits
	t.row = min(t.row, max(0, items.Len()-1))
	t.column = min(t.column, max(0, len(items.Columns())-1))
}

// move moves the cursor, and scrolls so that it shows in w by h cells.
func (t *table) move(l look, m movement, w, h int) {
	columns := len(t.items.Columns())
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
		t.row = m.apply(t.row, t.items.Len(), h-tableHeader)
		if m.isPage() {
			t.top = max(0, t.top+t.row-before) // the page turns, and the cursor keeps its place on it
		}
	}
	t.top, t.left = t.scrolled(l, w, h)
}

// follow scrolls so that the cursor shows in w by h cells.
func (t *table) follow(l look, w, h int) { t.top, t.left = t.scrolled(l, w, h) }

// scrolled is the first row and column to show, as near as can be to those that showed before, so that the cursor's cell
// shows whole.
func (t *table) scrolled(l look, w, h int) (top, left int) {
	rows := max(1, h-tableHeader)
	top = min(max(t.top, t.row-rows+1), t.row)
	top = max(0, min(top, t.items.Len()-rows))
	left = min(t.left, t.column)
	for left < t.column {
		shown := t.columnsFrom(l, left, w)
		last := shown[len(shown)-1]
		if last.index > t.column || (last.index == t.column && last.whole) {
			break
		}
		left++
	}
	return top, left
}

// shownColumn is a column of the items as it shows.
type shownColumn struct {
	index int
	width int
	whole bool // false where the edge of the screen cuts it
}

// fixedWidth is what the marker, row number and page take at the left, and how wide the two numbers are.
func (t *table) fixedWidth() (total, number, page int) {
	number = max(1, len(model.Count(int64(t.items.Len()))))
	total = 2 + number + columnGap
	if pages := t.items.Pages(); pages > 0 {
		page = max(2, len(strconv.Itoa(pages)))
		total += page + columnGap
	}
	return total, number, page
}

// columnsFrom lays the columns out from a first one on, in w cells. There is always at least one, if there are any.
func (t *table) columnsFrom(l look, left, w int) []shownColumn {
	room, _, _ := t.fixedWidth()
	room = w - room
	columns := t.items.Columns()
	var shown []shownColumn
	used := 0
	spare := true
	for i := left; i < len(columns); i++ {
		width := min(t.natural(l, i), columnAtMost, max(columnRoomy, room/2-columnGap), max(room, columnAtLeast))
		if used+width > room {
			if rest := room - used; rest >= columnAtLeast+3 || len(shown) == 0 {
				shown = append(shown, shownColumn{i, max(rest, columnAtLeast), len(shown) == 0})
				spare = false
			}
			break
		}
		shown = append(shown, shownColumn{i, width, true})
		used += width + columnGap
	}
	if spare {
		t.widen(l, shown, room-used+columnGap)
	}
	return shown
}

// natural is the width that column i asks for.
func (t *table) natural(l look, i int) int {
	width := columnAtLeast
	if i < len(t.fits) {
		width = max(width, t.fits[i].width)
	}
	return max(width, min(l.width(columnName(t.items.Columns()[i])), headerAtMost))
}

// widen gives room that is left over to the columns that were held narrower than they ask for.
func (t *table) widen(l look, shown []shownColumn, room int) {
	for i := range shown {
		if more := min(t.natural(l, shown[i].index)-shown[i].width, room); more > 0 && shown[i].whole {
			shown[i].width += more
			room -= more
		}
	}
}

// columnName is a column's header. A key that is empty is shown as such.
func columnName(c model.Column) string {
	if c.Name.IsEmpty() {
		return `""`
	}
	return c.Name.String()
}

// view draws the table on w by h cells.
func (t *table) view(l look, w, h int) []string {
	top, left := t.scrolled(l, w, h)
	shown := t.columnsFrom(l, left, w)
	lines := []string{t.header(l, shown, w)}
	for row := top; row < t.items.Len() && len(lines) < h; row++ {
		lines = append(lines, t.line(l, row, shown, w))
	}
	return lines
}

func (t *table) header(l look, shown []shownColumn, w int) string {
	_, number, page := t.fixedWidth()
	var b strings.Builder
	b.WriteString(spaces(2) + l.Table.Header.Render(l.fitRight("#", number)) + spaces(columnGap))
	if page > 0 {
		b.WriteString(l.Table.Header.Render(l.fitRight("pg", page)) + spaces(columnGap))
	}
	for i, c := range shown {
		if i > 0 {
			b.WriteString(spaces(columnGap))
		}
		style := l.Table.Header
		if c.index == t.column {
			style = l.Table.HeaderCursor
		}
		b.WriteString(style.Render(t.align(l, c, columnName(t.items.Columns()[c.index]))))
	}
	return l.fit(b.String(), w)
}

// align fits a text to a column.
func (t *table) align(l look, c shownColumn, text string) string {
	if c.index < len(t.fits) && t.fits[c.index].right && c.whole {
		return l.fitRight(text, c.width)
	}
	return l.fit(text, c.width)
}

// cellLook is how a cell looks, by what it holds and where the cursor is.
type cellLook int

const (
	lookPlain cellLook = iota
	lookDim
	lookNull
	lookMissing
	lookCursor
)

// line draws one row.
func (t *table) line(l look, row int, shown []shownColumn, w int) string {
	current := row == t.row
	_, number, page := t.fixedWidth()
	marker := "  "
	if current {
		marker = "▸ "
	}
	runs := lineRuns{l: l, current: current}
	runs.add(lookDim, l.fitRight(model.Count(int64(row+1)), number))
	if page > 0 {
		runs.gap()
		runs.add(lookDim, l.fitRight(strconv.Itoa(t.items.Page(row)), page))
	}
	for _, c := range shown {
		runs.gap()
		cell := t.items.Cell(row, c.index)
		cellLook := lookOf(cell)
		if current && c.index == t.column {
			cellLook = lookCursor
		}
		runs.add(cellLook, t.align(l, c, cellText(cell)))
	}
	return l.Accent.Render(marker) + runs.end(w-len("  "))
}

// lineRuns puts a row together from cells. Cells that look alike are rendered together, since rendering is what a frame
// takes its time for.
type lineRuns struct {
	l       look
	current bool

	done  strings.Builder
	look  cellLook
	run   strings.Builder
	width int
}

func (r *lineRuns) add(look cellLook, text string) {
	if look != r.look {
		r.flush()
		r.look = look
	}
	r.run.WriteString(text)
	r.width += r.l.width(text)
}

// gap is the space between columns, which is never part of the cursor.
func (r *lineRuns) gap() {
	if r.look == lookCursor {
		r.flush()
		r.look = lookPlain
	}
	r.run.WriteString(spaces(columnGap))
	r.width += columnGap
}

func (r *lineRuns) flush() {
	if r.run.Len() > 0 {
		r.done.WriteString(r.style().Render(r.run.String()))
		r.run.Reset()
	}
}

// end is the whole row, w cells wide.
func (r *lineRuns) end(w int) string {
	if rest := w - r.width; rest > 0 {
		r.add(lookPlain, spaces(rest))
	}
	r.flush()
	return r.done.String()
}

func (r *lineRuns) style() lipgloss.Style {
	s := r.l.Table
	plain := [...]lipgloss.Style{s.Cell, s.Dim, s.Null, s.Missing, s.Cursor}
	onRow := [...]lipgloss.Style{s.Row, s.RowDim, s.RowNull, s.RowMissing, s.Cursor}
	if r.current {
		return onRow[r.look]
	}
	return plain[r.look]
}

// lookOf is the look of a cell by what it holds.
func lookOf(cell model.Cell) cellLook {
	switch cell.Kind() {
	case model.CellMissing:
		return lookMissing
	case model.CellNull:
		return lookNull
	case model.CellArray, model.CellObject:
		return lookDim
	case model.CellString:
		if isURL(cell) {
			return lookDim
		}
	case model.CellBool, model.CellNumber:
	}
	return lookPlain
}

// urlSchemeSize is how many bytes of JSON may hold a scheme, its slashes escaped.
const urlSchemeSize = 24

// isURL tells whether a cell holds the address of a web page.
func isURL(cell model.Cell) bool {
	if cell.Kind() != model.CellString {
		return false
	}
	scheme, _, found := strings.Cut(cell.Preview(urlSchemeSize).Raw(), "://")
	return found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// cell is the cell under the cursor; missing where there are no items.
func (t *table) cell() model.Cell {
	if t.items.Len() == 0 || len(t.items.Columns()) == 0 {
		return model.Cell{}
	}
	return t.items.Cell(t.row, t.column)
}

// position tells where the cursor is, for the foot of the screen.
func (t *table) position(l look, w int) string {
	columns := len(t.items.Columns())
	where := model.Count(int64(t.row+1)) + " of " + model.Count(int64(t.items.Len()))
	shown := t.columnsFrom(l, t.left, w)
	if len(shown) == 0 {
		return where
	}
	if first, last := shown[0].index, shown[len(shown)-1].index; first > 0 || last < columns-1 {
		return where + " · columns " + countRange(first+1, last+1, columns)
	}
	return where + " · " + model.Counted(int64(columns), "column")
}
