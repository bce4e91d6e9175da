package items

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/model/order"
	"sbwatch/model/search"
	"sbwatch/query"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
)

// finder is which of the items show, in which order, and what is searched for among them.
type finder struct {
	filters []model.Filter
	cache   *query.Cache

	search search.Query
	// matches are the rows, ascending, in which the search found something; they count only while matched is true.
	matches []uint32
	matched bool
	// from is the row that the search began at, and where the cursor goes back to when it is given up.
	from int
	// jumpFrom is the row that the nearest match is looked for from.
	jumpFrom int
	// before is the search that there was when the prompt was opened.
	before search.Query

	ordering, searching, jumping screen.Job
	// asked is where the cursor was when the order was asked for that is being worked out.
	asked asked
	// partial: only the first of the items that a new filter chooses show; the others are still looked for.
	partial bool
	// staleOrder and staleSearch: items have come since that began.
	staleOrder, staleSearch bool
}

// showsAll reports whether all items show in their own order.
func (t *Tab) showsAll() bool { return len(t.find.filters) == 0 && len(t.table.Sorted()) == 0 }

// findActions lists the actions that find items.
func (t *Tab) findActions() action.Table {
	anyItems := t.table.Items().Len() > 0
	inTable := anyItems && !t.itemCovers()
	anyRows := t.table.Len() > 0
	hasSearch := anyRows && !t.find.search.IsEmpty()
	find := func(id, title, key string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "find." + id, Group: action.GroupFind, Title: title, Keys: []string{key}, Rank: rank, Enabled: enabled, Run: run}
	}
	return action.Table{
		find("search", "search", "/", 6, anyItems, action.Do(t.openSearch)),
		find("next", "next match", "n", 0, hasSearch, func() tea.Cmd { return t.walk(1) }),
		find("previous", "previous match", "N", 0, hasSearch, func() tea.Cmd { return t.walk(-1) }),
		find("keep", "keep what matches", "&", 7, inTable, t.keep),
		find("filter", "filter", "f", 8, inTable, action.Do(t.openFilter)),
		find("remove-filter", "lift one of the filters", "F", 0, inTable && len(t.find.filters) > 1, action.Do(t.chooseFilter)),
		find("sort", "sort", "s", 9, inTable && anyRows, t.sort),
		find("sort-also", "then sort by this too", "S", 0, inTable && anyRows, t.sortAlso),
		find("next-empty", "next empty cell", "}", 0, inTable && anyRows, func() tea.Cmd { return t.findEmpty(1) }),
		find("previous-empty", "previous empty cell", "{", 0, inTable && anyRows, func() tea.Cmd { return t.findEmpty(-1) }),
	}
}

// sort sorts by the cursor's column alone; where that is so already, the other way round.
func (t *Tab) sort() tea.Cmd {
	path := t.table.Path()
	key := order.Key{Path: path}
	if len(t.table.Sorted()) == 1 && t.table.Sorted()[0].Path == path {
		key.Descending = !t.table.Sorted()[0].Descending
	}
	return t.sortBy([]order.Key{key})
}

// sortAlso sorts what is the same so far by the cursor's column; where that counts already, the other way round.
func (t *Tab) sortAlso() tea.Cmd {
	path := t.table.Path()
	keys := slices.Clone(t.table.Sorted())
	if i := slices.IndexFunc(keys, func(k order.Key) bool { return k.Path == path }); i >= 0 {
		keys[i].Descending = !keys[i].Descending
	} else {
		keys = append(keys, order.Key{Path: path})
	}
	return t.sortBy(keys)
}

func (t *Tab) sortBy(keys []order.Key) tea.Cmd {
	t.table.SetSorted(keys)
	return t.reorder("sorting", toFirstRow, false)
}

// addFilter keeps, of what shows, what the filter chooses.
func (t *Tab) addFilter(filter model.Filter) tea.Cmd {
	t.find.filters = append(slices.Clip(t.find.filters), filter)
	return t.reorder("filtering", toItem, true)
}

// liftFilter takes filter i away.
func (t *Tab) liftFilter(i int) tea.Cmd {
	title := t.find.filters[i].Title()
	t.find.filters = slices.Delete(slices.Clone(t.find.filters), i, i+1)
	return tea.Batch(t.reorder("filtering", toItem, true), t.env.Say("lifted "+t.env.Painter.Cut(title, 40)))
}

// chooseFilter asks which filter is to be lifted.
func (t *Tab) chooseFilter() {
	var choices []picker.Choice
	for i, filter := range slices.Backward(t.find.filters) {
		choices = append(choices, picker.Choice{Name: model.NewText(filter.Title()), ID: i})
	}
	t.pick("lift", choices, func(c picker.Choice) tea.Cmd { return t.liftFilter(c.ID) })
}

// ShowOnly lets only those items show that a filter chooses: the way from a finding to its items.
func (t *Tab) ShowOnly(filter model.Filter, column model.Optional[model.Path]) tea.Cmd {
	replaced := len(t.find.filters)
	t.find.filters = []model.Filter{filter}
	if path, known := column.Get(); known {
		t.table.Show(path)
		t.table.SelectPath(path)
	}
	cmd := t.reorder("filtering", toFirstRow, true)
	if replaced > 0 {
		t.env.Say("in place of " + model.Counted(int64(replaced), "filter"))
	}
	return cmd
}

// Back returns what is to be taken back next in the tab: what is open is closed, else an export is given up, else the newest
// filter is lifted, else the search is ended, else the order. There may be nothing.
func (t *Tab) Back() (screen.Step, bool) {
	if t.item.open {
		return screen.Step{Title: "close", Run: action.Do(func() { t.item = item{}; t.Arrange() })}, true
	}
	if step, found := t.BackFromExport(); found {
		return step, true
	}
	switch {
	case len(t.find.filters) > 0:
		return screen.Step{Title: "lift the filter", Run: func() tea.Cmd { return t.liftFilter(len(t.find.filters) - 1) }}, true
	case !t.find.search.IsEmpty():
		return screen.Step{Title: "end the search", Run: action.Do(t.endSearch)}, true
	case len(t.table.Sorted()) > 0:
		return screen.Step{Title: "as they came", Run: func() tea.Cmd { return t.sortBy(nil) }}, true
	}
	return screen.Step{}, false
}

// BackFromExport gives an export up that is being written.
func (t *Tab) BackFromExport() (screen.Step, bool) {
	if !t.exporting.Runs() {
		return screen.Step{}, false
	}
	return screen.Step{Title: "give up the export", Run: action.Do(t.exporting.Cancel)}, true
}

// keep lets only the rows show that match the search; where there is none it asks for one.
func (t *Tab) keep() tea.Cmd {
	if t.find.search.IsEmpty() {
		t.openPrompt(promptKeep)
		return nil
	}
	kept := t.find.search
	t.endSearch()
	return t.addFilter(kept)
}

// strip tells, above the table, which items show and what was found; none where there is nothing to tell.
func (t *Tab) strip(w int) []string {
	p := t.env.Painter
	if len(t.find.filters) == 0 && t.find.search.IsEmpty() {
		return nil
	}
	right := ""
	if !t.find.search.IsEmpty() {
		right = p.Accent.Render(t.env.Painter.Cut(t.find.search.Title(), w/2)) + " " + p.Muted.Render(t.matchCount())
	}
	return []string{p.Between(t.filterNames(w-p.Width(right)-2), right, w)}
}

// filterNames name the filters on w cells. Where there is no room for all, the newest stay, which esc lifts first.
func (t *Tab) filterNames(w int) string {
	p := t.env.Painter
	if len(t.find.filters) == 0 {
		return ""
	}
	counts := model.Count(int64(t.table.Len()))
	if t.find.partial {
		counts += "+"
	}
	of := " of " + model.Count(int64(t.table.Items().Len()))
	room := w - p.Width(counts) - p.Width(of)
	names := ""
	for i, filter := range slices.Backward(t.find.filters) {
		name := p.Faint.Render(" › ") + p.Doubtful.Render(filter.Title())
		if width := p.Width(name); width > room && names != "" {
			names = p.Faint.Render(" › …") + names
			break
		}
		name = p.Cut(name, max(8, room))
		room -= p.Width(name)
		if i > 0 {
			room -= p.Width(" › …")
		}
		names = name + names
	}
	return p.Strong.Render(counts) + p.Muted.Render(of) + names
}

// matchCount tells how many rows match, and which of them the cursor is on: "12 of 3,480".
func (t *Tab) matchCount() string {
	f := &t.find
	if !f.matched {
		return "searching"
	}
	if len(f.matches) == 0 {
		return "no match"
	}
	at, on := slices.BinarySearch(f.matches, uint32(t.table.Row())) //nolint:gosec // a row that there is
	total := model.Count(int64(len(f.matches)))
	if !on {
		if len(f.matches) == 1 {
			return "1 match"
		}
		return total + " matches"
	}
	return fmt.Sprintf("%s of %s", model.Count(int64(at+1)), total)
}
