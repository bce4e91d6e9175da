package items

import (
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
	"sbwatch/work"
)

// The table highlights the visible matches immediately. A command finds all matches.

// searcher finds matches of a search, and empty cells, in the visible items.
type searcher struct {
	*browser

	query search.Query
	// matches are the matching rows, in ascending order. They are valid only if isDone is true.
	matches []uint32
	isDone  bool
	// from is the row where the search started. If the user cancels the search, the cursor returns to it.
	from int
	// jumpFrom is the row at which the search for the nearest match starts.
	jumpFrom int
	// previous is the search that was active when the prompt was opened.
	previous search.Query
	// isStale reports whether items have arrived since the search started.
	isStale bool

	searching, jumping, emptySearch screen.Job
}

// searchFor starts a search. It moves the cursor to the first match at or after the row where the search started.
func (s *searcher) searchFor(q search.Query) tea.Cmd {
	s.setSearch(q)
	if q.IsEmpty() {
		s.stopSearch()
		s.table.SelectRow(min(s.from, max(0, s.table.Len()-1)))
		s.Arrange()
		return s.followItem()
	}
	return tea.Batch(s.findMatches(), s.jump(s.from))
}

// setSearch sets the search and highlights the matches in the table.
func (s *searcher) setSearch(q search.Query) {
	s.query = q
	if q.IsEmpty() {
		s.table.SetMarker(nil)
	} else {
		s.table.SetMarker(q.Spans)
	}
}

// endSearch removes the search. The cursor stays where it is.
func (s *searcher) endSearch() {
	s.stopSearch()
	s.setSearch(search.Query{})
	s.Arrange()
}

// stopSearch cancels the commands of the search and ignores their results.
func (s *searcher) stopSearch() {
	s.searching.Stop()
	s.jumping.Stop()
	s.matches, s.isDone = nil, false
}

// matchesMsg has all rows that match the search.
type matchesMsg struct {
	generation int
	rows       []uint32
}

// findMatches returns a command that finds all matches in the visible items.
func (s *searcher) findMatches() tea.Cmd {
	s.matches, s.isDone, s.isStale = nil, false, false
	if s.query.IsEmpty() {
		return nil
	}
	ctx, progress, generation := s.searching.Begin(s.env.Env, "searching")
	rows, q := s.table.Rows(), s.query
	return s.env.Cmd(func() tea.Msg {
		found, err := matching(ctx, rows, q, progress)
		if err != nil {
			return nil // a newer search has replaced this one
		}
		return matchesMsg{generation, found}
	})
}

// found handles a matchesMsg: it stores all matches. If the search for the nearest match has not ended, found also
// moves the cursor to the nearest match.
func (s *searcher) found(msg matchesMsg) tea.Cmd {
	if !s.searching.Done(msg.generation) {
		return nil
	}
	if s.isStale {
		return s.findMatches()
	}
	s.matches, s.isDone = msg.rows, true
	if !s.jumping.Runs() {
		return nil
	}
	s.jumping.Stop()
	if len(msg.rows) == 0 {
		return nil
	}
	at, _ := slices.BinarySearch(msg.rows, uint32(s.jumpFrom))
	return s.goToMatch(int(msg.rows[at%len(msg.rows)]))
}

// matching returns the rows whose items match filter, in ascending order.
func matching(ctx context.Context, r table.Rows, filter item.Filter, progress *work.Progress) ([]uint32, error) {
	items, err := query.Run(ctx, r.Items, query.Query{Filters: []item.Filter{filter}}, nil, progress)
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
			rows = append(rows, uint32(row))
		}
	}
	return rows, nil
}

// jumpMsg has the row of the nearest match. row is -1 if there is none.
type jumpMsg struct {
	generation, row int
}

// jump returns a command that finds the nearest match. from is the row at which the search starts. At the end of the
// table, the search continues from the top.
func (s *searcher) jump(from int) tea.Cmd {
	ctx, _, generation := s.jumping.Begin(s.env.Env, "searching")
	rows, q := s.table.Rows(), s.query
	s.jumpFrom = from
	return s.env.Cmd(func() tea.Msg {
		row := firstMatch(ctx, rows, q, from, rows.Len())
		if row < 0 {
			row = firstMatch(ctx, rows, q, 0, min(from, rows.Len()))
		}
		return screen.UnlessOver(ctx, jumpMsg{generation, row})
	})
}

func (s *searcher) jumped(msg jumpMsg) tea.Cmd {
	if !s.jumping.Done(msg.generation) || msg.row < 0 || msg.row >= s.table.Len() {
		return nil
	}
	return s.goToMatch(msg.row)
}

// firstMatch returns the first row in [from, to) that matches filter, or -1. It starts with small batches of rows, so
// that a nearby match is found quickly.
func firstMatch(ctx context.Context, r table.Rows, filter item.Filter, from, to int) int {
	const fewRows, manyRows = 64, 8192
	picker := filter.Picker(r.Items)
	var rows, picked []uint32
	for size := fewRows; from < to && ctx.Err() == nil; size = min(2*size, manyRows) {
		end := min(to, from+size)
		rows = rows[:0]
		for row := from; row < end; row++ {
			rows = append(rows, uint32(r.Item(row)))
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

// firstOf returns the first row in [from, to) that shows one of the items, or -1. items must be sorted.
func firstOf(r table.Rows, items []uint32, from, to int) int {
	for row := from; row < to; row++ {
		if _, is := slices.BinarySearch(items, uint32(r.Item(row))); is {
			return row
		}
	}
	return -1
}

// walk moves the cursor to the next match (by = 1) or to the previous match (by = -1). If an open item has the focus,
// the cursor goes through the matches in that item first.
func (s *searcher) walk(by int) tea.Cmd {
	if s.inItem() && s.scrollToMark(s.item.mark+by, by) {
		return nil
	}
	switch {
	case s.isDone && len(s.matches) == 0:
		return s.env.Say("no match for " + s.env.Painter.Cut(s.query.Title(), 40))
	case s.isDone:
		return s.walkRows(by)
	case by > 0:
		return s.jump(s.table.Row() + 1)
	default:
		return s.env.Say("still searching")
	}
}

// walkRows moves the cursor to the next or previous matching row. It continues at the other end of the table.
func (s *searcher) walkRows(by int) tea.Cmd {
	matches := s.matches
	at, on := slices.BinarySearch(matches, uint32(s.table.Row()))
	switch {
	case by > 0 && on:
		at++
	case by < 0:
		at--
	}
	around := at < 0 || at >= len(matches)
	cmd := s.goToMatch(int(matches[(at+len(matches))%len(matches)]))
	if around {
		end := "continued from the top"
		if by < 0 {
			end = "continued from the bottom"
		}
		return tea.Batch(cmd, s.env.Say(end))
	}
	return cmd
}

// goToMatch moves the cursor to a matching row. The cursor stays in its column if the cell of the row in this column
// matches. Otherwise the cursor goes to the first matching cell of the row.
func (s *searcher) goToMatch(row int) tea.Cmd {
	s.table.SelectRow(row)
	if column := s.matchingColumn(row); column >= 0 {
		s.table.SelectColumn(column)
	}
	s.Arrange()
	if s.item.open && s.item.row == row {
		s.scrollToMark(0, 1)
	}
	return s.followItem()
}

// maxQuickBytes is the maximum size, in bytes, of an item that goToMatch searches for the matching cell. In a larger
// item the cursor stays in its column.
const maxQuickBytes = 8 << 20

// matchingColumn returns the column at the cursor if its cell in row matches. Otherwise it returns the first visible
// column that matches, or -1. It parses the item only once.
func (s *searcher) matchingColumn(row int) int {
	if row >= s.table.Len() {
		return -1
	}
	entry := s.table.Item(row)
	if len(s.table.Items().Row(entry)) > maxQuickBytes {
		return -1
	}
	matching := map[item.Path]bool{}
	whole := s.table.Items().Item(entry)
	if whole.Kind() != item.CellObject {
		matching[item.Column{Whole: true}.Path()] = s.query.MatchCell(whole)
	}
	for key, value := range whole.Members() {
		matching[item.PathOf(key.Raw())] = s.query.MatchCell(value)
	}
	first := -1
	for column := range s.table.ColumnCount() {
		path := s.table.ColumnPath(column)
		root := path.Column()
		switch isMatch := matching[root] && (path == root || s.query.MatchCell(s.table.Items().At(entry, path))); {
		case isMatch && column == s.table.Column():
			return column
		case isMatch && first < 0:
			first = column
		}
	}
	return first
}

// matchCount returns the number of matching rows. If the cursor is on a match, it includes the position, such as "12 of
// 3,480".
func (s *searcher) matchCount() string {
	if !s.isDone {
		return "searching"
	}
	if len(s.matches) == 0 {
		return "no match"
	}
	at, on := slices.BinarySearch(s.matches, uint32(s.table.Row()))
	total := text.Count(int64(len(s.matches)))
	if !on {
		if len(s.matches) == 1 {
			return "1 match"
		}
		return total + " matches"
	}
	return fmt.Sprintf("%s of %s", text.Count(int64(at+1)), total)
}

// stopLooking cancels the search for the nearest match and the search for an empty cell, because the rows have changed.
func (s *searcher) stopLooking() {
	s.jumping.Stop()
	s.emptySearch.Stop()
}
