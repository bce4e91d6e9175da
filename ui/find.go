package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/model/order"
	"sbwatch/model/search"
	"sbwatch/query"
)

// finder is which of the items show, in which order, and what is searched for among them.
type finder struct {
	filters []model.Filter
	sorted  []order.Key
	cache   *query.Cache

	search search.Query
	// matches are the rows, ascending, in which the search found something; they count only while matched is true.
	matches []uint32
	matched bool
	// from is the row that the search began at, and where the cursor goes back to when it is given up.
	from int
	// before is the search that there was when the prompt was opened.
	before search.Query

	ordering, searching, jumping job
	stale                        bool // items have come since the ordering began
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
		just(k.Filter, func() { a.openFilter("") }),
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
	return a.reorder("sorting", toFirstRow)
}

// addFilter keeps, of what shows, what the filter chooses.
func (a *App) addFilter(filter model.Filter) tea.Cmd {
	a.find.filters = append(slices.Clip(a.find.filters), filter)
	return a.reorder("filtering", toItem)
}

// liftFilter takes filter i away.
func (a *App) liftFilter(i int) tea.Cmd {
	title := a.find.filters[i].Title()
	a.find.filters = slices.Delete(slices.Clone(a.find.filters), i, i+1)
	return tea.Batch(a.reorder("filtering", toItem), a.say("lifted "+a.look.cut(title, 40)))
}

// chooseFilter asks which filter is to be lifted.
func (a *App) chooseFilter() {
	var choices []choice
	for i, filter := range slices.Backward(a.find.filters) {
		choices = append(choices, choice{name: model.NewText(filter.Title()), id: i})
	}
	a.chooser = newChooser("lift", choices, func(c choice) tea.Cmd { return a.liftFilter(c.id) })
}

// showOnly lets only those items show that a filter chooses, and goes to the table: the way from a finding to its items.
func (a *App) showOnly(filter model.Filter, column model.Optional[model.Path]) tea.Cmd {
	a.find.filters = []model.Filter{filter}
	a.goTo(tabItems)
	if path, known := column.Get(); known {
		a.table.columns.show(path)
		if place := a.table.columns.place(path); place >= 0 {
			a.table.column = place
		}
	}
	return a.reorder("filtering", toFirstRow)
}

// back closes what is open, else lifts the newest filter, else the search, else the order. It never leaves the program.
func (a *App) back() tea.Cmd {
	switch {
	case a.help.open:
		a.help = helpScreen{}
	case a.item.open:
		a.item = item{}
		a.arrangeTable()
	case a.tab == tabColumns && a.judge.detail.open:
		a.judge.detail = detail{}
	case a.exporting.runs():
		a.exporting.stop()
		return a.say("the export was given up; no file was written")
	case a.tab != tabItems:
	case len(a.find.filters) > 0:
		return a.liftFilter(len(a.find.filters) - 1)
	case !a.find.search.IsEmpty():
		a.endSearch()
	case len(a.find.sorted) > 0:
		return tea.Batch(a.sortBy(nil), a.say("as they came"))
	}
	return nil
}

// backText says what back does; empty where there is nothing for it to do.
func (a *App) backText() string {
	switch {
	case a.help.open || a.item.open || a.tab == tabColumns && a.judge.detail.open:
		return "close"
	case a.exporting.runs():
		return "give up the export"
	case a.screen() != screenResults || a.tab != tabItems:
		return ""
	case len(a.find.filters) > 0:
		return "lift the filter"
	case !a.find.search.IsEmpty():
		return "end the search"
	case len(a.find.sorted) > 0:
		return "as they came"
	default:
		return ""
	}
}

// target is where the cursor goes once items show in a new order.
type target int

const (
	// toItem stays on the item, or goes to the first row where that no longer shows.
	toItem target = iota
	toFirstRow
)

// orderedMsg is which items show, and in which order.
type orderedMsg struct {
	generation int
	rows       []uint32
	row        int // for the cursor
	// first marks the first of them, which come before the rest.
	first bool
	err   error
}

// reorder applies the filters and the sort keys to the items.
func (a *App) reorder(what string, to target) tea.Cmd {
	a.find.stale = false
	a.stopSearch()
	if a.find.plain() {
		a.find.ordering.stop()
		row := a.table.row
		if a.table.len() > 0 {
			row = a.table.item(row)
		}
		return a.show(nil, row, to)
	}
	ctx, progress, generation := a.find.ordering.begin(a.ctx, a.now, what)
	items, cache := a.table.items, a.find.cache
	q := query.Query{Filters: slices.Clone(a.find.filters), Sort: slices.Clone(a.find.sorted)}
	item := -1
	if to == toItem && a.table.len() > 0 {
		item = a.table.item(a.table.row)
	}
	all := func() tea.Msg {
		rows, err := query.Run(ctx, items, q, cache, progress)
		return unlessOver(ctx, orderedMsg{generation: generation, rows: rows, row: rowOf(rows, item), err: err})
	}
	if len(q.Sort) > 0 {
		return tea.Batch(all, a.nextTick())
	}
	most := 2 * a.height
	first := func() tea.Msg {
		rows, err := query.First(ctx, items, q.Filters, 0, most)
		return unlessOver(ctx, orderedMsg{generation: generation, rows: rows, row: rowOf(rows, item), first: true, err: err})
	}
	return tea.Batch(first, all, a.nextTick())
}

// rowOf is the row of an item; the first where it has none.
func rowOf(rows []uint32, item int) int {
	if item < 0 {
		return 0
	}
	return max(0, slices.Index(rows, uint32(item))) //nolint:gosec // a row number that there is
}

// ordered shows the items that were asked for.
func (a *App) ordered(msg orderedMsg) tea.Cmd {
	switch {
	case msg.generation != a.find.ordering.generation:
		return nil
	case msg.err != nil:
		a.find.ordering.stop()
		return a.say("that did not work: " + msg.err.Error())
	case msg.first:
		return a.show(msg.rows, msg.row, toFirstRow)
	}
	a.find.ordering.stop()
	rows := msg.rows
	if rows == nil && !a.find.plain() {
		rows = []uint32{}
	}
	cmd := a.show(rows, msg.row, toItem)
	if a.find.stale {
		return tea.Batch(cmd, a.reorder("filtering", toItem))
	}
	return cmd
}

// show lets items show in an order, and searches among them anew.
func (a *App) show(rows []uint32, row int, to target) tea.Cmd {
	if to == toFirstRow {
		row, a.table.top = 0, 0
	}
	open, number := a.item.open, -1
	if open {
		number = a.table.item(a.item.row)
	}
	a.table.row = row
	a.table.setOrder(rows)
	switch {
	case !open:
	case a.table.len() > 0 && (a.table.item(a.table.row) == number || !a.itemCovers()):
		scrolled := a.item.scroll
		cmd := a.openItem(a.table.row)
		if a.table.item(a.table.row) == number {
			a.item.scroll = scrolled
		}
		return tea.Batch(cmd, a.research())
	default:
		a.item = item{}
	}
	a.arrangeTable()
	return a.research()
}

// itemsChanged applies filters, order and search to the items that there are now, unless that goes on already.
func (a *App) itemsChanged() tea.Cmd {
	switch {
	case !a.find.plain() && a.find.ordering.runs():
		a.find.stale = true
		return nil
	case !a.find.plain():
		return a.reorder("filtering", toItem)
	default:
		return a.research()
	}
}

// keep lets only the rows show that match the search; where there is none it asks for one.
func (a *App) keep() tea.Cmd {
	if a.find.search.IsEmpty() {
		a.find.from, a.find.before = a.table.row, a.find.search
		a.openPrompt(promptKeep, "")
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
	counts := model.Count(int64(a.table.len()))
	of := " of " + model.Count(int64(a.table.items.Len()))
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
	total := model.Count(int64(len(f.matches)))
	if !on {
		return model.Counted(int64(len(f.matches)), "match")
	}
	return fmt.Sprintf("%s of %s", model.Count(int64(at+1)), total)
}
