package help

import (
	"image"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/action"
	"sbwatch/ui/screen"
)

// Mouse scrolls the list. A click on an enabled action closes the help and runs the action.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd {
	list := s.list()
	switch {
	case m.Kind == screen.MouseWheel:
		s.lay(list)
		s.pager.Scroll(m.Wheel.Y, max(1, list.Dy()))
	case m.Kind == screen.MousePress && m.At.In(list):
		if clicked, found := s.actionAt(list, m.At); found {
			s.env.Layers.Close(s)
			return clicked.Run()
		}
	}
	return nil
}

// actionAt returns the enabled action at a cell of the list. It returns false if there is none.
func (s *Screen) actionAt(list image.Rectangle, at image.Point) (action.Action, bool) {
	s.lay(list)
	p, w, x := s.env.Painter, list.Dx(), at.X-list.Min.X
	from, to := 0, w
	if w >= 2*columnWidth {
		from, to = w/2*(x/max(1, w/2)), w/2*(x/max(1, w/2)+1)
	}
	rows := s.pager.View(max(1, list.Dy()))
	row := at.Y - list.Min.Y
	if row >= len(rows) {
		return action.Action{}, false
	}
	clicked := strings.TrimSpace(ansi.Cut(ansi.Strip(rows[row]), from, to))
	for _, a := range s.table() {
		if !a.Enabled || a.Title == "" {
			continue
		}
		title := p.Wrap(a.Title, max(1, to-from-keyWidth-3))[0]
		if clicked == strings.TrimSpace(p.Fit(a.KeyText(), keyWidth)+" "+title) {
			return a, true
		}
	}
	return action.Action{}, false
}
