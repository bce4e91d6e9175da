package items

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/widget/picker"
)

// marker marks items, and opens the URLs of marked ones.
type marker struct {
	*filterer

	// open opens a URL in a browser. It may be nil.
	open func(url string) error
}

// markActions lists the actions that mark items, and those for all marked items.
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
	entry := m.table.Item(m.table.Row())
	m.marks.Set(entry, !m.marks.Has(entry))
	m.table.SelectRow(m.table.Row() + 1)
	m.Arrange()
	return m.followItem()
}

// markRange marks the rows from the item that was marked last to the cursor. If that item was unmarked instead,
// markRange removes the marks of these rows.
func (m *marker) markRange() tea.Cmd {
	last, found := m.marks.Last()
	rows, to := m.table.Rows(), m.table.Row()
	from := rowOf(rows.Order, last)
	if !found || from < 0 {
		return m.env.Say("mark an item first; then this key marks all items from there to the cursor")
	}
	isMarked := m.marks.Has(last)
	for row := min(from, to); row <= max(from, to); row++ {
		m.marks.Set(rows.Item(row), isMarked)
	}
	return m.sayMarked()
}

// markAll marks all visible items. If all of them are already marked, it removes their marks.
func (m *marker) markAll() tea.Cmd {
	rows := m.table.Rows()
	areMarked := true
	for row := 0; row < rows.Len() && areMarked; row++ {
		areMarked = m.marks.Has(rows.Item(row))
	}
	for row := range rows.Len() {
		m.marks.Set(rows.Item(row), !areMarked)
	}
	return m.sayMarked()
}

func (m *marker) unmarkAll() tea.Cmd {
	m.marks.Clear()
	return m.sayMarked()
}

func (m *marker) sayMarked() tea.Cmd {
	if m.marks.Len() == 0 {
		return m.env.Say("no items are marked")
	}
	return m.env.Say(text.Counted(int64(m.marks.Len()), "item") + " marked")
}

// chosen returns the marked items in the order of the rows. If no items are marked, it returns the item at the cursor.
func (b *browser) chosen() []uint32 {
	if b.marks.Len() > 0 {
		return b.marks.Order(b.table.Rows().Order)
	}
	return []uint32{uint32(b.table.Item(b.table.Row()))}
}

// maxOpen is the maximum number of URLs to open at once. More tabs would slow a browser down.
const maxOpen = 20

// openedMsg reports how many URLs were opened.
type openedMsg struct{ opened, failed int }

// openMarked asks the user and then opens the URLs that marked items have in the column at the cursor.
func (m *marker) openMarked() tea.Cmd {
	path := m.field().Path
	reader := m.table.Items().Reader(path)
	var urls []string
	more := 0
	for _, entry := range m.chosen() {
		value := reader.Cell(int(entry))
		if !cell.IsURL(value) {
			continue
		}
		switch url := value.Text().Raw(); {
		case slices.Contains(urls, url):
		case len(urls) == maxOpen:
			more++
		default:
			urls = append(urls, url)
		}
	}
	if len(urls) == 0 {
		return m.env.Say("no URLs in column " + m.env.Painter.Cut(cell.Name(path.Name()), 30) + " of the marked items; go to a column with URLs first")
	}
	question := "open " + text.Counted(int64(len(urls)), "page") + " in the browser"
	if more > 0 {
		question = "open the first " + text.Count(maxOpen) + " of " + text.Counted(int64(maxOpen+more), "page") + " in the browser"
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

// openAll returns a command that opens URLs.
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

// clearMarks removes all marks, unless the new items continue the current items.
func (m *marker) clearMarks(items item.Table) {
	if items.Len() < m.table.Items().Len() {
		m.marks.Clear()
	}
}
