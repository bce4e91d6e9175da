package items

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/order"
	"sbwatch/query"
	"sbwatch/ui/widget/table"
)

// Filtering and sorting run in a command. Meanwhile the table keeps its previous rows. The first matches of a new
// filter are shown before all matches are known.

// target says where the cursor goes after the items were filtered or sorted.
type target int

const (
	// toItem keeps the cursor on its item. If that item is no longer visible, the cursor goes to the first row.
	toItem target = iota
	toFirstRow
)

// asked is the position of the cursor when a reordering started. If the user moves the cursor after that, the cursor
// stays on its new item.
type asked struct {
	to        target
	row, item int
	// line is the line below the headers on which the item must appear. It is unknown if the item may appear on any
	// line.
	line optional.Value[int]
}

// firstMatchesDelay is how long the first matches of a filter are collected before they are shown. The delay is too
// short for the user to notice.
const firstMatchesDelay = 40 * time.Millisecond

// orderedMsg has the rows to show, in order.
type orderedMsg struct {
	generation int
	rows       []uint32
	// first is true if rows has only the first rows, and another message will bring all rows.
	first bool
}

// reorder applies the filters and the sort keys. If isUserWaiting is true, the first matches are shown as soon as they
// are known. The parameter what describes the work in the footer, such as "sorting".
func (f *filterer) reorder(what string, to target, isUserWaiting bool) tea.Cmd {
	f.isOutdated = false
	f.shownSort = optional.Value[[]order.Key]{}
	f.ordering.Note("")
	f.stopSearch()
	f.asked = asked{to: to, row: f.table.Row(), item: -1}
	if f.table.Len() > 0 {
		f.asked.item = f.table.Item(f.table.Row())
	}
	if to, isPending := f.returning.Get(); isPending && f.table.Row() == f.placed {
		f.asked.item = -1 // wait on the first row for the item
		if to.item < f.table.Items().Len() {
			f.asked.item, f.asked.line = to.item, optional.Some(to.line)
			f.table.SelectPath(to.column)
		}
	}
	if f.showsAll() {
		f.ordering.Stop()
		return f.showAll(nil)
	}
	ctx, progress, generation := f.ordering.Begin(f.env.Env, what)
	items, cache := f.table.Items(), f.cache
	q := query.Query{Filters: slices.Clone(f.filters), Sort: slices.Clone(f.table.Sorted())}
	all := func() tea.Msg {
		rows, err := query.Run(ctx, items, q, cache, progress)
		if err != nil {
			return nil // a newer reordering has started
		}
		return orderedMsg{generation: generation, rows: rows}
	}
	if !isUserWaiting || len(q.Sort) > 0 {
		return f.env.Cmd(all)
	}
	enough := 2 * f.env.Height()
	first := func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, firstMatchesDelay)
		defer cancel()
		rows, err := query.First(ctx, items, q.Filters, 0, enough)
		if err != nil {
			return nil // too few matches were found in time; the other command finds all matches
		}
		return orderedMsg{generation: generation, rows: rows, first: true}
	}
	return tea.Batch(f.env.Cmd(first), f.env.Cmd(all))
}

// ordered handles an orderedMsg: it shows the rows of the message, in their order.
func (f *filterer) ordered(msg orderedMsg) tea.Cmd {
	switch {
	case msg.generation != f.ordering.Generation:
		return nil
	case msg.first:
		f.isPartial = true
		cmd := f.show(msg.rows, max(0, rowOf(msg.rows, f.asked.item)))
		f.asked.row = f.table.Row()
		return cmd
	}
	f.ordering.Stop()
	cmd := f.showAll(msg.rows)
	switch {
	case f.isOutdated:
		return tea.Batch(cmd, f.reorder("filtering", toItem, false))
	case f.isComplete:
		f.returning = optional.Value[place]{}
	}
	return cmd
}

// showAll shows the complete result of a reordering and places the cursor.
func (f *filterer) showAll(rows []uint32) tea.Cmd {
	f.isPartial = false
	asked, item := f.asked, f.asked.item
	moved := f.table.Row() != asked.row
	if moved {
		f.returning = optional.Value[place]{}
	}
	if moved && f.table.Len() > 0 {
		item = f.table.Item(f.table.Row())
	}
	row := 0
	if moved || asked.to == toItem {
		row = max(0, rowOf(rows, item))
	}
	if line, known := asked.line.Get(); known && !moved {
		f.table.ScrollTo(row - line)
	}
	return f.show(rows, row)
}

// rowOf returns the row that shows an item, or -1 if no row does.
func rowOf(rows []uint32, item int) int {
	switch {
	case item < 0:
		return -1
	case rows == nil:
		return item
	default:
		return slices.Index(rows, uint32(item))
	}
}

// show shows rows in the table, moves the cursor to the row with index row, and repeats the search. An open item stays
// open if it is still visible.
func (f *filterer) show(rows []uint32, row int) tea.Cmd {
	open, number := f.item.open, -1
	if open && f.item.row < f.table.Len() {
		number = f.table.Item(f.item.row)
	}
	defer f.changed()
	f.stopLooking()
	f.table.SetOrderAt(rows, row)
	f.placed = f.table.Row()
	same := f.table.Len() > 0 && f.table.Item(f.table.Row()) == number
	switch {
	case !open:
	case same:
		f.item.row = f.table.Row()
	case f.table.Len() > 0 && !f.itemCovers():
		return tea.Batch(f.openItem(f.table.Row()), f.findMatches())
	default:
		f.item = itemView{}
	}
	f.Arrange()
	return f.findMatches()
}

// prepare returns a command that fills the cache with the columns at paths, so that filtering and sorting by them is
// fast from the start. Columns that the table shows come first.
func (f *filterer) prepare(paths []item.Path) tea.Cmd {
	ctx, progress, _ := f.preparing.Begin(f.env.Env, "preparing columns")
	items, cache, shown := f.table.Items(), f.cache, f.table.Paths()
	return func() tea.Msg {
		_ = query.Prepare(ctx, items, shownFirst(paths, shown), cache, progress) // if canceled, queries build the columns
		return nil
	}
}

// shownFirst returns paths reordered: first those in shown, in the order of shown, then the other paths.
func shownFirst(paths, shown []item.Path) []item.Path {
	rest := make(map[item.Path]bool, len(paths))
	for _, path := range paths {
		rest[path] = true
	}
	ordered := make([]item.Path, 0, len(paths))
	for _, path := range slices.Concat(shown, paths) {
		if rest[path] {
			ordered = append(ordered, path)
			delete(rest, path)
		}
	}
	return ordered
}

// setItems replaces the items. If the new items start with the current items, the filters and the cursor stay.
func (f *filterer) setItems(items item.Table, fits table.Fits) {
	if items != f.table.Items() {
		f.preparing.Stop() // the cache will belong to the new items
	}
	if items.Len() < f.table.Items().Len() { // if there are fewer items, they are different items, so the known rows no longer apply
		f.ordering.Stop()
		f.stopSearch()
		f.stopLooking()
		f.table.SetOrder(nil)
		f.isPartial = false
	}
	f.table.SetItems(items, fits)
}

// itemsChanged applies the filters, the order and the search to the current items. If a reordering or a search is still
// in progress, itemsChanged only records that the result of that work will be outdated.
func (f *filterer) itemsChanged() tea.Cmd {
	switch {
	case !f.showsAll() && f.ordering.Runs():
		f.isOutdated = true
		return nil
	case !f.showsAll():
		return f.reorder("filtering", toItem, false)
	case f.searching.Runs():
		f.isStale = true
		return nil
	default:
		return f.findMatches()
	}
}
