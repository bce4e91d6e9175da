package ui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/query"
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
func (a *App) reorder(what string, to target, waitedFor bool) tea.Cmd {
	a.find.staleOrder = false
	a.stopSearch()
	a.find.asked = asked{to: to, row: a.table.row, item: -1}
	if a.table.len() > 0 {
		a.find.asked.item = a.table.item(a.table.row)
	}
	if a.find.plain() {
		a.find.ordering.stop()
		return a.showAll(nil)
	}
	ctx, progress, generation := a.find.ordering.begin(a.ctx, a.now, what)
	items, cache := a.table.items, a.find.cache
	q := query.Query{Filters: slices.Clone(a.find.filters), Sort: slices.Clone(a.find.sorted)}
	all := func() tea.Msg {
		rows, err := query.Run(ctx, items, q, cache, progress)
		if err != nil {
			return nil // there is a newer order
		}
		return orderedMsg{generation: generation, rows: rows}
	}
	if !waitedFor || len(q.Sort) > 0 {
		return tea.Batch(all, a.nextTick())
	}
	most := 2 * a.height
	first := func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, firstPatience)
		defer cancel()
		rows, err := query.First(ctx, items, q.Filters, 0, most)
		if err != nil {
			return nil // all of them are there no later
		}
		return orderedMsg{generation: generation, rows: rows, first: true}
	}
	return tea.Batch(first, all, a.nextTick())
}

// ordered shows the items that were asked for.
func (a *App) ordered(msg orderedMsg) tea.Cmd {
	switch {
	case msg.generation != a.find.ordering.generation:
		return nil
	case msg.first:
		a.find.partial = true
		cmd := a.show(msg.rows, max(0, rowOf(msg.rows, a.find.asked.item)))
		a.find.asked.row = a.table.row
		return cmd
	}
	a.find.ordering.stop()
	cmd := a.showAll(msg.rows)
	if a.find.staleOrder {
		return tea.Batch(cmd, a.reorder("filtering", toItem, false))
	}
	return cmd
}

// showAll lets all items show that were asked for, the cursor where it was asked to be.
func (a *App) showAll(rows []uint32) tea.Cmd {
	a.find.partial = false
	asked, item := a.find.asked, a.find.asked.item
	moved := a.table.row != asked.row
	if moved && a.table.len() > 0 {
		item = a.table.item(a.table.row)
	}
	row := 0
	if moved || asked.to == toItem {
		row = max(0, rowOf(rows, item))
	}
	return a.show(rows, row)
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
func (a *App) show(rows []uint32, row int) tea.Cmd {
	open, number := a.item.open, -1
	if open && a.item.row < a.table.len() {
		number = a.table.item(a.item.row)
	}
	defer a.renewExport()
	a.stopLooking()
	a.table.row = row
	a.table.setOrder(rows)
	same := a.table.len() > 0 && a.table.item(a.table.row) == number
	switch {
	case !open:
	case same:
		a.item.row = a.table.row
	case a.table.len() > 0 && !a.itemCovers():
		return tea.Batch(a.openItem(a.table.row), a.research())
	default:
		a.item = itemView{}
	}
	a.arrangeTable()
	return a.research()
}

// stopLooking ends what looks for a row of the table as it was.
func (a *App) stopLooking() {
	a.find.jumping.stop()
	a.emptying.stop()
}

// setItems shows other items, or more of the same.
func (a *App) setItems(items item.Table, fits columnFits) {
	if items.Len() < a.table.items.Len() { // others: what is known of the rows is of no use
		a.find.ordering.stop()
		a.stopSearch()
		a.stopLooking()
		a.table.order, a.find.partial, a.judge.keyKnown = nil, false, false
	}
	a.table.set(items, fits)
}

// itemsChanged applies filters, order and search to the items that there are now, unless that goes on already.
func (a *App) itemsChanged() tea.Cmd {
	switch {
	case !a.find.plain() && a.find.ordering.runs():
		a.find.staleOrder = true
		return nil
	case !a.find.plain():
		return a.reorder("filtering", toItem, false)
	case a.find.searching.runs():
		a.find.staleSearch = true
		return nil
	default:
		return a.research()
	}
}
