package history

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/cursor"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// Mouse handles an event of the mouse. A double click on a recipe opens it.
func (s *Recipes) Mouse(m screen.Mouse) tea.Cmd {
	_, rows := layout.Below(s.env.Frame.Body, 1) // below the header
	if len(s.shown) > 0 && m.OnList(&s.list, rows) && m.Kind == screen.MouseDouble {
		key, _ := s.selected()
		return func() tea.Msg { return OpenRecipeMsg{key} }
	}
	return nil
}

// Mouse handles an event of the mouse.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd { return s.panel.Mouse(m) }

// Mouse handles an event of the mouse. A double click on a run opens it.
func (t *Panel) Mouse(m screen.Mouse) tea.Cmd {
	if t.study == nil || len(t.study.runs) == 0 {
		return nil
	}
	l := t.layout()
	charts, matrix, list := l.areas(t.area)
	switch {
	case m.Kind == screen.MouseWheel:
		return t.turnWheel(m.Wheel)
	case !m.IsClick():
		return nil
	case m.Kind == screen.MouseDouble && (m.At.In(matrix) || m.At.In(list)):
		if r, _, _ := t.Selected(); t.isCurrent(r) {
			return nil
		}
		return t.open() // the first press of the double click has selected the run
	case m.At.In(list):
		t.selectRun(t.newestListed(l) - (m.At.Y - list.Min.Y))
	case m.At.In(charts) || m.At.In(matrix):
		from, to := t.visible(l)
		if x := m.At.X - t.area.Min.X - l.label; x >= 0 && x/l.runWidth < to-from {
			t.selectRun(from + x/l.runWidth)
		}
		if column := t.firstColumn + m.At.Y - matrix.Min.Y; m.At.In(matrix) && column < len(t.study.columns) {
			t.column, t.hasMoved = column, true
		}
	}
	return nil
}

// turnWheel moves the cursor after a turn of the wheel. A sideways turn goes from run to run. Any other turn goes from
// column to column.
func (t *Panel) turnWheel(by image.Point) tea.Cmd {
	moves := []cursor.Move{}
	for range max(by.X, -by.X) {
		moves = append(moves, map[bool]cursor.Move{true: cursor.Right, false: cursor.Left}[by.X > 0])
	}
	for range max(by.Y, -by.Y) {
		moves = append(moves, map[bool]cursor.Move{true: cursor.Down, false: cursor.Up}[by.Y > 0])
	}
	for _, move := range moves {
		t.move(move)
	}
	return nil
}

// selectRun moves the cursor to run i if there is one.
func (t *Panel) selectRun(i int) {
	if i >= 0 && i < len(t.study.runs) {
		t.run, t.hasMoved = i, true
	}
}
