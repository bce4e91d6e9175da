package pages

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/cursor"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// Mouse handles an event of the mouse. A double click on a page has the effect of Enter.
func (t *Tab) Mouse(m screen.Mouse) tea.Cmd {
	if t.profile == nil || len(t.profile.Pages) == 0 {
		return nil
	}
	if m.Kind == screen.MouseWheel && m.Wheel.X != 0 {
		if m.Wheel.X > 0 {
			return t.move(cursor.Right)
		}
		return t.move(cursor.Left)
	}
	list, _, isWide := t.areas()
	if at, isColumn := newPageView(t).columnAt(m.At); isWide && isColumn && m.IsClick() {
		t.column = at
		t.follow()
		return nil
	}
	header, rows := layout.Below(list, 1)
	rows, _ = layout.Below(rows, t.rows())
	isOnRow := m.OnList(&t.list, rows)
	if isOnRow || m.IsClick() && m.At.In(header) {
		t.selectColumnAt(m.At.X - t.area.Min.X)
	}
	if isOnRow && m.Kind == screen.MouseDouble {
		return t.openPage()
	}
	return nil
}

// selectColumnAt moves the cursor to the column at cell x of a line. It does nothing if no column is there.
func (t *Tab) selectColumnAt(x int) {
	for i := range t.layout.columns {
		if from := cursorWidth + t.layout.columnAt(i); x >= from && x < from+t.layout.widths[i] {
			t.column = t.layout.from + i
			t.follow()
			return
		}
	}
}
