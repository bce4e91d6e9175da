package groups

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// Mouse handles an event of the mouse. A double click on a group adds a filter for its value.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd {
	if len(s.groups) == 0 {
		return nil
	}
	_, rows := layout.Below(m.Area, headerHeight)
	if isOnRow := m.OnList(&s.list, rows); isOnRow && m.Kind == screen.MouseDouble {
		return s.closeAnd(s.config.Keep)()
	}
	return nil
}
