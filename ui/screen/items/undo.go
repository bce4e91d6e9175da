package items

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/ui/action"
	"sbwatch/ui/screen/items/views"
)

// undoActions lists the actions that undo and redo changes of the view.
func (t *Tab) undoActions() action.Table {
	undo := func(id, title, key string, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "view." + id, Group: action.GroupView, Title: title, Keys: []string{key}, Enabled: enabled, Run: run}
	}
	return action.Table{
		undo("undo", "undo filter, sort or layout", "Z", t.views.CanUndo(), func() tea.Cmd { return t.showView("undid ", t.views.Undo) }),
		undo("redo", "redo", "X", t.views.CanRedo(), func() tea.Cmd { return t.showView("redid ", t.views.Redo) }),
	}
}

func (b *browser) view(filters []item.Filter) views.View {
	return views.View{Filters: slices.Clone(filters), Sort: slices.Clone(b.table.Sorted()), Layout: b.table.Layout()}
}

// recordView records the view after the user has changed it.
func (t *Tab) recordView() { t.views.Record(t.view(t.filter.filters)) }

// syncView updates the current view after a change by the program. The user cannot undo such a change.
func (t *Tab) syncView() { t.views.Sync(t.view(t.filter.filters)) }

// showView shows an earlier or later view. The function step returns this view and a description of the change, such as
// "filter". The message to the user starts with prefix, such as "undid ".
func (t *Tab) showView(prefix string, step func() (views.View, string)) tea.Cmd {
	v, change := step()
	var cmds []tea.Cmd
	previous := t.view(t.filter.filters)
	if views.Change(views.View{Layout: previous.Layout}, views.View{Layout: v.Layout}) != "" {
		cmds = append(cmds, t.showLayout(v.Layout))
	}
	if views.Change(views.View{Filters: previous.Filters, Sort: previous.Sort}, views.View{Filters: v.Filters, Sort: v.Sort}) != "" {
		t.table.SetSorted(v.Sort)
		cmds = append(cmds, t.filter.setFilters(v.Filters))
	}
	t.syncView()
	t.env.Say(prefix + change)
	return tea.Batch(cmds...)
}

// showLayout applies a layout and returns a command that saves it. The cursor stays in its column if that column is
// visible.
func (t *Tab) showLayout(layout item.Layout) tea.Cmd {
	column, key := t.table.Path(), t.table.Key()
	computed := t.table.Layout().Computed
	t.table.SetKey(optional.Value[item.Path]{})
	t.table.SetLayout(layout)
	t.table.SelectPath(column)
	cmds := []tea.Cmd{t.columns.fitParts()}
	if !slices.Equal(computed, layout.Computed) {
		cmds = append(cmds, t.env.Send(ComputedMsg{column}))
	}
	if t.table.Key() != key {
		cmds = append(cmds, t.env.Send(KeyMarkedMsg{}))
	}
	t.syncView()
	return tea.Batch(append(cmds, t.columns.layoutEdited())...)
}
