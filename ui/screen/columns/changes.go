package columns

import (
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen/finding"
)

// ShowRunMsg asks to open the run whose id is RunID, with the cursor in Column.
type ShowRunMsg struct{ RunID, Column text.Text }

// ShowAllItemsMsg asks to show the Items tab without changing its filters.
type ShowAllItemsMsg struct{}

// SetChanges shows the differences between the run and earlier runs of its recipe. judgment is nil if the differences
// are unknown. The cursor stays on its line.
func (t *Tab) SetChanges(judgment *baseline.Judgment) {
	var selected entry
	if at := t.list.Cursor(); at < len(t.entries) {
		selected = t.entries[at]
	}
	before := len(t.changes)
	t.changes = nil
	if judgment != nil {
		t.changes = judgment.Changes
	}
	t.listEntries()
	if at := t.list.Cursor(); at > 0 && selected.change == nil {
		t.list.Select(at + len(t.changes) - before)
	}
	t.list.Follow(t.area.Dy() - 1)
}

func (e entry) isColumn() bool { return e.change == nil && e.finding == nil && !e.isKey }

// selectedChange returns the difference at the cursor, or nil.
func (t *Tab) selectedChange() *baseline.Change {
	if at := t.list.Cursor(); !t.detail.open && at < len(t.entries) {
		return t.entries[at].change
	}
	return nil
}

// openTitle returns the title of the action that Enter runs. c is the difference at the cursor, or nil if the cursor is
// on another kind of line.
func openTitle(c *baseline.Change) string {
	if c != nil && c.Kind == baseline.Vanished {
		return "open the last run with this column"
	}
	return "show items"
}

// openChange shows the items that a difference from earlier runs is about, such as the items without a price. If a
// column has vanished, openChange opens the last run that had the column.
func (t *Tab) openChange(c baseline.Change) tea.Cmd {
	if c.Kind == baseline.Vanished {
		return t.env.Send(ShowRunMsg{c.LastRun, c.Column})
	}
	place, found := t.items.FindPlace(c.Column.Raw())
	if !c.Subject.OfColumn() || !found {
		return t.env.Send(ShowAllItemsMsg{})
	}
	filter := profile.WithPresence(place, item.Present)
	if c.IsData() && c.Subject == baseline.Coverage {
		filter = profile.Without(place)
	}
	return t.env.Send(finding.ShowItemsMsg{Filter: filter, Column: optional.Some(place.Column())})
}

func changeMark(p draw.Painter, c *baseline.Change) (string, lipgloss.Style) {
	severity := profile.Note
	switch {
	case c.Worse && c.Severity == baseline.Error:
		severity = profile.Error
	case c.Worse && c.Severity == baseline.Warning:
		severity = profile.Warning
	}
	return finding.Mark(severity), finding.Style(p, severity)
}
