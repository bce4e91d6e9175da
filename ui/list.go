package ui

import (
	"sbwatch/ui/cursor"
)

// list is a cursor in lines of which only some show.
type list struct{ at, top int }

// move goes where a movement asks for among n lines, of which h show.
func (s *list) move(m cursor.Move, n, h int) {
	before := s.at
	s.at = m.Apply(s.at, n, h)
	if m.IsPage() {
		s.top = max(0, s.top+s.at-before)
	}
	s.follow(n, h)
}

// follow scrolls so that the cursor shows.
func (s *list) follow(n, h int) {
	h = max(1, h)
	s.at = min(max(0, s.at), max(0, n-1))
	s.top = max(0, min(max(s.top, s.at-h+1), s.at, n-h))
}

// position tells where the cursor is: "3 of 12".
func (s *list) position(n int) string {
	if n == 0 {
		return ""
	}
	return cursor.Of(s.at+1, n)
}
