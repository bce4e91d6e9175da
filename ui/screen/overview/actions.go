package overview

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/search"
	"sbwatch/monitor"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
)

// Actions lists the available actions.
func (s *Screen) Actions() action.Table {
	hasRows, hasSearch := len(s.entries) > 0, !s.search.IsEmpty()
	back, can := s.back()
	one := func(id string, group action.Group, title, key string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "runs." + id, Group: group, Title: title, Keys: []string{key}, Rank: rank, Enabled: enabled, Run: run}
	}
	table := append(action.Moves(s.move, hasRows, true),
		one("open", action.GroupView, s.openTitle(), "enter", 2, hasRows, s.open),
		one("back", action.GroupView, cmp.Or(back.Title, "back"), "esc", 5, can, back.Run),
		one("group", action.GroupView, s.groupTitle(), "z", 11, true, action.Do(s.toggleGroups)),
		one("fold", action.GroupView, "fold or unfold all", "Z", 0, s.isGrouped, action.Do(s.toggleFolds)),
		one("search", action.GroupFind, "search", "/", 7, hasRows, action.Do(func() { s.ask(askSearch) })),
		one("next", action.GroupFind, "next match", "n", 0, hasSearch, func() tea.Cmd { return finder{s}.walk(s.list.Cursor()+1, 1) }),
		one("previous", action.GroupFind, "previous match", "N", 0, hasSearch, func() tea.Cmd { return finder{s}.walk(s.list.Cursor()-1, -1) }),
		one("keep", action.GroupFind, "filter to matches", "&", 0, hasSearch, action.Do(s.keep)),
		one("filter", action.GroupFind, "filter", "f", 8, len(s.rows) > 0, action.Do(func() { s.ask(askFilter) })),
		one("sort", action.GroupFind, "sort", "s", 9, hasRows, action.Do(s.sort)),
		one("sort-also", action.GroupFind, "add sort key", "S", 0, hasRows, action.Do(s.sortAlso)),
		one("add", action.GroupWatch, "add run", "a", 6, true, action.Do(func() { s.ask(askRun) })),
		one("remove", action.GroupWatch, "remove run", "x", 12, hasRows, s.remove),
	)
	return slices.Concat(table, s.walkActions(), s.dispatchActions())
}

// dispatchActions lists the actions that dispatch recipes. They are also available while the screen of a run is open.
func (s *Screen) dispatchActions() action.Table {
	_, isOpen := s.runs.Opened()
	isHere := isOpen || s.env.Layers.Top() == screen.Layer(s)
	again, account := 6, 10
	if isOpen {
		again, account = 17, 18 // in the hint line, these come after the keys of the run
	}
	return action.Table{
		{
			ID: "runs.again", Group: action.GroupWatch, Title: "run again", Keys: []string{"r"}, Rank: again, WhileCovered: true,
			Enabled: isHere && len(s.rows) > 0, Run: dispatcher{s}.runAgain,
		},
		{
			ID: "runs.dispatch", Group: action.GroupWatch, Title: "run other recipes", Keys: []string{"R"}, WhileCovered: true,
			Enabled: isHere, Run: func() tea.Cmd { s.ask(askRecipes); return s.runs.AskPast(nil) },
		},
		{
			ID: "runs.usage", Group: action.GroupWatch, Title: "account usage", Keys: []string{"u"}, Rank: account, WhileCovered: true,
			Enabled: isHere, Run: s.runs.OpenUsage,
		},
	}
}

// walkActions lists the actions that go from the open run to the next or the previous run.
func (s *Screen) walkActions() action.Table {
	opened, isOpen := s.runs.Opened()
	table := make(action.Table, 0, 3)
	for _, a := range []struct {
		id, title, key string
		by             int
	}{{"next-run", "next run", "]", 1}, {"previous-run", "previous run", "[", -1}} {
		var to monitor.RunKey
		var found bool
		if isOpen {
			to, found = s.neighbor(opened, a.by)
		}
		table = append(table, action.Action{
			ID: "runs." + a.id, Group: action.GroupView, Title: a.title, Keys: []string{a.key}, Rank: 16, WhileCovered: true,
			Enabled: found, Run: func() tea.Cmd { return s.goTo(to) },
		})
	}
	return append(table, s.runTargets())
}

// runTargets returns an action without a key. It has one target for each run. The palette lists the targets, and each
// target opens its run.
func (s *Screen) runTargets() action.Action {
	return action.Action{
		ID: "runs.go-to", Group: action.GroupView, WhileCovered: true, Enabled: true,
		Targets: func() action.Table {
			var table action.Table
			for _, r := range s.rows {
				table = append(table, action.Action{
					ID: "run", Group: "runs", Title: "run " + r.watch.RunID().Raw() + " of " + r.watch.RecipeID().Raw(), Enabled: true,
					Run: func() tea.Cmd { return s.goTo(r.key) },
				})
			}
			return table
		},
	}
}

// neighbor returns the visible run after (by = 1) or before (by = -1) the given run. It returns false if there is none.
func (s *Screen) neighbor(run monitor.RunKey, by int) (monitor.RunKey, bool) {
	visible := s.Visible()
	at := slices.Index(visible, run)
	if at < 0 || at+by < 0 || at+by >= len(visible) {
		return 0, false
	}
	return visible[at+by], true
}

// goTo closes the open run and opens another.
func (s *Screen) goTo(run monitor.RunKey) tea.Cmd {
	s.hold()
	s.at = position{run: run, recipe: s.byKey[run].watch.RecipeID().String()}
	s.list.Select(s.find(s.at))
	s.list.Follow(s.listHeight())
	return tea.Batch(s.runs.Close(), s.runs.Open(run))
}

func (s *Screen) openTitle() string {
	if i := s.list.Cursor(); i < len(s.entries) && s.entries[i].group != nil {
		if s.folded[s.entries[i].group.recipe] {
			return "unfold"
		}
		return "fold"
	}
	return "open"
}

// open opens the run at the cursor. If the cursor is on a group, open folds or unfolds it.
func (s *Screen) open() tea.Cmd {
	s.hold()
	e := s.entries[s.list.Cursor()]
	if e.row != nil {
		return s.runs.Open(e.row.key)
	}
	s.folded[e.group.recipe] = !s.folded[e.group.recipe]
	s.order(true)
	return nil
}

func (s *Screen) groupTitle() string {
	if s.isGrouped {
		return "no groups"
	}
	return "group by recipe"
}

// toggleGroups groups the runs by recipe, or stops grouping them.
func (s *Screen) toggleGroups() {
	s.hold()
	s.isGrouped = !s.isGrouped
	s.order(true)
	s.arrange()
}

// toggleFolds folds all groups, or unfolds them if all are folded.
func (s *Screen) toggleFolds() {
	s.hold()
	isAnyOpen := slices.ContainsFunc(s.entries, func(e entry) bool { return e.isInGroup })
	for _, r := range s.rows {
		s.folded[r.watch.RecipeID().String()] = isAnyOpen
	}
	s.order(true)
}

// sort sorts by the column at the cursor. If the runs are already sorted by it, sort reverses the direction.
func (s *Screen) sort() {
	key := sortKey{field: s.column}
	if len(s.sorted) == 1 && s.sorted[0].field == s.column {
		key.reversed = !s.sorted[0].reversed
	}
	s.sortBy([]sortKey{key})
}

// sortBy sorts by several keys and moves the cursor to the first line.
func (s *Screen) sortBy(keys []sortKey) {
	s.hold()
	s.sorted = keys
	s.order(true)
	s.list.Select(0)
	s.list.Follow(s.listHeight())
	s.notePosition()
}

// sortAlso adds the column at the cursor as the last sort key. If the column is already a sort key, sortAlso reverses
// the direction of this key.
func (s *Screen) sortAlso() {
	keys := slices.Clone(s.sorted)
	if at := slices.IndexFunc(keys, func(k sortKey) bool { return k.field == s.column }); at >= 0 {
		keys[at].reversed = !keys[at].reversed
	} else {
		keys = append(keys, sortKey{field: s.column})
	}
	s.sortBy(keys)
}

// keep replaces the search with a filter, so that only matching runs remain.
func (s *Screen) keep() {
	kept := s.search
	s.search = search.Query{}
	finder{s}.addFilter(kept)
}

// remove removes the run at the cursor from the screen.
func (s *Screen) remove() tea.Cmd {
	r, found := s.current()
	if !found || s.entries[s.list.Cursor()].group != nil {
		return s.env.Say("move the cursor to a run to remove it")
	}
	if r.watch.DispatchUnanswered() {
		return s.env.Say("the service has not answered the dispatch of this run yet")
	}
	s.runs.Remove(r.key)
	s.Refresh()
	return s.env.Say("removed " + r.name() + ": the run itself is not stopped")
}

// back returns what Esc does next, as in the table of items: clear the search, or remove the newest filter, or remove the
// last sort key. Without sort keys, the order is by attention. If no run matches the filters, a filter is removed first.
// back returns false if there is nothing to undo.
func (s *Screen) back() (screen.Step, bool) {
	hasFilter := len(s.filters) > 0
	switch {
	case !s.search.IsEmpty() && (len(s.entries) > 0 || !hasFilter):
		return screen.Step{Title: "clear search", Run: action.Do(func() { finder{s}.setSearch(search.Query{}) })}, true
	case hasFilter:
		return screen.Step{Title: "remove filter", Run: action.Do(finder{s}.removeFilter)}, true
	case len(s.sorted) > 1:
		return screen.Step{Title: "remove sort key", Run: action.Do(func() { s.sortBy(s.sorted[:len(s.sorted)-1]) })}, true
	case len(s.sorted) > 0:
		return screen.Step{Title: "order by attention", Run: action.Do(func() { s.sortBy(nil) })}, true
	}
	return screen.Step{}, false
}
