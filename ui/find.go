package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/model/order"
	"sbwatch/model/search"
	"sbwatch/query"
	"sbwatch/ui/action"
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

	ordering, searching, jumping job
	// asked is where the cursor was when the order was asked for that is being worked out.
	asked asked
	// partial: only the first of the items that a new filter chooses show; the others are still looked for.
	partial bool
	// staleOrder and staleSearch: items have come since that began.
	staleOrder, staleSearch bool
}

// showsAll reports whether all items show in their own order.
func (a *App) showsAll() bool { return len(a.find.filters) == 0 && len(a.table.Sorted()) == 0 }

// findActions lists the actions that find items.
func (a *App) findActions() action.Table {
	anyItems := a.table.Items().Len() > 0
	inTable := anyItems && !a.itemCovers()
	anyRows := a.table.Len() > 0
	hasSearch := anyRows && !a.find.search.IsEmpty()
	find := func(id, title, key string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "find." + id, Group: action.GroupFind, Title: title, Keys: []string{key}, Rank: rank, Enabled: enabled, Run: run}
	}
	return action.Table{
		find("search", "search", "/", 6, anyItems, action.Do(a.openSearch)),
		find("next", "next match", "n", 0, hasSearch, func() tea.Cmd { return a.walk(1) }),
		find("previous", "previous match", "N", 0, hasSearch, func() tea.Cmd { return a.walk(-1) }),
		find("keep", "keep what matches", "&", 7, inTable, a.keep),
		find("filter", "filter", "f", 8, inTable, action.Do(a.openFilter)),
		find("remove-filter", "lift one of the filters", "F", 0, inTable && len(a.find.filters) > 1, action.Do(a.chooseFilter)),
		find("sort", "sort", "s", 9, inTable && anyRows, a.sort),
		find("sort-also", "then sort by this too", "S", 0, inTable && anyRows, a.sortAlso),
		find("next-empty", "next empty cell", "}", 0, inTable && anyRows, func() tea.Cmd { return a.findEmpty(1) }),
		find("previous-empty", "previous empty cell", "{", 0, inTable && anyRows, func() tea.Cmd { return a.findEmpty(-1) }),
	}
}

// sort sorts by the cursor's column alone; where that is so already, the other way round.
func (a *App) sort() tea.Cmd {
	path := a.table.Path()
	key := order.Key{Path: path}
	if len(a.table.Sorted()) == 1 && a.table.Sorted()[0].Path == path {
		key.Descending = !a.table.Sorted()[0].Descending
	}
	return a.sortBy([]order.Key{key})
}

// sortAlso sorts what is the same so far by the cursor's column; where that counts already, the other way round.
func (a *App) sortAlso() tea.Cmd {
	path := a.table.Path()
	keys := slices.Clone(a.table.Sorted())
	if i := slices.IndexFunc(keys, func(k order.Key) bool { return k.Path == path }); i >= 0 {
		keys[i].Descending = !keys[i].Descending
	} else {
		keys = append(keys, order.Key{Path: path})
	}
	return a.sortBy(keys)
}

func (a *App) sortBy(keys []order.Key) tea.Cmd {
	a.table.SetSorted(keys)
	return a.reorder("sorting", toFirstRow, false)
}

// addFilter keeps, of what shows, what the filter chooses.
func (a *App) addFilter(filter model.Filter) tea.Cmd {
	a.find.filters = append(slices.Clip(a.find.filters), filter)
	return a.reorder("filtering", toItem, true)
}

// liftFilter takes filter i away.
func (a *App) liftFilter(i int) tea.Cmd {
	title := a.find.filters[i].Title()
	a.find.filters = slices.Delete(slices.Clone(a.find.filters), i, i+1)
	return tea.Batch(a.reorder("filtering", toItem, true), a.say("lifted "+a.painter.Cut(title, 40)))
}

// chooseFilter asks which filter is to be lifted.
func (a *App) chooseFilter() {
	var choices []picker.Choice
	for i, filter := range slices.Backward(a.find.filters) {
		choices = append(choices, picker.Choice{Name: model.NewText(filter.Title()), ID: i})
	}
	a.pick("lift", choices, func(c picker.Choice) tea.Cmd { return a.liftFilter(c.ID) })
}

// showOnly lets only those items show that a filter chooses, and goes to the table: the way from a finding to its items.
func (a *App) showOnly(filter model.Filter, column model.Optional[model.Path]) tea.Cmd {
	replaced := len(a.find.filters)
	a.find.filters = []model.Filter{filter}
	a.goTo(tabItems)
	if path, known := column.Get(); known {
		a.table.Show(path)
		a.table.SelectPath(path)
	}
	cmd := a.reorder("filtering", toFirstRow, true)
	if replaced > 0 {
		return tea.Batch(cmd, a.say("in place of "+model.Counted(int64(replaced), "filter")))
	}
	return cmd
}

// step is what the key for going back does next.
type step struct {
	text string // for the hint
	do   func() tea.Cmd
}

// backStep is the one thing that is to be taken back next: what is open is closed, else the newest filter is lifted, else the
// search is ended, else the order. It never leaves the program. There may be none.
func (a *App) backStep() (step, bool) {
	none := func(do func()) func() tea.Cmd { return func() tea.Cmd { do(); return nil } }
	switch {
	case a.item.open:
		return step{"close", none(func() { a.item = item{}; a.arrangeTable() })}, true
	case a.tab == tabColumns && a.judge.detail.open:
		return step{"close", none(func() { a.judge.detail = detail{} })}, true
	case a.exporting.runs():
		return step{"give up the export", none(a.exporting.cancel)}, true
	case a.screen() != screenResults || a.tab != tabItems:
	case len(a.find.filters) > 0:
		return step{"lift the filter", func() tea.Cmd { return a.liftFilter(len(a.find.filters) - 1) }}, true
	case !a.find.search.IsEmpty():
		return step{"end the search", none(a.endSearch)}, true
	case len(a.table.Sorted()) > 0:
		return step{"as they came", func() tea.Cmd { return a.sortBy(nil) }}, true
	}
	return step{}, false
}

// keep lets only the rows show that match the search; where there is none it asks for one.
func (a *App) keep() tea.Cmd {
	if a.find.search.IsEmpty() {
		a.openPrompt(promptKeep)
		return nil
	}
	kept := a.find.search
	a.endSearch()
	return a.addFilter(kept)
}

// strip tells, above the table, which items show and what was found; none where there is nothing to tell.
func (a *App) strip(w int) []string {
	p := a.painter
	if len(a.find.filters) == 0 && a.find.search.IsEmpty() {
		return nil
	}
	right := ""
	if !a.find.search.IsEmpty() {
		right = p.Accent.Render(a.painter.Cut(a.find.search.Title(), w/2)) + " " + p.Muted.Render(a.matchCount())
	}
	return []string{p.Between(a.filterNames(w-p.Width(right)-2), right, w)}
}

// filterNames name the filters on w cells. Where there is no room for all, the newest stay, which esc lifts first.
func (a *App) filterNames(w int) string {
	p := a.painter
	if len(a.find.filters) == 0 {
		return ""
	}
	counts := model.Count(int64(a.table.Len()))
	if a.find.partial {
		counts += "+"
	}
	of := " of " + model.Count(int64(a.table.Items().Len()))
	room := w - p.Width(counts) - p.Width(of)
	names := ""
	for i, filter := range slices.Backward(a.find.filters) {
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
func (a *App) matchCount() string {
	f := &a.find
	if !f.matched {
		return "searching"
	}
	if len(f.matches) == 0 {
		return "no match"
	}
	at, on := slices.BinarySearch(f.matches, uint32(a.table.Row())) //nolint:gosec // a row that there is
	total := model.Count(int64(len(f.matches)))
	if !on {
		if len(f.matches) == 1 {
			return "1 match"
		}
		return total + " matches"
	}
	return fmt.Sprintf("%s of %s", model.Count(int64(at+1)), total)
}
