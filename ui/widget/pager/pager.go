// Package pager implements a scrollable text.
//
// The owner lays out the lines for the width of the screen and sets them with [Pager.SetLines]. The pager keeps the
// scroll position and draws the visible lines.
package pager

import (
	"sbwatch/ui/cursor"
)

// Pager is a scrollable text. The zero value is empty.
type Pager struct {
	lines  []string
	offset int // first visible line; may be too large for the current text
}

// SetLines replaces the text. The scroll position stays the same if the new text is long enough.
func (p *Pager) SetLines(lines []string) { p.lines = lines }

// Lines returns all lines of the text.
func (p *Pager) Lines() []string { return p.lines }

// Move scrolls the text in a window of h lines.
func (p *Pager) Move(m cursor.Move, h int) {
	p.offset = m.Apply(p.offset, len(p.lines)-h+1, h)
}

// ScrollTo scrolls until line is at the top of a window of h lines, or until the end of the text is visible.
func (p *Pager) ScrollTo(line, h int) {
	p.offset = max(0, min(line, len(p.lines)-h))
}

// Scroll scrolls by a number of lines in a window of h lines.
func (p *Pager) Scroll(by, h int) { p.ScrollTo(p.from(h)+by, h) }

// Top returns the index of the line to which the text was last scrolled.
func (p *Pager) Top() int { return p.offset }

// View returns the visible lines of a window of h lines.
func (p *Pager) View(h int) []string {
	from := p.from(h)
	return p.lines[from:min(len(p.lines), from+max(0, h))]
}

// Position returns the range of the visible lines, such as "lines 12-40 of 300". It returns "" if all lines are
// visible.
func (p *Pager) Position(h int) string {
	if len(p.lines) <= h {
		return ""
	}
	from := p.from(h)
	return "lines " + cursor.Range(from+1, min(len(p.lines), from+h), len(p.lines))
}

// from returns the index of the first visible line for the current text in a window of h lines.
func (p *Pager) from(h int) int { return min(p.offset, max(0, len(p.lines)-h)) }
