package columns

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/profile"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// Mouse handles an event of the mouse. A double click on a line has the effect of Enter. A click on a title sorts the
// columns.
func (t *Tab) Mouse(m screen.Mouse) tea.Cmd {
	list, profile := areas(t)
	switch {
	case t.profile == nil || len(t.entries) == 0:
	case list != profile && m.At.In(profile) && m.IsClick() && !t.detail.open && t.selectedChange() == nil:
		return tea.Batch(t.openProfile(), pointAtDetail(t, m, profile))
	case t.detail.open && m.At.In(profile):
		return pointAtDetail(t, m, profile)
	case m.At.In(list):
		return pointAtList(t, m, list)
	}
	return nil
}

// pointAtDetail handles a mouse event on the open profile.
func pointAtDetail(t *Tab, m screen.Mouse, area image.Rectangle) tea.Cmd {
	if m.OnList(&t.detail.list, area) && m.Kind == screen.MouseDouble {
		return t.openDetail()
	}
	return nil
}

// pointAtList handles a mouse event on the list. A click on the list closes the profile next to the list.
func pointAtList(t *Tab, m screen.Mouse, area image.Rectangle) tea.Cmd {
	header, rows := layout.Below(area, 1)
	if m.IsClick() && t.detail.open {
		t.closeDetail()
	}
	switch {
	case m.IsClick() && m.At.In(header):
		clickHeader(t, m.At.X-header.Min.X-cursorWidth)
	case m.OnList(&t.list, rows) && m.Kind == screen.MouseDouble:
		return t.openEntry()
	}
	return nil
}

// clickHeader sorts by the title at cell x of the header. If the lines are already sorted by that title, clickHeader
// reverses their order.
func clickHeader(t *Tab, x int) {
	list, _ := areas(t)
	for _, part := range t.entryWidths(list.Dx() - cursorWidth).parts() {
		if x < part.from || x >= part.from+part.width || part.sortBy == byConcern {
			continue
		}
		s := sorting{by: part.sortBy}
		if t.sorting.by == part.sortBy {
			s.reversed = !t.sorting.reversed
		}
		t.sortBy(s)
		return
	}
}

// SelectFinding moves the cursor to a finding. If the finding has no line of its own, the cursor goes to the line of
// its column.
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
