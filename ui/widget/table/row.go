package table

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
)

// View draws the table on w by h terminal cells: a line of headers, then the rows that fit. It shows "…" for values that
// [Cells.Fill] has not read.
func (t *Table) View(p draw.Painter, w, h int) []string {
	d := newDrawing(t, p, w, h, true)
	d.styles = stylesOf(p)
	lines := []string{d.header()}
	for row := d.from; row < t.Len() && len(lines) < h; row++ {
		lines = append(lines, d.row(row)...)
	}
	return lines[:min(len(lines), max(1, h))]
}

// drawing draws one frame of a table.
type drawing struct {
	measure
	styles       cellStyles
	from         int // first visible row
	fixed        int // width of the part to the left of the columns
	number, page int // widths of the row number and the page number in that part
}

// newDrawing returns the drawing of a table on w by h terminal cells. If onlyKnown is true, it reads no values.
func newDrawing(t *Table, p draw.Painter, w, h int, onlyKnown bool) drawing {
	g := grid{t, p, w}
	d := drawing{measure: g.measure(g.firstColumn(), h)}
	d.onlyKnown = onlyKnown
	d.from = d.top()
	d.fixed, d.number, d.page = d.fixedWidth()
	return d
}

func (d *drawing) header() string {
	p := d.p
	var b strings.Builder
	b.WriteString(draw.Spaces(cursorMarkRoom) + p.Table.Header.Render(p.FitRight("#", d.number)))
	if d.page > 0 {
		b.WriteString(draw.Spaces(columnGap) + p.Table.Header.Render(p.FitRight("pg", d.page)))
	}
	over := 0
	for i, c := range d.shown {
		if c.afterFrozen {
			b.WriteString(draw.Spaces(1-over) + p.Faint.Render("│") + " ")
		} else {
			b.WriteString(draw.Spaces(c.gap() - over))
		}
		style := p.Table.Header
		if c.index == d.column {
			style = p.Table.HeaderCursor
		}
		before, name, after := d.title(c.index)
		room := c.width
		if isLast := i == len(d.shown)-1; after != "" && !isLast {
			room++ // the mark may take the first cell of the gap
		}
		title := p.Title(before, name, after, room)
		over = max(0, p.Width(title)-c.width)
		if over == 0 {
			title = d.align(c, title)
		}
		b.WriteString(style.Render(title))
	}
	return p.Fit(b.String(), d.w)
}

// align aligns a text in its column: numbers to the right, other values to the left.
func (m measure) align(c shownColumn, text string) string {
	if m.alignsRight(c) {
		return m.p.FitRight(text, c.width)
	}
	return m.p.Fit(text, c.width)
}

func (m measure) alignsRight(c shownColumn) bool { return c.whole && m.isNumeric(c.index) }

// oneLine lays out a table cell on one line. If nothing in the cell is highlighted, it returns the text as line.
// Otherwise line is empty, and parts has the text in pieces; pieces at odd indexes are highlighted.
func (m measure) oneLine(c shownColumn, value item.Cell) (line string, parts []string) {
	text, isFormatted := m.text(c.index, value)
	switch {
	case isFormatted && m.p.Width(text) > c.width: // drop the padding rather than digits
		text = strings.TrimRight(text, " ")
	case !isFormatted:
		padding := draw.Spaces(m.padding(c, value, text))
		if parts := markedParts(m.p, value, m.marker, c.width); parts != nil {
			parts[len(parts)-1] += padding
			return "", parts
		}
		text += padding
	}
	text = m.align(c, text)
	if isFormatted && m.marker != nil {
		if _, spans := findMarks(value, m.marker, cell.PreviewSize); len(spans) > 0 {
			number := strings.TrimSpace(text) // the match is in the unformatted value, so highlight the whole number
			before, after, _ := strings.Cut(text, number)
			return "", []string{before, number, after}
		}
	}
	return text, nil
}

// row draws one row of the table, which may take several lines.
func (d *drawing) row(row int) []string {
	isCurrent := row == d.Table.row
	item := d.Item(row)
	var cells [][][]string // the lines of those table cells that may take several lines
	height := 1
	if d.wraps {
		cells = make([][][]string, len(d.shown))
		for i, c := range d.shown {
			cells[i] = d.cellLines(c, item)
			height = max(height, len(cells[i]))
		}
	}
	lines := make([]string, min(height, d.lines))
	for n := range lines {
		line := lineBuilder{p: d.p, styles: &d.styles.plain}
		if isCurrent {
			line.styles = &d.styles.current
		}
		marker := d.leftEnd(&line, item, isCurrent, n == 0)
		for i, c := range d.shown {
			if c.afterFrozen {
				line.divider()
			} else {
				line.gap()
			}
			value, isKnown := d.value(c, item)
			style := styleOf(value)
			if isCurrent && c.index == d.column {
				style = styleCursor
			}
			switch {
			case d.wraps && n < len(cells[i]):
				line.addMarked(style, cells[i][n], c.width, d.alignsRight(c))
			case n == 0 && !isKnown:
				line.add(style, d.align(c, "…"))
			case n == 0:
				d.cell(&line, c, value, style)
			default:
				line.add(style, draw.Spaces(c.width))
			}
		}
		if strings.TrimSpace(marker) != "" {
			marker = d.p.Accent.Render(marker) // spaces need no style, which would cost bytes in each row
		}
		lines[n] = marker + line.end(d.w-cursorMarkRoom)
	}
	return lines
}

// cell draws a table cell on one line.
func (d *drawing) cell(line *lineBuilder, c shownColumn, value item.Cell, style cellStyle) {
	text, parts := d.oneLine(c, value)
	if parts != nil {
		line.addMarked(style, parts, c.width, d.alignsRight(c))
		return
	}
	line.add(style, text)
}

// leftEnd draws the number of an item and, if there are pages, the number of its page. It returns the marks for the
// left edge, such as "▸●" for a marked item at the cursor. If isFirst is false, it draws and returns only spaces.
func (d *drawing) leftEnd(line *lineBuilder, item int, isCurrent, isFirst bool) (marker string) {
	if !isFirst {
		width := d.number
		if d.page > 0 {
			width += columnGap + d.page
		}
		line.add(styleDim, draw.Spaces(width))
		return draw.Spaces(cursorMarkRoom)
	}
	line.add(styleDim, d.p.FitRight(text.Count(int64(item+1)), d.number))
	if d.page > 0 {
		line.gap()
		line.add(styleDim, d.p.FitRight(strconv.Itoa(d.items.Page(item)), d.page))
	}
	switch isMarked := d.Marked != nil && d.Marked(item); {
	case isCurrent && isMarked:
		return "▸●"
	case isCurrent:
		return "▸ "
	case isMarked:
		return "● "
	}
	return draw.Spaces(cursorMarkRoom)
}

// cellStyle identifies the style of a cell. The style depends on the value and on whether the cursor is on the cell.
type cellStyle int

const (
	stylePlain cellStyle = iota
	styleDim
	styleNull
	styleMissing
	styleMark
	styleRule
	styleCursor
	cellStyleCount
)

// cellStyles holds the styles of cells in the row of the cursor, and in other rows.
type cellStyles struct {
	plain, current [cellStyleCount]*lipgloss.Style
}

func stylesOf(p draw.Painter) cellStyles {
	s := &p.Table
	return cellStyles{
		plain:   [...]*lipgloss.Style{&s.Cell, &s.Dim, &s.Null, &s.Missing, &s.Match, &p.Faint, &s.Cursor},
		current: [...]*lipgloss.Style{&s.Row, &s.RowDim, &s.RowNull, &s.RowMissing, &s.Match, &s.RowMissing, &s.Cursor},
	}
}

func styleOf(value item.Cell) cellStyle {
	switch value.Kind() {
	case item.CellMissing:
		return styleMissing
	case item.CellNull:
		return styleNull
	case item.CellArray, item.CellObject:
		return styleDim
	case item.CellString:
		if cell.IsURL(value) {
			return styleDim
		}
	case item.CellBool, item.CellNumber:
	}
	return stylePlain
}

// lineBuilder builds a row from cells. It renders adjacent cells of the same style together, because rendering takes
// most of the time of a frame.
type lineBuilder struct {
	p      draw.Painter
	styles *[cellStyleCount]*lipgloss.Style

	done    strings.Builder
	style   cellStyle // the style of pending
	pending strings.Builder
	width   int
}

func (l *lineBuilder) add(style cellStyle, text string) {
	if text == "" {
		return
	}
	if style != l.style {
		l.flush()
		l.style = style
	}
	l.pending.WriteString(text)
	l.width += l.p.Width(text)
}

// endCursor ends the style of the cursor. The gap after the cursor's cell must not have this style.
func (l *lineBuilder) endCursor() {
	if l.style == styleCursor {
		l.flush()
		l.style = stylePlain
	}
}

// gap adds the space between columns.
func (l *lineBuilder) gap() {
	l.endCursor()
	l.pending.WriteString(draw.Spaces(columnGap))
	l.width += columnGap
}

// divider adds a gap with the vertical line that follows the frozen columns.
func (l *lineBuilder) divider() {
	l.endCursor()
	l.add(stylePlain, " ")
	l.add(styleRule, "│")
	l.add(stylePlain, " ")
}

// addMarked adds a table cell that is w terminal cells wide. Its text is given in parts; parts at odd indexes are
// highlighted.
func (l *lineBuilder) addMarked(style cellStyle, parts []string, w int, alignRight bool) {
	room := w
	for _, part := range parts {
		room -= l.p.Width(part)
	}
	if alignRight {
		l.add(style, draw.Spaces(room))
	}
	for i, part := range parts {
		partStyle := style
		if i%2 == 1 {
			partStyle = styleMark
		}
		l.add(partStyle, part)
	}
	if !alignRight {
		l.add(style, draw.Spaces(room))
	}
}

func (l *lineBuilder) flush() {
	if l.pending.Len() > 0 {
		l.done.WriteString(l.styles[l.style].Render(l.pending.String()))
		l.pending.Reset()
	}
}

// end returns the row, filled with spaces to a width of w terminal cells.
func (l *lineBuilder) end(w int) string {
	if rest := w - l.width; rest > 0 {
		l.add(stylePlain, draw.Spaces(rest))
	}
	l.flush()
	return l.done.String()
}
