package items

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
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
func (t *Tab) reorder(what string, to target, waitedFor bool) tea.Cmd {
	t.find.staleOrder = false
	t.stopSearch()
	t.find.asked = asked{to: to, row: t.table.Row(), item: -1}
	if t.table.Len() > 0 {
		t.find.asked.item = t.table.Item(t.table.Row())
	}
	if t.showsAll() {
		t.find.ordering.Stop()
		return t.showAll(nil)
	}
	ctx, progress, generation := t.find.ordering.Begin(t.env.Env, what)
	items, cache := t.table.Items(), t.find.cache
	q := query.Query{Filters: slices.Clone(t.find.filters), Sort: slices.Clone(t.table.Sorted())}
	all := func() tea.Msg {
		rows, err := query.Run(ctx, items, q, cache, progress)
		if err != nil {
			return nil // there is a newer order
		}
		return orderedMsg{generation: generation, rows: rows}
	}
	if !waitedFor || len(q.Sort) > 0 {
		return t.env.Cmd(all)
	}
	most := 2 * t.env.Height()
	first := func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, firstPatience)
		defer cancel()
		rows, err := query.First(ctx, items, q.Filters, 0, most)
		if err != nil {
			return nil // all of them are there no later
		}
		return orderedMsg{generation: generation, rows: rows, first: true}
	}
	return tea.Batch(t.env.Cmd(first), t.env.Cmd(all))
}

// ordered shows the items that were asked for.
func (t *Tab) ordered(msg orderedMsg) tea.Cmd {
	switch {
	case msg.generation != t.find.ordering.Generation:
		return nil
	case msg.first:
		t.find.partial = true
		cmd := t.show(msg.rows, max(0, rowOf(msg.rows, t.find.asked.item)))
		t.find.asked.row = t.table.Row()
		return cmd
	}
	t.find.ordering.Stop()
	cmd := t.showAll(msg.rows)
	if t.find.staleOrder {
		return tea.Batch(cmd, t.reorder("filtering", toItem, false))
	}
	return cmd
}

// showAll lets all items show that were asked for, the cursor where it was asked to be.
func (t *Tab) showAll(rows []uint32) tea.Cmd {
	t.find.partial = false
	asked, item := t.find.asked, t.find.asked.item
	moved := t.table.Row() != asked.row
	if moved && t.table.Len() > 0 {
		item = t.table.Item(t.table.Row())
	}
	row := 0
	if moved || asked.to == toItem {
		row = max(0, rowOf(rows, item))
	}
	return t.show(rows, row)
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
func (t *Tab) show(rows []uint32, row int) tea.Cmd {
	open, number := t.item.open, -1
	if open && t.item.row < t.table.Len() {
		number = t.table.Item(t.item.row)
	}
	defer t.renewExport()
	t.stopLooking()
	t.table.SetOrderAt(rows, row)
	same := t.table.Len() > 0 && t.table.Item(t.table.Row()) == number
	switch {
	case !open:
	case same:
		t.item.row = t.table.Row()
	case t.table.Len() > 0 && !t.itemCovers():
		return tea.Batch(t.openItem(t.table.Row()), t.research())
	default:
		t.item = item{}
	}
	t.Arrange()
	return t.research()
}

// stopLooking ends what looks for a row of the table as it was.
func (t *Tab) stopLooking() {
	t.find.jumping.Stop()
	t.emptying.Stop()
}

// SetItems shows other items, or more of the same.
func (t *Tab) SetItems(items model.Items, fits table.Fits) {
	if items.Len() < t.table.Items().Len() { // others: what is known of the rows is of no use
		t.find.ordering.Stop()
		t.stopSearch()
		t.stopLooking()
		t.table.SetOrder(nil)
		t.find.partial = false
	}
	t.table.SetItems(items, fits)
}

// itemsChanged applies filters, order and search to the items that there are now, unless that goes on already.
func (t *Tab) itemsChanged() tea.Cmd {
	switch {
	case !t.showsAll() && t.find.ordering.Runs():
		t.find.staleOrder = true
		return nil
	case !t.showsAll():
		return t.reorder("filtering", toItem, false)
	case t.find.searching.Runs():
		t.find.staleSearch = true
		return nil
	default:
		return t.research()
	}
}
