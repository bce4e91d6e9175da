package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/order"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/query"
)

// finder is which of the items show, in which order, and what is searched for among them.
type finder struct {
	filters []item.Filter
	sorted  []order.Key
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

// plain tells whether all items show as they came.
func (f *finder) plain() bool { return len(f.filters) == 0 && len(f.sorted) == 0 }

// enableFinding switches the keys that find something on or off.
func (a *App) enableFinding(k *keymap, on bool) {
	some := on && a.table.len() > 0
	enable(on, &k.Search)
	enable(some && !a.find.search.IsEmpty(), &k.Next, &k.Previous)
	on = on && !a.itemCovers()
	some = some && on
	enable(on, &k.Keep, &k.Filter)
	enable(some, &k.Sort, &k.SortAlso)
	enable(on && len(a.find.filters) > 1, &k.LiftFilter)
}

// findActions are those that find items.
func (a *App) findActions(k keymap) []action {
	return []action{
		just(k.Search, a.openSearch),
		does(k.Next, func() tea.Cmd { return a.walk(1) }),
		does(k.Previous, func() tea.Cmd { return a.walk(-1) }),
		does(k.Keep, a.keep),
		just(k.Filter, a.openFilter),
		just(k.LiftFilter, a.chooseFilter),
		does(k.Sort, a.sort),
		does(k.SortAlso, a.sortAlso),
		does(k.NextEmpty, func() tea.Cmd { return a.findEmpty(1) }),
		does(k.PreviousEmpty, func() tea.Cmd { return a.findEmpty(-1) }),
	}
}

// sort sorts by the cursor's column alone; where that is so already, the other way round.
func (a *App) sort() tea.Cmd {
	path := a.table.path()
	key := order.Key{Path: path}
	if len(a.find.sorted) == 1 && a.find.sorted[0].Path == path {
		key.Descending = !a.find.sorted[0].Descending
	}
	return a.sortBy([]order.Key{key})
}

// sortAlso sorts what is the same so far by the cursor's column; where that counts already, the other way round.
func (a *App) sortAlso() tea.Cmd {
	path := a.table.path()
	keys := slices.Clone(a.find.sorted)
	if i := slices.IndexFunc(keys, func(k order.Key) bool { return k.Path == path }); i >= 0 {
		keys[i].Descending = !keys[i].Descending
	} else {
		keys = append(keys, order.Key{Path: path})
	}
	return a.sortBy(keys)
}

func (a *App) sortBy(keys []order.Key) tea.Cmd {
	a.find.sorted, a.table.sorted = keys, keys
	return a.reorder("sorting", toFirstRow, false)
}

// addFilter keeps, of what shows, what the filter chooses.
func (a *App) addFilter(filter item.Filter) tea.Cmd {
	a.find.filters = append(slices.Clip(a.find.filters), filter)
	return a.reorder("filtering", toItem, true)
}

// liftFilter takes filter i away.
func (a *App) liftFilter(i int) tea.Cmd {
	title := a.find.filters[i].Title()
	a.find.filters = slices.Delete(slices.Clone(a.find.filters), i, i+1)
	return tea.Batch(a.reorder("filtering", toItem, true), a.say("lifted "+a.look.cut(title, 40)))
}

// chooseFilter asks which filter is to be lifted.
func (a *App) chooseFilter() {
	var choices []choice
	for i, filter := range slices.Backward(a.find.filters) {
		choices = append(choices, choice{name: text.NewText(filter.Title()), id: i})
	}
	a.chooser = newChooser("lift", choices, func(c choice) tea.Cmd { return a.liftFilter(c.id) })
}

// showOnly lets only those items show that a filter chooses, and goes to the table: the way from a finding to its items.
func (a *App) showOnly(filter item.Filter, column optional.Value[item.Path]) tea.Cmd {
	replaced := len(a.find.filters)
	a.find.filters = []item.Filter{filter}
	a.goTo(tabItems)
	if path, known := column.Get(); known {
		a.table.columns.show(path)
		if place := a.table.columns.place(path); place >= 0 {
			a.table.column = place
		}
	}
	cmd := a.reorder("filtering", toFirstRow, true)
	if replaced > 0 {
		return tea.Batch(cmd, a.say("in place of "+text.Counted(int64(replaced), "filter")))
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
	case a.help.open:
		return step{"close", none(func() { a.help = helpScreen{} })}, true
	case a.item.open:
		return step{"close", none(func() { a.item = itemView{}; a.arrangeTable() })}, true
	case a.tab == tabColumns && a.judge.detail.open:
		return step{"close", none(func() { a.judge.detail = detail{} })}, true
	case a.exporting.runs():
		return step{"give up the export", none(a.exporting.cancel)}, true
	case a.screen() != screenResults || a.tab != tabItems:
	case len(a.find.filters) > 0:
		return step{"lift the filter", func() tea.Cmd { return a.liftFilter(len(a.find.filters) - 1) }}, true
	case !a.find.search.IsEmpty():
		return step{"end the search", none(a.endSearch)}, true
	case len(a.find.sorted) > 0:
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
	l := a.look
	if len(a.find.filters) == 0 && a.find.search.IsEmpty() {
		return nil
	}
	right := ""
	if !a.find.search.IsEmpty() {
		right = l.Accent.Render(a.look.cut(a.find.search.Title(), w/2)) + " " + l.Muted.Render(a.matchCount())
	}
	return []string{l.between(a.filterNames(w-l.width(right)-2), right, w)}
}

// filterNames name the filters on w cells. Where there is no room for all, the newest stay, which esc lifts first.
func (a *App) filterNames(w int) string {
	l := a.look
	if len(a.find.filters) == 0 {
		return ""
	}
	counts := text.Count(int64(a.table.len()))
	if a.find.partial {
		counts += "+"
	}
	of := " of " + text.Count(int64(a.table.items.Len()))
	room := w - l.width(counts) - l.width(of)
	names := ""
	for i, filter := range slices.Backward(a.find.filters) {
		name := l.Faint.Render(" › ") + l.Doubtful.Render(filter.Title())
		if width := l.width(name); width > room && names != "" {
			names = l.Faint.Render(" › …") + names
			break
		}
		name = l.cut(name, max(8, room))
		room -= l.width(name)
		if i > 0 {
			room -= l.width(" › …")
		}
		names = name + names
	}
	return l.Strong.Render(counts) + l.Muted.Render(of) + names
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
	at, on := slices.BinarySearch(f.matches, uint32(a.table.row)) //nolint:gosec // a row that there is
	total := text.Count(int64(len(f.matches)))
	if !on {
		if len(f.matches) == 1 {
			return "1 match"
		}
		return total + " matches"
	}
	return fmt.Sprintf("%s of %s", text.Count(int64(at+1)), total)
}
