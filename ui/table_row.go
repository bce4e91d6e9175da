package ui

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model"
	"sbwatch/ui/draw"
)

// How the rows of the table are drawn.

// view draws the table on w by h cells.
func (t *table) view(p draw.Painter, w, h int) []string {
	top, left := t.scrolled(p, w, h)
	shown := t.columnsFrom(p, left, w)
	lines := []string{t.header(p, shown, w)}
	readers := make([]*model.Reader, len(shown))
	for i, c := range shown {
		readers[i] = t.items.Reader(t.columns.path(c.index))
	}
	for row := top; row < t.len() && len(lines) < h; row++ {
		lines = append(lines, t.line(p, row, shown, readers, w))
	}
	return lines
}

func (t *table) header(p draw.Painter, shown []shownColumn, w int) string {
	_, number, page := t.fixedWidth()
	var b strings.Builder
	b.WriteString(draw.Spaces(2) + p.Table.Header.Render(p.FitRight("#", number)))
	if page > 0 {
		b.WriteString(draw.Spaces(columnGap) + p.Table.Header.Render(p.FitRight("pg", page)))
	}
	for _, c := range shown {
		b.WriteString(t.gapBefore(p, c))
		style := p.Table.Header
		if c.index == t.column {
			style = p.Table.HeaderCursor
		}
		b.WriteString(style.Render(t.align(p, c, t.headerText(c.index))))
	}
	return p.Fit(b.String(), w)
}

// gapBefore is the space before a column, with a line in it where those end that stand still.
func (t *table) gapBefore(p draw.Painter, c shownColumn) string {
	if c.behind {
		return " " + p.Faint.Render("│") + " "
	}
	return draw.Spaces(columnGap)
}

// align fits a text to a column.
func (t *table) align(p draw.Painter, c shownColumn, text string) string {
	if t.standsRight(c) {
		return p.FitRight(text, c.width)
	}
	return p.Fit(text, c.width)
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
func (t *table) line(p draw.Painter, row int, shown []shownColumn, readers []*model.Reader, w int) string {
	current := row == t.row
	item := t.item(row)
	_, number, page := t.fixedWidth()
	marker := "  "
	if current {
		marker = "▸ "
	}
	runs := lineRuns{p: p, current: current}
	runs.add(lookDim, p.FitRight(model.Count(int64(item+1)), number))
	if page > 0 {
		runs.gap()
		runs.add(lookDim, p.FitRight(strconv.Itoa(t.items.Page(item)), page))
	}
	for i, c := range shown {
		if c.behind {
			runs.divide()
		} else {
			runs.gap()
		}
		t.cellRuns(&runs, c, readers[i].Cell(item), current && c.index == t.column)
	}
	return p.Accent.Render(marker) + runs.end(w-len("  "))
}

// cellRuns draws a cell, with what is searched for marked in it.
func (t *table) cellRuns(runs *lineRuns, c shownColumn, cell model.Cell, cursor bool) {
	look := lookOf(cell)
	if cursor {
		look = lookCursor
	}
	if parts := markedParts(runs.p, cell, t.marks, c.width); parts != nil {
		runs.addMarked(look, parts, c.width, t.standsRight(c))
		return
	}
	runs.add(look, t.align(runs.p, c, cellText(cell)))
}

// lineRuns puts a row together from cells. Cells that look alike are rendered together, since rendering is what a frame
// takes its time for.
type lineRuns struct {
	p       draw.Painter
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
	r.width += r.p.Width(text)
}

// gap is the space between columns, which is never part of the cursor.
func (r *lineRuns) gap() {
	if r.look == lookCursor {
		r.flush()
		r.look = lookPlain
	}
	r.run.WriteString(draw.Spaces(columnGap))
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
		room -= r.p.Width(part)
	}
	if right {
		r.add(look, draw.Spaces(room))
	}
	for i, part := range parts {
		partLook := look
		if i%2 == 1 {
			partLook = lookMark
		}
		r.add(partLook, part)
	}
	if !right {
		r.add(look, draw.Spaces(room))
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
		r.add(lookPlain, draw.Spaces(rest))
	}
	r.flush()
	return r.done.String()
}

func (r *lineRuns) style() lipgloss.Style {
	s := r.p.Table
	plain := [...]lipgloss.Style{s.Cell, s.Dim, s.Null, s.Missing, s.Mark, r.p.Faint, s.Cursor}
	onRow := [...]lipgloss.Style{s.Row, s.RowDim, s.RowNull, s.RowMissing, s.Mark, s.RowMissing, s.Cursor}
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
