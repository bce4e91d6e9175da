// Package pager shows lines of text of which only some fit on the screen.
//
// The owner lays the lines out for the width of the screen and sets them with [Pager.SetLines]; the pager keeps the place
// and draws the lines that show.
package pager

import (
	"sbwatch/ui/cursor"
)

// Pager is a scrolled text. The zero value is empty.
type Pager struct {
	lines  []string
	offset int // the first line that shows, as far as there are so many lines
}

// SetLines replaces the text. The place stays where it is, as far as there is so much text.
func (p *Pager) SetLines(lines []string) { p.lines = lines }

// Lines returns the whole text.
func (p *Pager) Lines() []string { return p.lines }

// Move scrolls the text, of which h lines show.
func (p *Pager) Move(m cursor.Move, h int) {
	p.offset = m.Apply(p.offset, len(p.lines)-h+1, h)
}

// ScrollTo scrolls so that a line is the first of the h lines that show, or as near to the top as the end of the text
// allows.
func (p *Pager) ScrollTo(line, h int) {
	p.offset = max(0, min(line, len(p.lines)-h))
}

// Top returns the first line that shows, counted from 0, as the last movement left it.
func (p *Pager) Top() int { return p.offset }

// View returns the lines that show on h lines.
func (p *Pager) View(h int) []string {
	from := p.from(h)
	return p.lines[from:min(len(p.lines), from+max(0, h))]
}

// Position describes which lines show, such as "lines 12-40 of 300". It is empty where all of them do.
func (p *Pager) Position(h int) string {
	if len(p.lines) <= h {
		return ""
	}
	from := p.from(h)
	return "lines " + cursor.Range(from+1, min(len(p.lines), from+h), len(p.lines))
}

// from returns the first line that shows on h lines, whatever became of the text or the height since the last movement.
func (p *Pager) from(h int) int { return min(p.offset, max(0, len(p.lines)-h)) }
