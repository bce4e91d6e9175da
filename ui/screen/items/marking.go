package items

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/items/marks"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/table"
	"sbwatch/work"
)

// marker marks items, and opens the URLs in marked items.
type marker struct {
	*filterer

	// open opens a URL in a browser. It may be nil.
	open func(url string) error
	job  screen.Job
}

// markActions lists the actions that mark items, and the actions that do something with all marked items.
func (m *marker) markActions() action.Table {
	inTable := m.table.Len() > 0 && !m.itemCovers()
	anyMarked := m.marks.Len() > 0
	mark := func(id, title, key string, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "mark." + id, Group: action.GroupFind, Title: title, Keys: []string{key}, Enabled: enabled, Run: run}
	}
	return action.Table{
		mark("item", "mark this item", "V", inTable, m.markItem),
		mark("range", "mark up to here", "E", inTable, m.markRange),
		mark("all", "mark all visible items", "A", inTable, m.markAll),
		mark("none", "remove all marks", "U", anyMarked, m.unmarkAll),
		mark("keep", "filter to marked items", "M", anyMarked, func() tea.Cmd { return m.addFilter(m.marks.Filter()) }),
		{ID: "mark.open-urls", Group: action.GroupExport, Title: "open URLs of marked items", Keys: []string{"O"}, Enabled: anyMarked && m.open != nil, Run: m.openMarked},
	}
}

// markItem marks the item at the cursor, or removes its mark. Then it moves the cursor down, so that pressing the key
// again marks the next item.
func (m *marker) markItem() tea.Cmd {
	m.job.Stop()
	entry := m.table.Item(m.table.Row())
	m.marks.Set(entry, !m.marks.Has(entry))
	m.table.SelectRow(m.table.Row() + 1)
	m.Arrange()
	return m.followItem()
}

type markedMsg struct {
	generation int
	set        *marks.Set
	// problem says why there is nothing to mark, or is empty.
	problem string
}

// begin returns a command that calls the function change with a copy of the set of marked items, and reports the
// changed copy in a markedMsg. If there is nothing to mark, change returns a message for the user.
func (m *marker) begin(change func(set *marks.Set, progress *work.Progress, next func(rows int) bool) (problem string)) tea.Cmd {
	ctx, progress, generation := m.job.Begin(m.env.Env, "marking")
	m.job.Note("   esc cancel")
	set := m.marks.Clone()
	return m.env.Cmd(func() tea.Msg {
		problem := change(set, progress, nextRows(ctx, progress))
		return screen.UnlessOver(ctx, markedMsg{generation, set, problem})
	})
}

// nextRows returns a function that adds a number of rows to progress. The returned function returns false once ctx is
// canceled.
func nextRows(ctx context.Context, progress *work.Progress) func(rows int) bool {
	return func(rows int) bool {
		progress.Done(rows)
		return ctx.Err() == nil
	}
}

// marked handles a markedMsg: it stores the new marks, or shows the problem.
func (m *marker) marked(msg markedMsg) tea.Cmd {
	switch {
	case !m.job.Done(msg.generation):
		return nil
	case msg.problem != "":
		return m.env.Say(msg.problem)
	}
	*m.marks = *msg.set
	return m.sayMarked()
}

// markRange marks the rows from the cursor to the item whose mark was changed last, both included. If that item is not
// marked, markRange removes the marks of the rows instead.
func (m *marker) markRange() tea.Cmd {
	rows, to := m.table.Rows(), m.table.Row()
	return m.begin(func(set *marks.Set, progress *work.Progress, next func(rows int) bool) string {
		last, found := set.Last()
		from := rowOf(rows.Order, last)
		if !found || from < 0 {
			return "mark an item first; then this key marks all items from that item to the cursor"
		}
		first := min(from, to)
		progress.Add(max(from, to) + 1 - first)
		set.SetAll(max(from, to)+1-first, func(i int) int { return rows.Item(first + i) }, set.Has(last), next)
		return ""
	})
}

// markAll marks all visible items. If all of them are already marked, it removes their marks.
func (m *marker) markAll() tea.Cmd {
	rows := m.table.Rows()
	return m.begin(func(set *marks.Set, progress *work.Progress, next func(rows int) bool) string {
		progress.Add(2 * rows.Len())
		set.SetAll(rows.Len(), rows.Item, !set.HasAll(rows.Len(), rows.Item, next), next)
		return ""
	})
}

func (m *marker) unmarkAll() tea.Cmd {
	m.job.Stop()
	m.marks.Clear()
	return m.sayMarked()
}

func (m *marker) sayMarked() tea.Cmd {
	if m.marks.Len() == 0 {
		return m.env.Say("no items are marked")
	}
	return m.env.Say(text.Counted(int64(m.marks.Len()), "item") + " marked")
}

// selection is a list of items. If marked is nil, the list has the items of Rows. Otherwise it has the marked items:
// first those in Rows, in the order of Rows, then the other marked items.
type selection struct {
	table.Rows

	marked *marks.Set
}

// chosen returns the marked items or, if there are none, the item at the cursor.
func (b *browser) chosen() selection {
	if b.marks.Len() > 0 {
		return selection{b.table.Rows(), b.marks.Clone()}
	}
	return selection{Rows: table.Rows{Items: b.table.Items(), Order: []uint32{uint32(b.table.Item(b.table.Row()))}}}
}

// Len returns the number of items.
func (s selection) Len() int {
	if s.marked != nil {
		return s.marked.Len()
	}
	return s.Rows.Len()
}

// rows returns the items in order. The call may take long, so it is made only in commands. Before each batch of items,
// rows calls the function next. If next returns false, the result must be ignored.
func (s selection) rows(next func(items int) bool) table.Rows {
	if s.marked == nil {
		return s.Rows
	}
	return table.Rows{Items: s.Items, Order: s.marked.Order(s.Order, next)}
}

// maxOpen is the maximum number of URLs to open at once. More tabs would slow a browser down.
const maxOpen = 20

// openedMsg has the number of URLs that were opened, and the number of URLs that could not be opened.
type openedMsg struct{ opened, failed int }

// urlsMsg reports the URLs to open. If there are more than maxOpen URLs, the field more is the number of URLs left out.
type urlsMsg struct {
	generation int
	column     item.Path
	urls       []string
	more       int
}

// openMarked collects the URLs of all marked items in the column at the cursor. Then askToOpen asks the user whether to
// open them.
func (m *marker) openMarked() tea.Cmd {
	ctx, progress, generation := m.job.Begin(m.env.Env, "looking for URLs")
	m.job.Note("   esc cancel")
	chosen, msg := m.chosen(), urlsMsg{generation: generation, column: m.field().Path}
	return m.env.Cmd(func() tea.Msg {
		progress.Add(chosen.Rows.Len() + chosen.Len())
		next := nextRows(ctx, progress)
		rows, reader := chosen.rows(next), chosen.Items.Reader(msg.column)
		for row := 0; row < rows.Len() && next(1); row++ {
			value := reader.Cell(rows.Item(row))
			if !cell.IsURL(value) {
				continue
			}
			switch url := value.Text().Raw(); {
			case slices.Contains(msg.urls, url):
			case len(msg.urls) == maxOpen:
				msg.more++
			default:
				msg.urls = append(msg.urls, url)
			}
		}
		return screen.UnlessOver(ctx, msg)
	})
}

func (m *marker) askToOpen(msg urlsMsg) tea.Cmd {
	if !m.job.Done(msg.generation) {
		return nil
	}
	urls := msg.urls
	if len(urls) == 0 {
		return m.env.Say("no URLs in column " + m.env.Painter.Cut(cell.Name(msg.column.Name()), 30) + " of the marked items; go to a column with URLs first")
	}
	question := "open " + text.Counted(int64(len(urls)), "page") + " in the browser"
	if msg.more > 0 {
		question = "open the first " + text.Count(maxOpen) + " of " + text.Counted(int64(maxOpen+msg.more), "page") + " in the browser"
	}
	choices := []picker.Choice{{Name: text.NewText(question), ID: 1}, {Name: text.NewText("cancel")}}
	pick(m.env.Env, "open", choices, func(c picker.Choice) tea.Cmd {
		if c.ID == 0 {
			return nil
		}
		return m.openAll(urls)
	})
	return nil
}

func (m *marker) openAll(urls []string) tea.Cmd {
	open, life := m.open, m.env.Life
	return m.env.Cmd(func() tea.Msg {
		var msg openedMsg
		for _, url := range urls {
			if life.Err() != nil {
				return nil
			}
			if open(url) != nil {
				msg.failed++
			} else {
				msg.opened++
			}
		}
		return msg
	})
}

func (m *marker) openedAll(msg openedMsg) tea.Cmd {
	if msg.failed > 0 {
		return m.env.Say("opened " + text.Counted(int64(msg.opened), "page") + "; " + text.Count(int64(msg.failed)) + " could not be opened here")
	}
	return m.env.Say("opened " + text.Counted(int64(msg.opened), "page"))
}

// clearMarks removes all marks if items has fewer items than the table. Otherwise the marks stay valid, because new
// items are only appended to the old items.
func (m *marker) clearMarks(items item.Table) {
	if items.Len() < m.table.Items().Len() {
		m.job.Stop()
		m.marks.Clear()
	}
}
