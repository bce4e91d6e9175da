package items

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/model/search"
	"sbwatch/query"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
	"sbwatch/work"
)

// The search: what matches is marked wherever it shows, at once; where the other matches are is a command's work.

// openSearch opens the prompt, with nothing in it.
func (t *Tab) openSearch() { t.openPrompt(promptSearch) }

// searchFor searches for what was typed, and goes to the first match from where the search began.
func (t *Tab) searchFor(q search.Query) tea.Cmd {
	t.setSearch(q)
	if q.IsEmpty() {
		t.stopSearch()
		t.table.SelectRow(min(t.find.from, max(0, t.table.Len()-1)))
		t.Arrange()
		return t.followItem()
	}
	return tea.Batch(t.research(), t.jump(t.find.from))
}

// setSearch sets what is searched for, and with it what the table highlights.
func (t *Tab) setSearch(q search.Query) {
	t.find.search = q
	if q.IsEmpty() {
		t.table.SetMarker(nil)
	} else {
		t.table.SetMarker(q.Spans)
	}
}

// endSearch forgets the search. The cursor stays.
func (t *Tab) endSearch() {
	t.stopSearch()
	t.setSearch(search.Query{})
	t.Arrange()
}

// stopSearch ends the work of searching.
func (t *Tab) stopSearch() {
	t.find.searching.Stop()
	t.find.jumping.Stop()
	t.find.matches, t.find.matched = nil, false
}

// matchesMsg are all rows that match the search.
type matchesMsg struct {
	generation int
	rows       []uint32
}

// research looks for all matches among what shows.
func (t *Tab) research() tea.Cmd {
	t.find.matches, t.find.matched, t.find.staleSearch = nil, false, false
	if t.find.search.IsEmpty() {
		return nil
	}
	ctx, progress, generation := t.find.searching.Begin(t.env.Env, "searching")
	rows, q := t.table.Rows(), t.find.search
	return t.env.Cmd(func() tea.Msg {
		found, err := matching(ctx, rows, q, progress)
		if err != nil {
			return nil // a newer search has taken its place
		}
		return matchesMsg{generation, found}
	})
}

// found notes all matches. A jump that is still looking for the nearest is answered by them.
func (t *Tab) found(msg matchesMsg) tea.Cmd {
	if !t.find.searching.Done(msg.generation) {
		return nil
	}
	if t.find.staleSearch {
		return t.research()
	}
	t.find.matches, t.find.matched = msg.rows, true
	if !t.find.jumping.Runs() {
		return nil
	}
	t.find.jumping.Stop()
	if len(msg.rows) == 0 {
		return nil
	}
	at, _ := slices.BinarySearch(msg.rows, uint32(t.find.jumpFrom)) //nolint:gosec // a row that there is
	return t.goToMatch(int(msg.rows[at%len(msg.rows)]), 1)
}

// matching are the rows that a filter chooses, ascending.
func matching(ctx context.Context, r table.Rows, filter model.Filter, progress *work.Progress) ([]uint32, error) {
	items, err := query.Run(ctx, r.Items, query.Query{Filters: []model.Filter{filter}}, nil, progress)
	if err != nil || r.Order == nil {
		return items, err
	}
	chosen := make([]bool, r.Items.Len())
	for _, item := range items {
		chosen[item] = true
	}
	rows := make([]uint32, 0, len(items))
	for row, item := range r.Order {
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
func (t *Tab) jump(from int) tea.Cmd {
	ctx, _, generation := t.find.jumping.Begin(t.env.Env, "searching")
	rows, q := t.table.Rows(), t.find.search
	t.find.jumpFrom = from
	return t.env.Cmd(func() tea.Msg {
		row := firstMatch(ctx, rows, q, from, rows.Len())
		if row < 0 {
			row = firstMatch(ctx, rows, q, 0, min(from, rows.Len()))
		}
		return screen.UnlessOver(ctx, jumpMsg{generation, row})
	})
}

func (t *Tab) jumped(msg jumpMsg) tea.Cmd {
	if !t.find.jumping.Done(msg.generation) || msg.row < 0 || msg.row >= t.table.Len() {
		return nil
	}
	return t.goToMatch(msg.row, 1)
}

// firstMatch is the first row, of those from number from up to number to, that a filter chooses; -1 where none is. It begins
// with a few rows, so that a match nearby is found at once.
func firstMatch(ctx context.Context, r table.Rows, filter model.Filter, from, to int) int {
	const fewRows, manyRows = 64, 8192
	picker := filter.Picker(r.Items)
	var rows, picked []uint32
	for size := fewRows; from < to && ctx.Err() == nil; size = min(2*size, manyRows) {
		end := min(to, from+size)
		rows = rows[:0]
		for row := from; row < end; row++ {
			rows = append(rows, uint32(r.Item(row))) //nolint:gosec // a row that there is
		}
		if r.Order != nil {
			slices.Sort(rows)
		}
		if picked = picker.Pick(picked[:0], rows); len(picked) > 0 {
			return firstOf(r, picked, from, end)
		}
		from = end
	}
	return -1
}

// firstOf is the first row, from number from on, with one of some items.
func firstOf(r table.Rows, items []uint32, from, to int) int {
	for row := from; row < to; row++ {
		if _, is := slices.BinarySearch(items, uint32(r.Item(row))); is { //nolint:gosec // a row that there is
			return row
		}
	}
	return -1
}

// walk goes to the next match, cell by cell, or with -1 to the one before.
func (t *Tab) walk(by int) tea.Cmd {
	if t.itemCovers() && t.scrollToMark(t.item.mark+by, by) {
		return nil
	}
	if column := t.matchingColumn(t.table.Row(), t.table.Column()+by, by); column >= 0 && !t.itemCovers() {
		t.table.SelectColumn(column)
		t.Arrange()
		return nil
	}
	f := &t.find
	switch {
	case f.matched && len(f.matches) == 0:
		return t.env.Say("no match for " + t.env.Painter.Cut(f.search.Title(), 40))
	case f.matched:
		return t.walkRows(by)
	case by > 0:
		return t.jump(t.table.Row() + 1)
	default:
		return t.env.Say("still searching")
	}
}

// walkRows goes to the next row that matches, round the end of the table.
func (t *Tab) walkRows(by int) tea.Cmd {
	matches := t.find.matches
	at, on := slices.BinarySearch(matches, uint32(t.table.Row())) //nolint:gosec // a row that there is
	switch {
	case by > 0 && on:
		at++
	case by < 0:
		at--
	}
	around := at < 0 || at >= len(matches)
	cmd := t.goToMatch(int(matches[(at+len(matches))%len(matches)]), by)
	if around {
		end := "from the top again"
		if by < 0 {
			end = "from the end again"
		}
		return tea.Batch(cmd, t.env.Say(end))
	}
	return cmd
}

// goToMatch puts the cursor on a row that matches, and there on the first cell that does, or with -1 on the last.
func (t *Tab) goToMatch(row, by int) tea.Cmd {
	t.table.SelectRow(row)
	from := 0
	if by < 0 {
		from = t.table.ColumnCount() - 1
	}
	if column := t.matchingColumn(row, from, by); column >= 0 {
		t.table.SelectColumn(column)
	}
	t.Arrange()
	if t.item.open && t.item.row == row {
		t.scrollToMark(0, 1)
	}
	return t.followItem()
}

// quickBytes is how many bytes of an item a key may look through. In a larger one the cursor stays in its column.
const quickBytes = 8 << 20

// matchingColumn is the nearest column that shows, from another on, whose cell in a row matches; -1 where none does. The item
// is gone through once, however many columns there are.
func (t *Tab) matchingColumn(row, from, by int) int {
	if row >= t.table.Len() {
		return -1
	}
	item := t.table.Item(row)
	if len(t.table.Items().Row(item)) > quickBytes {
		return -1
	}
	matching := map[model.Path]bool{}
	whole := t.table.Items().Item(item)
	if whole.Kind() != model.CellObject {
		matching[model.Column{Whole: true}.Path()] = t.find.search.MatchCell(whole)
	}
	for key, value := range whole.Members() {
		matching[model.PathOf(key.Raw())] = t.find.search.MatchCell(value)
	}
	for column := from; column >= 0 && column < t.table.ColumnCount(); column += by {
		path := t.table.ColumnPath(column)
		root := path.Column()
		if matching[root] && (path == root || t.find.search.MatchCell(t.table.Items().At(item, path))) {
			return column
		}
	}
	return -1
}
