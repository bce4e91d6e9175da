package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/query"
	"sbwatch/work"
)

// The search: what matches is marked wherever it shows, at once; where the other matches are is a command's work.

// openSearch opens the prompt, with nothing in it.
func (a *App) openSearch() { a.openPrompt(promptSearch) }

// searchFor searches for what was typed, and goes to the first match from where the search began.
func (a *App) searchFor(q search.Query) tea.Cmd {
	a.find.search = q
	a.table.marks = nil
	if q.IsEmpty() {
		a.stopSearch()
		a.table.row = min(a.find.from, max(0, a.table.len()-1))
		a.arrangeTable()
		return a.followItem()
	}
	a.table.marks = q.Spans
	return tea.Batch(a.research(), a.jump(a.find.from))
}

// endSearch forgets the search. The cursor stays.
func (a *App) endSearch() {
	a.stopSearch()
	a.find.search, a.table.marks = search.Query{}, nil
	a.arrangeTable()
}

// stopSearch ends the work of searching.
func (a *App) stopSearch() {
	a.find.searching.stop()
	a.find.jumping.stop()
	a.find.matches, a.find.matched = nil, false
}

// matchesMsg are all rows that match the search.
type matchesMsg struct {
	generation int
	rows       []uint32
}

// research looks for all matches among what shows.
func (a *App) research() tea.Cmd {
	a.find.matches, a.find.matched, a.find.staleSearch = nil, false, false
	if a.find.search.IsEmpty() {
		return nil
	}
	ctx, progress, generation := a.find.searching.begin(a.ctx, a.now, "searching")
	rows, q := a.table.rowsNow(), a.find.search
	return tea.Batch(func() tea.Msg {
		found, err := rows.matching(ctx, q, progress)
		if err != nil {
			return nil // a newer search has taken its place
		}
		return matchesMsg{generation, found}
	}, a.nextTick())
}

// found notes all matches. A jump that is still looking for the nearest is answered by them.
func (a *App) found(msg matchesMsg) tea.Cmd {
	if !a.find.searching.done(msg.generation) {
		return nil
	}
	if a.find.staleSearch {
		return a.research()
	}
	a.find.matches, a.find.matched = msg.rows, true
	if !a.find.jumping.runs() {
		return nil
	}
	a.find.jumping.stop()
	if len(msg.rows) == 0 {
		return nil
	}
	at, _ := slices.BinarySearch(msg.rows, uint32(a.find.jumpFrom)) //nolint:gosec // a row that there is
	return a.goToMatch(int(msg.rows[at%len(msg.rows)]), 1)
}

// matching are the rows that a filter chooses, ascending.
func (r tableRows) matching(ctx context.Context, filter item.Filter, progress *work.Progress) ([]uint32, error) {
	items, err := query.Run(ctx, r.items, query.Query{Filters: []item.Filter{filter}}, nil, progress)
	if err != nil || r.order == nil {
		return items, err
	}
	chosen := make([]bool, r.items.Len())
	for _, item := range items {
		chosen[item] = true
	}
	rows := make([]uint32, 0, len(items))
	for row, item := range r.order {
		if chosen[item] {
			rows = append(rows, uint32(row)) //nolint:gosec // a row that there is
		}
	}
	return rows, nil
}

// jumpMsg tells where the nearest match is; row is -1 where there is none.
type jumpMsg struct {
	generation, row int
}

// jump looks for the nearest match from a row on, round the end of the table.
func (a *App) jump(from int) tea.Cmd {
	ctx, _, generation := a.find.jumping.begin(a.ctx, a.now, "searching")
	rows, q := a.table.rowsNow(), a.find.search
	a.find.jumpFrom = from
	return func() tea.Msg {
		row := rows.firstMatch(ctx, q, from, rows.len())
		if row < 0 {
			row = rows.firstMatch(ctx, q, 0, min(from, rows.len()))
		}
		return unlessOver(ctx, jumpMsg{generation, row})
	}
}

func (a *App) jumped(msg jumpMsg) tea.Cmd {
	if !a.find.jumping.done(msg.generation) || msg.row < 0 || msg.row >= a.table.len() {
		return nil
	}
	return a.goToMatch(msg.row, 1)
}

// firstMatch is the first row, of those from number from up to number to, that a filter chooses; -1 where none is. It begins
// with a few rows, so that a match nearby is found at once.
func (r tableRows) firstMatch(ctx context.Context, filter item.Filter, from, to int) int {
	const fewRows, manyRows = 64, 8192
	picker := filter.Picker(r.items)
	var rows, picked []uint32
	for size := fewRows; from < to && ctx.Err() == nil; size = min(2*size, manyRows) {
		end := min(to, from+size)
		rows = rows[:0]
		for row := from; row < end; row++ {
			rows = append(rows, uint32(r.item(row))) //nolint:gosec // a row that there is
		}
		if r.order != nil {
			slices.Sort(rows)
		}
		if picked = picker.Pick(picked[:0], rows); len(picked) > 0 {
			return r.firstOf(picked, from, end)
		}
		from = end
	}
	return -1
}

// firstOf is the first row, from number from on, with one of some items.
func (r tableRows) firstOf(items []uint32, from, to int) int {
	for row := from; row < to; row++ {
		if _, is := slices.BinarySearch(items, uint32(r.item(row))); is { //nolint:gosec // a row that there is
			return row
		}
	}
	return -1
}

// walk goes to the next match, cell by cell, or with -1 to the one before.
func (a *App) walk(by int) tea.Cmd {
	if a.itemCovers() && a.scrollToMark(a.item.mark+by, by) {
		return nil
	}
	if column := a.matchingColumn(a.table.row, a.table.column+by, by); column >= 0 && !a.itemCovers() {
		a.table.column = column
		a.arrangeTable()
		return nil
	}
	f := &a.find
	switch {
	case f.matched && len(f.matches) == 0:
		return a.say("no match for " + a.look.cut(f.search.Title(), 40))
	case f.matched:
		return a.walkRows(by)
	case by > 0:
		return a.jump(a.table.row + 1)
	default:
		return a.say("still searching")
	}
}

// walkRows goes to the next row that matches, round the end of the table.
func (a *App) walkRows(by int) tea.Cmd {
	matches := a.find.matches
	at, on := slices.BinarySearch(matches, uint32(a.table.row)) //nolint:gosec // a row that there is
	switch {
	case by > 0 && on:
		at++
	case by < 0:
		at--
	}
	around := at < 0 || at >= len(matches)
	cmd := a.goToMatch(int(matches[(at+len(matches))%len(matches)]), by)
	if around {
		end := "from the top again"
		if by < 0 {
			end = "from the end again"
		}
		return tea.Batch(cmd, a.say(end))
	}
	return cmd
}

// goToMatch puts the cursor on a row that matches, and there on the first cell that does, or with -1 on the last.
func (a *App) goToMatch(row, by int) tea.Cmd {
	a.table.row = row
	from := 0
	if by < 0 {
		from = a.table.columns.len() - 1
	}
	if column := a.matchingColumn(row, from, by); column >= 0 {
		a.table.column = column
	}
	a.arrangeTable()
	if a.item.open && a.item.row == row {
		a.scrollToMark(0, 1)
	}
	return a.followItem()
}

// quickBytes is how many bytes of an item a key may look through. In a larger one the cursor stays in its column.
const quickBytes = 8 << 20

// matchingColumn is the nearest column that shows, from another on, whose cell in a row matches; -1 where none does. The item
// is gone through once, however many columns there are.
func (a *App) matchingColumn(row, from, by int) int {
	if row >= a.table.len() {
		return -1
	}
	index := a.table.item(row)
	if len(a.table.items.Row(index)) > quickBytes {
		return -1
	}
	matching := map[item.Path]bool{}
	whole := a.table.items.Item(index)
	if whole.Kind() != item.CellObject {
		matching[item.Column{Whole: true}.Path()] = a.find.search.MatchCell(whole)
	}
	for key, value := range whole.Members() {
		matching[item.PathOf(key.Raw())] = a.find.search.MatchCell(value)
	}
	for column := from; column >= 0 && column < a.table.columns.len(); column += by {
		path := a.table.columns.path(column)
		root := path.Column()
		if matching[root] && (path == root || a.find.search.MatchCell(a.table.items.At(index, path))) {
			return column
		}
	}
	return -1
}
