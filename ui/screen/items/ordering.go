package items

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/query"
	"sbwatch/ui/widget/table"
)

// Which items show, and in which order, is worked out by a command, while the table stays as it was. Of a filter that was just
// set the first items that it chooses show before all of them are found.

// target is where the cursor goes once items show in a new order.
type target int

const (
	// toItem stays on the item, or goes to the first row where that no longer shows.
	toItem target = iota
	toFirstRow
)

// asked is where the cursor was when an order was asked for. Where it has been moved since, it stays on what it is on.
type asked struct {
	to        target
	row, item int
}

// firstPatience is how long the first items of a filter are looked for before the others: as long as that may take to seem at
// once.
const firstPatience = 40 * time.Millisecond

// orderedMsg is which items show, and in which order.
type orderedMsg struct {
	generation int
	rows       []uint32
	// first marks the first of them, which come before the rest.
	first bool
}

// reorder applies the filters and the sort keys to the items. Where the user waits for it, the first of a filter's items show
// as soon as they are known.
func (f *filterer) reorder(what string, to target, waitedFor bool) tea.Cmd {
	f.isBehind = false
	f.stopSearch()
	f.asked = asked{to: to, row: f.table.Row(), item: -1}
	if f.table.Len() > 0 {
		f.asked.item = f.table.Item(f.table.Row())
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
			return nil // there is a newer order
		}
		return orderedMsg{generation: generation, rows: rows}
	}
	if !waitedFor || len(q.Sort) > 0 {
		return f.env.Cmd(all)
	}
	most := 2 * f.env.Height()
	first := func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, firstPatience)
		defer cancel()
		rows, err := query.First(ctx, items, q.Filters, 0, most)
		if err != nil {
			return nil // all of them are there no later
		}
		return orderedMsg{generation: generation, rows: rows, first: true}
	}
	return tea.Batch(f.env.Cmd(first), f.env.Cmd(all))
}

// ordered shows the items that were asked for.
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
	if f.isBehind {
		return tea.Batch(cmd, f.reorder("filtering", toItem, false))
	}
	return cmd
}

// showAll lets all items show that were asked for, the cursor where it was asked to be.
func (f *filterer) showAll(rows []uint32) tea.Cmd {
	f.isPartial = false
	asked, item := f.asked, f.asked.item
	moved := f.table.Row() != asked.row
	if moved && f.table.Len() > 0 {
		item = f.table.Item(f.table.Row())
	}
	row := 0
	if moved || asked.to == toItem {
		row = max(0, rowOf(rows, item))
	}
	return f.show(rows, row)
}

// rowOf is the row of an item; -1 where it has none.
func rowOf(rows []uint32, item int) int {
	switch {
	case item < 0:
		return -1
	case rows == nil:
		return item
	default:
		return slices.Index(rows, uint32(item)) //nolint:gosec // the number of an item that there is
	}
}

// show lets items show in an order, and searches among them anew. An item that is open stays so, if it shows.
func (f *filterer) show(rows []uint32, row int) tea.Cmd {
	open, number := f.item.open, -1
	if open && f.item.row < f.table.Len() {
		number = f.table.Item(f.item.row)
	}
	defer f.changed()
	f.stopLooking()
	f.table.SetOrderAt(rows, row)
	same := f.table.Len() > 0 && f.table.Item(f.table.Row()) == number
	switch {
	case !open:
	case same:
		f.item.row = f.table.Row()
	case f.table.Len() > 0 && !f.itemCovers():
		return tea.Batch(f.openItem(f.table.Row()), f.research())
	default:
		f.item = itemView{}
	}
	f.Arrange()
	return f.research()
}

// setItems shows other items, or more of the same.
func (f *filterer) setItems(items item.Table, fits table.Fits) {
	if items.Len() < f.table.Items().Len() { // others: what is known of the rows is of no use
		f.ordering.Stop()
		f.stopSearch()
		f.stopLooking()
		f.table.SetOrder(nil)
		f.isPartial = false
	}
	f.table.SetItems(items, fits)
}

// itemsChanged applies filters, order and search to the items that there are now, unless that goes on already.
func (f *filterer) itemsChanged() tea.Cmd {
	switch {
	case !f.showsAll() && f.ordering.Runs():
		f.isBehind = true
		return nil
	case !f.showsAll():
		return f.reorder("filtering", toItem, false)
	case f.searching.Runs():
		f.isStale = true
		return nil
	default:
		return f.research()
	}
}
