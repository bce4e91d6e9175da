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

// markActions lists the actions that mark items, and those for all marked items.
func (t *Tab) markActions() action.Table {
	inTable := t.table.Len() > 0 && !t.itemCovers()
	anyMarked := t.marks.Len() > 0
	mark := func(id, title, key string, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "mark." + id, Group: action.GroupFind, Title: title, Keys: []string{key}, Enabled: enabled, Run: run}
	}
	return action.Table{
		mark("item", "mark this item", "V", inTable, t.markItem),
		mark("range", "mark up to here", "E", inTable, t.markRange),
		mark("all", "mark all visible items", "A", inTable, t.markAll),
		mark("none", "remove all marks", "U", anyMarked, t.unmarkAll),
		mark("keep", "filter to marked items", "M", anyMarked, func() tea.Cmd { return t.filter.addFilter(t.marks.Filter()) }),
		{ID: "mark.open-urls", Group: action.GroupExport, Title: "open URLs of marked items", Keys: []string{"O"}, Enabled: anyMarked && t.config.OpenURL != nil, Run: t.openMarked},
	}
}

// markItem marks the item at the cursor, or removes its mark. Then it moves the cursor down, so that pressing the key
// again marks the next item.
func (t *Tab) markItem() tea.Cmd {
	entry := t.table.Item(t.table.Row())
	t.marks.Set(entry, !t.marks.Has(entry))
	t.table.SelectRow(t.table.Row() + 1)
	t.Arrange()
	return t.followItem()
}

// markRange marks the rows between the item that was marked last and the cursor. If the last item was unmarked,
// markRange removes the marks between.
func (t *Tab) markRange() tea.Cmd {
	last, found := t.marks.Last()
	rows, to := t.table.Rows(), t.table.Row()
	from := rowOf(rows.Order, last)
	if !found || from < 0 {
		return t.env.Say("mark an item first; then this key marks all items from there to the cursor")
	}
	isMarked := t.marks.Has(last)
	for row := min(from, to); row <= max(from, to); row++ {
		t.marks.Set(rows.Item(row), isMarked)
	}
	return t.sayMarked()
}

// markAll marks all visible items. If all of them are marked, it removes their marks.
func (t *Tab) markAll() tea.Cmd {
	rows := t.table.Rows()
	areMarked := true
	for row := 0; row < rows.Len() && areMarked; row++ {
		areMarked = t.marks.Has(rows.Item(row))
	}
	for row := range rows.Len() {
		t.marks.Set(rows.Item(row), !areMarked)
	}
	return t.sayMarked()
}

func (t *Tab) unmarkAll() tea.Cmd {
	t.marks.Clear()
	return t.sayMarked()
}

func (t *Tab) sayMarked() tea.Cmd {
	if t.marks.Len() == 0 {
		return t.env.Say("no items are marked")
	}
	return t.env.Say(text.Counted(int64(t.marks.Len()), "item") + " marked")
}

// chosen returns the marked items in the order of the rows. If no items are marked, it returns the item at the cursor.
func (t *Tab) chosen() []uint32 {
	if t.marks.Len() > 0 {
		return t.marks.Order(t.table.Rows().Order)
	}
	return []uint32{uint32(t.table.Item(t.table.Row()))}
}

// maxOpen is the maximum number of URLs to open at once. More tabs than that slow a browser down.
const maxOpen = 20

// openedMsg reports how many URLs were opened.
type openedMsg struct{ opened, failed int }

// openMarked opens the URLs in the column at the cursor, of all marked items. It asks first.
func (t *Tab) openMarked() tea.Cmd {
	path := t.field().Path
	reader := t.table.Items().Reader(path)
	var urls []string
	more := 0
	for _, entry := range t.chosen() {
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
		return t.env.Say("no URLs in column " + t.env.Painter.Cut(cell.Name(path.Name()), 30) + " of the marked items; go to a column with URLs first")
	}
	question := "open " + text.Counted(int64(len(urls)), "page") + " in the browser"
	if more > 0 {
		question = "open the first " + text.Count(maxOpen) + " of " + text.Counted(int64(maxOpen+more), "page") + " in the browser"
	}
	choices := []picker.Choice{{Name: text.NewText(question), ID: 1}, {Name: text.NewText("cancel")}}
	pick(t.env.Env, "open", choices, func(c picker.Choice) tea.Cmd {
		if c.ID == 0 {
			return nil
		}
		return t.openAll(urls)
	})
	return nil
}

// openAll returns a command that opens URLs.
func (t *Tab) openAll(urls []string) tea.Cmd {
	open, life := t.config.OpenURL, t.env.Life
	return t.env.Cmd(func() tea.Msg {
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

func (t *Tab) openedAll(msg openedMsg) tea.Cmd {
	if msg.failed > 0 {
		return t.env.Say("opened " + text.Counted(int64(msg.opened), "page") + "; " + text.Count(int64(msg.failed)) + " could not be opened here")
	}
	return t.env.Say("opened " + text.Counted(int64(msg.opened), "page"))
}

// clearMarks removes all marks if the new items do not continue the current ones.
func (t *Tab) clearMarks(items item.Table) {
	if items.Len() < t.table.Items().Len() {
		t.marks.Clear()
	}
}
