package ui

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// How the rows of the table are drawn.

// view draws the table on w by h cells.
func (t *table) view(l look, w, h int) []string {
	top, left := t.scrolled(l, w, h)
	shown := t.columnsFrom(l, left, w)
	lines := []string{t.header(l, shown, w)}
	readers := make([]*item.Reader, len(shown))
	for i, c := range shown {
		readers[i] = t.items.Reader(t.columns.path(c.index))
	}
	for row := top; row < t.len() && len(lines) < h; row++ {
		lines = append(lines, t.line(l, row, shown, readers, w))
	}
	return lines
}

func (t *table) header(l look, shown []shownColumn, w int) string {
	_, number, page := t.fixedWidth()
	var b strings.Builder
	b.WriteString(spaces(2) + l.Table.Header.Render(l.fitRight("#", number)))
	if page > 0 {
		b.WriteString(spaces(columnGap) + l.Table.Header.Render(l.fitRight("pg", page)))
	}
	for _, c := range shown {
		b.WriteString(t.gapBefore(l, c))
		style := l.Table.Header
		if c.index == t.column {
			style = l.Table.HeaderCursor
		}
		b.WriteString(style.Render(t.align(l, c, t.headerText(c.index))))
	}
	return l.fit(b.String(), w)
}

// gapBefore is the space before a column, with a line in it where those end that stand still.
func (t *table) gapBefore(l look, c shownColumn) string {
	if c.behind {
		return " " + l.Faint.Render("│") + " "
	}
	return spaces(columnGap)
}

// align fits a text to a column.
func (t *table) align(l look, c shownColumn, text string) string {
	if t.standsRight(c) {
		return l.fitRight(text, c.width)
	}
	return l.fit(text, c.width)
}

func (t *table) standsRight(c shownColumn) bool {
	return c.whole && t.fits.of(t.columns.path(c.index)).right
}

// cellLook is how a cell looks, by what it holds and where the cursor is.
type cellLook int

const (
	lookPlain cellLook = iota
	lookDim
	lookNull
	lookMissing
	lookMark
	lookRule
	lookCursor
)

// line draws one row.
func (t *table) line(l look, row int, shown []shownColumn, readers []*item.Reader, w int) string {
	current := row == t.row
	item := t.item(row)
	_, number, page := t.fixedWidth()
	marker := "  "
	if current {
		marker = "▸ "
	}
	runs := lineRuns{l: l, current: current}
	runs.add(lookDim, l.fitRight(text.Count(int64(item+1)), number))
	if page > 0 {
		runs.gap()
		runs.add(lookDim, l.fitRight(strconv.Itoa(t.items.Page(item)), page))
	}
	for i, c := range shown {
		if c.behind {
			runs.divide()
		} else {
			runs.gap()
		}
		t.cellRuns(&runs, c, readers[i].Cell(item), current && c.index == t.column)
	}
	return l.Accent.Render(marker) + runs.end(w-len("  "))
}

// cellRuns draws a cell, with what is searched for marked in it.
func (t *table) cellRuns(runs *lineRuns, c shownColumn, cell item.Cell, cursor bool) {
	look := lookOf(cell)
	if cursor {
		look = lookCursor
	}
	if parts := markedParts(runs.l, cell, t.marks, c.width); parts != nil {
		runs.addMarked(look, parts, c.width, t.standsRight(c))
		return
	}
	runs.add(look, t.align(runs.l, c, cellText(cell)))
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
	if text == "" {
		return
	}
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

// divide is a gap with the line in it that ends the frozen columns.
func (r *lineRuns) divide() {
	if r.look == lookCursor {
		r.flush()
		r.look = lookPlain
	}
	r.add(lookPlain, " ")
	r.add(lookRule, "│")
	r.add(lookPlain, " ")
}

// addMarked adds a cell in parts, of which every second is marked, w cells wide.
func (r *lineRuns) addMarked(look cellLook, parts []string, w int, right bool) {
	room := w
	for _, part := range parts {
		room -= r.l.width(part)
	}
	if right {
		r.add(look, spaces(room))
	}
	for i, part := range parts {
		partLook := look
		if i%2 == 1 {
			partLook = lookMark
		}
		r.add(partLook, part)
	}
	if !right {
		r.add(look, spaces(room))
	}
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
	plain := [...]lipgloss.Style{s.Cell, s.Dim, s.Null, s.Missing, s.Mark, r.l.Faint, s.Cursor}
	onRow := [...]lipgloss.Style{s.Row, s.RowDim, s.RowNull, s.RowMissing, s.Mark, s.RowMissing, s.Cursor}
	if r.current {
		return onRow[r.look]
	}
	return plain[r.look]
}

// lookOf is the look of a cell by what it holds.
func lookOf(cell item.Cell) cellLook {
	switch cell.Kind() {
	case item.CellMissing:
		return lookMissing
	case item.CellNull:
		return lookNull
	case item.CellArray, item.CellObject:
		return lookDim
	case item.CellString:
		if isURL(cell) {
			return lookDim
		}
	case item.CellBool, item.CellNumber:
	}
	return lookPlain
}

// urlSchemeSize is how many bytes of JSON may hold a scheme, its slashes escaped.
const urlSchemeSize = 24

// isURL tells whether a cell holds the address of a web page.
func isURL(cell item.Cell) bool {
	if cell.Kind() != item.CellString {
		return false
	}
	scheme, _, found := strings.Cut(cell.Preview(urlSchemeSize).Raw(), "://")
	return found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}
