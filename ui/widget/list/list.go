// Package list moves a cursor through rows that may not all fit on the screen.
//
// The owner sets the number of rows with [List.SetLen] and draws those that [List.View] asks for. With [List.SetStops]
// the cursor skips rows such as headings.
package list

import (
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
)

// List is a cursor among rows. The zero value has no rows.
type List struct {
	n           int // number of rows
	cursor, top int // row of the cursor, and first visible row
	// stops reports whether the cursor may be in a row; nil for all rows.
	stops func(row int) bool
}

// SetLen sets the number of rows.
func (l *List) SetLen(n int) { l.n = n }

// SetStops sets the rows that the cursor may be in; it skips the others. nil allows all rows.
func (l *List) SetStops(stops func(row int) bool) { l.stops = stops }

// Cursor returns the cursor's row.
func (l *List) Cursor() int { return l.cursor }

// Select moves the cursor to a row. [List.Follow] scrolls to it.
func (l *List) Select(row int) { l.cursor = row }

// Move moves the cursor in a window of h rows and scrolls to it.
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
		l.top = max(0, l.top+l.cursor-previous) // scroll by a page; the cursor keeps its line on the screen
	}
	l.Follow(h)
}

// stopAt returns the nearest row at or after row in the direction of by that the cursor may be in, else the nearest in
// the other direction, else row.
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

// Follow scrolls so that the cursor is in the window of h rows, and with it the rows at the ends of the list that the
// cursor cannot reach.
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

// View draws the visible rows of a window of h lines, each as row returns it, with a marker at the cursor.
func (l *List) View(p draw.Painter, h int, row func(i int) string) []string {
	var lines []string
	for i := l.top; i < l.n && len(lines) < h; i++ {
		lines = append(lines, p.Row(row(i), i == l.cursor && l.isStop(i)))
	}
	return lines
}

// Position describes the position of the cursor: "3 of 12". It is empty if there are no rows.
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

// MoveTo moves the cursor to a row, to which the one under the cursor has moved, and scrolls so that it keeps its line on
// the screen. [List.Follow] corrects that where there are too few rows.
func (l *List) MoveTo(row int) {
	l.top += row - l.cursor
	l.cursor = row
}
