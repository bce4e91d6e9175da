package items

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/groups"
)

func (t *Tab) itemActions() action.Table {
	covers := t.itemCovers()
	anyRows := t.table.Len() > 0
	inItem := anyRows && t.inItem()
	f, known := t.item.tree.Field()
	isNested := inItem && known && f.IsNested
	item := func(id string, group action.Group, title string, keys []string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: id, Group: group, Title: title, Keys: keys, Rank: rank, Enabled: enabled, Run: run}
	}
	copyAs := item("copy.as", action.GroupExport, "copy as CSV, TSV, Markdown, JSON", []string{"C"}, 0, anyRows, action.Do(t.copies.chooseCopy))
	copyAs.Targets = t.copies.copyTargets
	return append(action.Moves(t.move, true, anyRows && !inItem),
		item("item.open", action.GroupView, "open", []string{"enter"}, 2, anyRows && !t.item.open, func() tea.Cmd { return t.openItem(t.table.Row()) }),
		item("item.focus", action.GroupView, "go to its fields", []string{"enter"}, 2, anyRows && t.item.open && !inItem, action.Do(func() { t.item.hasFocus = true })),
		item("item.open-nested", action.GroupView, "open", []string{"enter"}, 2, isNested && !f.IsOpen, func() tea.Cmd { return t.fold(true) }),
		item("item.open-nested-also", action.GroupView, "open", []string{"("}, 0, isNested && !f.IsOpen, func() tea.Cmd { return t.fold(true) }),
		item("item.fold", action.GroupView, "fold", []string{"enter"}, 2, isNested && f.IsOpen, func() tea.Cmd { return t.fold(false) }),
		item("item.fold-parent", action.GroupView, "fold", []string{")"}, 0, inItem, func() tea.Cmd { return t.fold(false) }),
		item("item.previous", action.GroupView, "previous item", []string{"h", "left"}, 16, anyRows && covers, func() tea.Cmd { return t.move(cursor.Left) }),
		item("item.next", action.GroupView, "next item", []string{"l", "right"}, 17, anyRows && covers, func() tea.Cmd { return t.move(cursor.Right) }),
		item("copy.cell", action.GroupExport, "copy", []string{"y"}, 11, anyRows, t.copies.copyCell),
		item("copy.item", action.GroupExport, "copy item as JSON", []string{"Y"}, 0, anyRows, t.copies.copyItem),
		copyAs,
		item("open-url", action.GroupExport, "open URL", []string{"o"}, 18, anyRows, t.openURL),
		item("show-image", action.GroupExport, "show image", []string{"I"}, 0, anyRows && t.config.FetchImage != nil, t.showImage),
		item("export", action.GroupExport, "export", []string{"e"}, 10, anyRows && t.config.Exporter != nil, action.Do(t.exports.open)),
	)
}

func (t *Tab) findActions() action.Table {
	anyItems := t.table.Items().Len() > 0
	inTable := anyItems && !t.itemCovers()
	inTableWithFilter := inTable && len(t.filter.filters) > 0
	anyRows := t.table.Len() > 0
	hasCell := anyRows
	hasSearch := anyRows && !t.filter.query.IsEmpty()
	find := func(id, title, key string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "find." + id, Group: action.GroupFind, Title: title, Keys: []string{key}, Rank: rank, Enabled: enabled, Run: run}
	}
	filters := find("filter", "filter", "f", 8, inTable, action.Do(t.prompts.openFilter))
	filters.Targets = t.prompts.recentFilters
	return action.Table{
		find("search", "search", "/", 6, anyItems, action.Do(func() { t.prompts.openPrompt(promptSearch) })),
		find("next", "next match", "n", 0, hasSearch, func() tea.Cmd { return t.filter.walk(1) }),
		find("previous", "previous match", "N", 0, hasSearch, func() tea.Cmd { return t.filter.walk(-1) }),
		find("keep", "filter to matches", "&", 7, inTable, t.prompts.keep),
		filters,
		find("edit-filter", "edit or remove a filter", "F", 0, inTableWithFilter, t.prompts.editFilters),
		find("filter-value", "filter to this value", "v", 0, hasCell, func() tea.Cmd { return t.filterValue(filter.ForValue) }),
		find("exclude-value", "exclude this value", "x", 0, hasCell, func() tea.Cmd { return t.filterValue(filter.NotValue) }),
		find("profile", "profile this column", "i", 0, hasCell, t.profileColumn),
		find("group", "group by this column", "#", 0, inTable && anyRows, t.group),
		find("sort", "sort", "s", 9, inTable && anyRows, t.filter.sort),
		find("sort-also", "add sort key", "S", 0, inTable && anyRows, t.filter.sortAlso),
		find("next-empty", "next empty cell", "}", 0, inTable && anyRows, func() tea.Cmd { return t.filter.findCell(true, 1) }),
		find("previous-empty", "previous empty cell", "{", 0, inTable && anyRows, func() tea.Cmd { return t.filter.findCell(true, -1) }),
		find("next-value", "next cell with a value", ">", 0, inTable && anyRows, func() tea.Cmd { return t.filter.findCell(false, 1) }),
		find("previous-value", "previous cell with a value", "<", 0, inTable && anyRows, func() tea.Cmd { return t.filter.findCell(false, -1) }),
	}
}

// Back returns what Esc does next in the tab: close the open item, cancel a job, clear the search, or remove the newest
// filter or the last sort key. If no item matches the filters, a filter is removed before the search is cleared. Back
// returns false if there is nothing to undo.
func (t *Tab) Back() (screen.Step, bool) {
	if t.item.open && t.item.hasFocus && !t.itemCovers() {
		return screen.Step{Title: "back to the table", Run: action.Do(func() { t.item.hasFocus = false })}, true
	}
	if t.item.open {
		return screen.Step{Title: "close", Run: action.Do(func() { t.item = itemView{}; t.Arrange() })}, true
	}
	if step, found := t.BackFromExport(); found {
		return step, true
	}
	hasFilter := len(t.filter.filters) > 0
	switch {
	case t.copies.copying.Runs():
		return screen.Step{Title: "cancel copying", Run: action.Do(t.copies.copying.Stop)}, true
	case t.marking.job.Runs():
		return screen.Step{Title: "cancel", Run: action.Do(t.marking.job.Stop)}, true
	case t.filter.isSorting():
		return screen.Step{Title: "cancel sorting", Run: t.filter.cancelSort}, true
	case !t.filter.query.IsEmpty() && (t.table.Len() > 0 || !hasFilter):
		return screen.Step{Title: "clear search", Run: action.Do(t.filter.endSearch)}, true
	case hasFilter:
		return screen.Step{Title: "remove filter", Run: func() tea.Cmd { return t.filter.removeFilter(len(t.filter.filters) - 1) }}, true
	case len(t.table.Sorted()) > 1:
		sorted := t.table.Sorted()
		return screen.Step{Title: "remove sort key", Run: func() tea.Cmd { return t.filter.sortBy(slices.Clone(sorted[:len(sorted)-1])) }}, true
	case len(t.table.Sorted()) > 0:
		return screen.Step{Title: "original order", Run: func() tea.Cmd { return t.filter.sortBy(nil) }}, true
	}
	return screen.Step{}, false
}

// BackFromExport returns the step that cancels the export in progress. It returns false if no export is in progress.
func (t *Tab) BackFromExport() (screen.Step, bool) {
	if !t.exports.writing.Runs() {
		return screen.Step{}, false
	}
	return screen.Step{Title: "cancel export", Run: action.Do(t.exports.writing.Cancel)}, true
}

// ProfileColumnMsg asks to show the profile of a column.
type ProfileColumnMsg struct{ Place item.Place }

func (t *Tab) profileColumn() tea.Cmd { return t.env.Send(ProfileColumnMsg{t.field().Place}) }

// group opens the screen that groups the visible items by the column at the cursor.
func (t *Tab) group() tea.Cmd {
	by := t.table.Path()
	place := item.PlaceOf(by)
	groups := groups.New(t.env.Env, groups.Config{
		Items: t.table.Items(), Rows: t.table.Rows().Order, By: by, Columns: t.table.Paths(),
		Keep:    func(value item.Cell) tea.Cmd { return t.filterTo(filter.ForValue, place, value) },
		Exclude: func(value item.Cell) tea.Cmd { return t.filterTo(filter.NotValue, place, value) },
	})
	t.env.Layers.Open(groups)
	return groups.Load()
}

// maxFilterValue is the maximum size in bytes of a value that can be used as a filter.
const maxFilterValue = 2000

// filterValue adds a filter. The function build returns the filter for the value under the cursor.
func (t *Tab) filterValue(build func(item.Place, item.Cell) filter.Expr) tea.Cmd {
	f := t.field()
	return t.filterTo(build, f.Place, f.Value)
}

// filterTo adds a filter. The function build returns the filter for the given place and value.
func (t *Tab) filterTo(build func(item.Place, item.Cell) filter.Expr, place item.Place, value item.Cell) tea.Cmd {
	if len(value.Raw()) > maxFilterValue {
		return t.env.Say("the value is too long for a filter; press f and filter by a part of it with ~")
	}
	return t.filter.addFilter(build(place, value))
}
