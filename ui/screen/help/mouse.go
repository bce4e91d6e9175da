package help

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/screen"
)

// Mouse scrolls the list.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd {
	if m.Kind == screen.MouseWheel {
		list := s.list()
		s.lay(list)
		s.pager.Scroll(m.Wheel.Y, max(1, list.Dy()))
	}
	return nil
}
