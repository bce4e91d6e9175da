// Package list implements a list of rows with a cursor. The rows may not all fit on the screen.
//
// The owner sets the number of rows with [List.SetLen] and draws the rows that [List.View] asks for. With
// [List.SetStops] the cursor skips rows such as headings.
package list

import (
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
)

// List is a list of rows with a cursor. The zero value has no rows.
type List struct {
	n           int // number of rows
	cursor, top int // row of the cursor, and first visible row
	// stops reports whether the cursor can be on a row. If stops is nil, the cursor can be on all rows.
	stops func(row int) bool
}

// SetLen sets the number of rows.
func (l *List) SetLen(n int) { l.n = n }

// SetStops sets a function that reports whether the cursor can be on a row. The cursor skips other rows. If the
// function is nil, the cursor can be on all rows.
func (l *List) SetStops(stops func(row int) bool) { l.stops = stops }

// Cursor returns the row of the cursor.
func (l *List) Cursor() int { return l.cursor }

// Select moves the cursor to a row. Call [List.Follow] to scroll to it.
func (l *List) Select(row int) { l.cursor = row }

// Move moves the cursor in a window of h rows, and scrolls so that the cursor is visible.
func (l *List) Move(m cursor.Move, h int) {
	previous := l.cursor
	by := 1
	if l.cursor = m.Apply(l.cursor, l.n, h); l.cursor < previous {
		by = -1
	}
	if m == cursor.LastRow {
		by = -1
	}
	if m == cursor.FirstRow {
		by = 1
	}
	l.cursor = l.stopAt(l.cursor, by)
	if m.IsPage() {
		l.top = max(0, l.top+l.cursor-previous) // scrolls by a page: the cursor keeps its line on the screen
	}
	l.Follow(h)
}

// stopAt returns the nearest row that the cursor can be on. It looks at row itself first, then at the rows below (by =
// 1) or above (by = -1), and finally in the other direction. If there is no such row, it returns row.
func (l *List) stopAt(row, by int) int {
	for _, step := range [...]int{by, -by} {
		for at := row; at >= 0 && at < l.n; at += step {
			if l.isStop(at) {
				return at
			}
		}
	}
	return row
}

func (l *List) isStop(row int) bool { return l.stops == nil || l.stops(row) }

// Follow scrolls so that the cursor is visible in a window of h rows. If the list begins or ends
// with rows that the cursor skips, such as headings, they are shown together with the nearest row that the cursor can
// reach.
func (l *List) Follow(h int) {
	h = max(1, h)
	l.cursor = min(max(0, l.cursor), max(0, l.n-1))
	first, last := l.cursor, l.cursor
	for first > 0 && !l.isStop(first-1) {
		first--
	}
	for last < l.n-1 && !l.isStop(last+1) {
		last++
	}
	if last == l.n-1 {
		l.top = max(l.top, last-h+1)
	}
	if first == 0 {
		l.top = 0
	}
	l.top = max(0, min(max(l.top, l.cursor-h+1), l.cursor, l.n-h))
}

// Scroll scrolls by a number of rows in a window of h rows. The cursor moves only if it would otherwise not be visible.
func (l *List) Scroll(by, h int) {
	h = max(1, h)
	direction := 1
	if by < 0 {
		direction = -1
	}
	l.top = max(0, min(l.top+by, l.n-h))
	if at := max(l.top, min(l.cursor, l.top+h-1, l.n-1)); at != l.cursor {
		l.cursor = max(0, l.stopAt(at, direction))
	}
	if l.cursor < l.top || l.cursor >= l.top+h {
		l.Follow(h)
	}
}

// RowAt returns the row at a line of the view. It returns false if no row is at the line, or if the cursor cannot be on
// the row.
func (l *List) RowAt(line int) (row int, found bool) {
	row = l.top + line
	return row, line >= 0 && row < l.n && l.isStop(row)
}

// View draws the rows that are visible in a window of h lines. The function row returns the content of a row. The row
// of the cursor has a marker.
func (l *List) View(p draw.Painter, h int, row func(i int) string) []string {
	var lines []string
	for i := l.top; i < l.n && len(lines) < h; i++ {
		lines = append(lines, p.Row(row(i), i == l.cursor && l.isStop(i)))
	}
	return lines
}

// Position returns the position of the cursor, such as "3 of 12". It returns "" if there are no rows.
func (l *List) Position() string {
	if l.n == 0 {
		return ""
	}
	if l.stops == nil {
		return cursor.Of(l.cursor+1, l.n)
	}
	at, n := 0, 0
	for row := range l.n {
		if l.stops(row) {
			n++
			if row <= l.cursor {
				at++
			}
		}
	}
	return cursor.Of(at, n)
}

// MoveTo moves the cursor to row after the rows have changed. The list scrolls as far as the cursor moves, so that the
// cursor keeps its line on the screen. Call [List.Follow] afterwards, because there may be too few rows to scroll so
// far.
func (l *List) MoveTo(row int) {
	l.top += row - l.cursor
	l.cursor = row
}
