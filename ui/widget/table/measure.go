package table

import "sbwatch/model/item"

// measure determines how many lines each row takes. A row is as high as its highest cell. Only rows near the visible
// rows are read.
type measure struct {
	grid
	shown []shownColumn
	lines int // number of lines below the headers
	// wraps reports whether the cells of at least one shown column may take several lines.
	wraps bool
	// onlyKnown reports whether to read no values, because View draws a frame. Values that were not read yet are then
	// unknown.
	onlyKnown bool
}

// measure prepares the computation of row heights in a table of h lines, headers included. first is the first column
// that is shown to the right of the frozen columns.
func (g grid) measure(first, h int) measure {
	m := measure{grid: g, shown: g.columnsFrom(first), lines: max(1, h-headerHeight)}
	for _, c := range m.shown {
		m.wraps = m.wraps || m.linesOf(c) > 1
	}
	return m
}

// value returns the value of a column. It returns false if the value is not known yet.
func (m measure) value(c shownColumn, item int) (value item.Cell, isKnown bool) {
	path := m.columns.path(c.index)
	if m.onlyKnown {
		return m.values.find(m.items, item, path)
	}
	return m.values.read(m.items, item, path)
}

// linesOf returns how many lines the text of a cell may take in column c. It returns 1 for a column of numbers that is
// cut at the edge of the screen.
func (m measure) linesOf(c shownColumn) int {
	if !c.whole && m.isNumeric(c.index) {
		return 1
	}
	return min(m.columns.linesOf(c.index), m.lines)
}

// cellLines returns the lines of a cell in a column, or nil if the cell takes one line. Each line is a list of parts;
// parts at odd indexes are highlighted.
func (m measure) cellLines(c shownColumn, item int) [][]string {
	n := m.linesOf(c)
	if n <= 1 {
		return nil
	}
	value, isKnown := m.value(c, item)
	if !isKnown {
		return nil
	}
	if _, isFormatted := m.text(c.index, value); isFormatted {
		return nil
	}
	return wrapCell(m.p, value, m.marker, c.width, n)
}

// height returns the number of lines of a row.
func (m measure) height(row int) int {
	height := 1
	if !m.wraps {
		return height
	}
	item := m.Item(row)
	for _, c := range m.shown {
		height = max(height, len(m.cellLines(c, item)))
	}
	return height
}

// firstBefore returns the first row of a screen whose last row is lastRow.
func (m measure) firstBefore(lastRow int) int {
	if lastRow < 0 {
		return 0
	}
	if !m.wraps {
		return max(0, lastRow-m.lines+1)
	}
	first, used := lastRow, m.height(lastRow)
	for first > 0 {
		if used += m.height(first - 1); used > m.lines {
			break
		}
		first--
	}
	return first
}

// lastFrom returns the last fully visible row of a screen whose first row is firstRow.
func (m measure) lastFrom(firstRow int) int {
	if !m.wraps {
		return firstRow + m.lines - 1
	}
	last, used := firstRow, m.height(firstRow)
	for last < m.Len()-1 {
		if used += m.height(last + 1); used > m.lines {
			break
		}
		last++
	}
	return last
}

// top returns the first visible row. It scrolls as little as necessary to show the row at the cursor in full, and
// leaves no blank lines below the last row.
func (m measure) top() int {
	if m.Len() == 0 {
		return 0
	}
	top := min(m.Table.top, m.row)
	if top <= m.row-m.lines || m.wraps && top < m.row {
		top = max(top, m.firstBefore(m.row))
	}
	if top > m.Len()-m.lines { // otherwise the rows fill all lines
		top = min(top, m.firstBefore(m.Len()-1))
	}
	return max(0, top)
}

// page returns the number of rows that fit below the headers in a table of h lines.
func (g grid) page(h int) int {
	m := g.measure(g.firstColumn(), h)
	if !m.wraps || m.Len() == 0 {
		return m.lines
	}
	top := m.top()
	return m.lastFrom(top) - top + 1
}
