package overview

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/cursor"
	uilayout "sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// Mouse handles an event of the mouse. A double click on a run opens it. A click on a title sorts by its column.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd {
	s.hold()
	switch {
	case m.Wheel.X > 0:
		return s.move(cursor.Right)
	case m.Wheel.X < 0:
		return s.move(cursor.Left)
	}
	list, _, _ := areas(s)
	_, below := uilayout.Below(list, s.headHeight()-1)
	header, rows := uilayout.Below(below, 1)
	rows, _ = uilayout.Below(rows, s.listHeight())
	f, isField := s.layout.fieldAt(m.At.X - rows.Min.X)
	isOnRow := m.OnList(&s.list, rows)
	isOnHeader := m.IsClick() && m.At.In(header) && len(s.entries) > 0
	if isField && (isOnRow || isOnHeader) {
		s.column = f
		s.arrange()
	}
	if isField && isOnHeader {
		s.sort()
	}
	s.notePosition()
	if isOnRow && m.Kind == screen.MouseDouble {
		return s.open()
	}
	return nil
}
