// Package list moves a cursor through rows that may not all fit on the screen.
//
// The owner sets the number of rows with [List.SetLen] and draws those that [List.View] asks for.
package list

import (
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
)

// List is a cursor among rows. The zero value has no rows.
type List struct {
	n           int // number of rows
	cursor, top int // row of the cursor, and first visible row
}

// SetLen sets the number of rows.
func (l *List) SetLen(n int) { l.n = n }

// Cursor returns the cursor's row.
func (l *List) Cursor() int { return l.cursor }

// Select moves the cursor to a row. [List.Follow] scrolls to it.
func (l *List) Select(row int) { l.cursor = row }

// Move moves the cursor in a window of h rows and scrolls to it.
func (l *List) Move(m cursor.Move, h int) {
	previous := l.cursor
	l.cursor = m.Apply(l.cursor, l.n, h)
	if m.IsPage() {
		l.top = max(0, l.top+l.cursor-previous) // scroll by a page; the cursor keeps its line on the screen
	}
	l.Follow(h)
}

// Follow scrolls so that the cursor is in the window of h rows.
func (l *List) Follow(h int) {
	h = max(1, h)
	l.cursor = min(max(0, l.cursor), max(0, l.n-1))
	l.top = max(0, min(max(l.top, l.cursor-h+1), l.cursor, l.n-h))
}

// View draws the visible rows of a window of h lines, each as row returns it, with a marker at the cursor.
func (l *List) View(p draw.Painter, h int, row func(i int) string) []string {
	var lines []string
	for i := l.top; i < l.n && len(lines) < h; i++ {
		lines = append(lines, p.Row(row(i), i == l.cursor))
	}
	return lines
}

// Position describes the position of the cursor: "3 of 12". It is empty if there are no rows.
func (l *List) Position() string {
	if l.n == 0 {
		return ""
	}
	return cursor.Of(l.cursor+1, l.n)
}
