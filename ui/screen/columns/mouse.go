package columns

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/profile"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// Mouse handles an event of the mouse. A double click on a line does what Enter does. A click on a title sorts.
func (t *Tab) Mouse(m screen.Mouse) tea.Cmd {
	switch header, rows := layout.Below(t.area, 1); {
	case t.profile == nil || len(t.entries) == 0:
	case t.detail.open:
		if m.OnList(&t.detail.list, t.area) && m.Kind == screen.MouseDouble {
			return t.openDetail()
		}
	case m.IsClick() && m.At.In(header):
		clickHeader(t, m.At.X-header.Min.X-cursorWidth)
	case m.OnList(&t.list, rows) && m.Kind == screen.MouseDouble:
		return t.openEntry()
	}
	return nil
}

// clickHeader sorts by the title at cell x of the header. If the lines are already sorted by it, clickHeader reverses them.
func clickHeader(t *Tab, x int) {
	for _, part := range t.entryWidths(t.area.Dx() - cursorWidth).parts() {
		if x < part.from || x >= part.from+part.width || part.by == byConcern {
			continue
		}
		s := sorting{by: part.by}
		if t.sorting.by == part.by {
			s.reversed = !t.sorting.reversed
		}
		t.sortBy(s)
		return
	}
}

// SelectFinding moves the cursor to the line of a finding: its own line or that of its column.
func SelectFinding(t *Tab, f profile.Finding) {
	if t.profile == nil {
		return
	}
	at := slices.IndexFunc(t.entries, func(e entry) bool {
		if f.Column >= 0 {
			return e.isColumn() && e.column == f.Column
		}
		return e.finding != nil && e.finding.Text == f.Text
	})
	if at >= 0 {
		t.closeDetail()
		t.list.Select(at)
		t.list.Follow(t.area.Dy() - 1)
	}
}
