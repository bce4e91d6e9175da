package checks

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// Mouse handles an event of the mouse. A double click on a rule has the effect of Enter.
func (t *Tab) Mouse(m screen.Mouse) tea.Cmd {
	l := t.layout()
	list, _, _ := t.areas()
	_, rows := layout.Below(list, len(l.intro)+1) // below the header
	rows, _ = layout.Below(rows, l.list)
	if len(t.verdicts) == 0 || !m.OnList(&t.list, rows) || m.Kind != screen.MouseDouble {
		return nil
	}
	if _, open := t.step(); open != nil {
		return open()
	}
	return nil
}
