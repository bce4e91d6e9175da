package raw

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/screen"
)

// Mouse handles an event of the mouse. A double click on a nested value opens or folds it.
func (t *Tab) Mouse(m screen.Mouse) tea.Cmd {
	h := t.area.Dy()
	if m.Kind == screen.MouseWheel {
		t.tree.Scroll(m.Wheel.Y, h)
		return nil
	}
	i, found := t.tree.FieldAt(m.At.Y-t.area.Min.Y, h)
	if !m.IsClick() || !found {
		return nil
	}
	t.tree.Select(i, h)
	if f, known := t.tree.Field(); m.Kind == screen.MouseDouble && known && f.IsNested {
		t.fold(f, f.IsOpen)
	}
	return nil
}
