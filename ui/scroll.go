package ui

import (
	"sbwatch/ui/cursor"
)

// scroll is a place in lines of which only some show.
type scroll struct{ offset int }

// move goes where a movement asks for among so many lines, of which h show.
func (s *scroll) move(m cursor.Move, lines, h int) {
	s.offset = m.Apply(s.offset, lines-h+1, h)
}

// window are the lines that show. The offset is held within them, whatever became of the lines or the height.
func (s scroll) window(lines []string, h int) []string {
	from := min(s.offset, max(0, len(lines)-h))
	return lines[from:min(len(lines), from+max(0, h))]
}

// position tells how far one has scrolled, or is empty where all lines show: "lines 12-40 of 300".
func (s scroll) position(lines, h int) string {
	if lines <= h {
		return ""
	}
	from := min(s.offset, max(0, lines-h))
	return "lines " + cursor.Range(from+1, min(lines, from+h), lines)
}
