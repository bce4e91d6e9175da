package items

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
)

// itemActions lists the actions on cells and items.
func (t *Tab) itemActions() action.Table {
	covers := t.itemCovers()
	anyRows := t.table.Len() > 0
	inCells := anyRows && !covers
	item := func(id string, group action.Group, title string, keys []string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: id, Group: group, Title: title, Keys: keys, Rank: rank, Enabled: enabled, Run: run}
	}
	return append(action.Moves(t.move, true, inCells),
		item("item.open", action.GroupView, "open", []string{"enter"}, 2, anyRows && !t.item.open, func() tea.Cmd { return t.openItem(t.table.Row()) }),
		item("item.previous", action.GroupView, "previous item", []string{"h", "left"}, 16, anyRows && covers, func() tea.Cmd { return t.move(cursor.Left) }),
		item("item.next", action.GroupView, "next item", []string{"l", "right"}, 17, anyRows && covers, func() tea.Cmd { return t.move(cursor.Right) }),
		item("copy.cell", action.GroupExport, "copy", []string{"y"}, 11, inCells, t.copyCell),
		item("copy.item", action.GroupExport, "copy the item as JSON", []string{"Y"}, 0, anyRows, t.copyItem),
		item("open-url", action.GroupExport, "open URL", []string{"o"}, 18, inCells, t.openURL),
		item("export", action.GroupExport, "export", []string{"e"}, 10, anyRows && t.config.Exporter != nil, action.Do(t.openExport)),
	)
}

// moveInItem scrolls the item that covers the table, or goes on to the item beside it.
func (t *Tab) moveInItem(m cursor.Move) tea.Cmd {
	switch m {
	case cursor.Left:
		return t.openItem(max(0, t.table.Row()-1))
	case cursor.Right:
		return t.openItem(min(t.table.Len()-1, t.table.Row()+1))
	default:
		t.item.pager.Move(m, t.area.Dy()-1)
		return nil
	}
}

// followItem shows the item of the cursor's row, where an item is open beside the table.
func (t *Tab) followItem() tea.Cmd {
	if !t.item.open || t.item.row == t.table.Row() {
		return nil
	}
	return t.openItem(t.table.Row())
}

// quickItem is how large an item may be, in bytes, to be laid out at once. A larger one is a command's work.
const quickItem = 64 << 10

// itemLinesMsg is a large item, laid out.
type itemLinesMsg struct {
	row, width int
	lines      []string
}

// openItem shows an item whole, and puts the cursor on it.
func (t *Tab) openItem(row int) tea.Cmd {
	t.table.SelectRow(row)
	t.item = item{open: true, row: row}
	t.Arrange()
	if !t.itemIsLarge() {
		t.scrollToMark(0, 1)
		return nil
	}
	t.item.pager.SetLines([]string{t.env.Painter.Muted.Render("laying out " + screen.BytesText(len(t.table.Items().Row(t.table.Item(row)))) + " …")})
	return t.LayOutLargeItem()
}

// itemIsLarge tells whether the open item takes too long to lay out for Update.
func (t *Tab) itemIsLarge() bool {
	return t.item.open && t.item.row < t.table.Len() && len(t.table.Items().Row(t.table.Item(t.item.row))) > quickItem
}

// LayOutLargeItem is the command that lays out a large item for the screen as it is now; nil where none is open.
func (t *Tab) LayOutLargeItem() tea.Cmd {
	if !t.itemIsLarge() {
		return nil
	}
	row, item, w, items, p, marks := t.item.row, t.table.Item(t.item.row), t.itemWidth(), t.table.Items(), t.env.Painter, t.table.Marker()
	return t.env.Cmd(func() tea.Msg { return itemLinesMsg{row, w, itemLines(p, items, item, w, marks)} })
}

// itemDrawn takes a layout, unless the screen has changed since it was asked for.
func (t *Tab) itemDrawn(msg itemLinesMsg) {
	if t.item.open && t.item.row == msg.row && t.itemWidth() == msg.width {
		t.item.pager.SetLines(msg.lines)
		t.scrollToMark(0, 1)
	}
}

// scrollToMark scrolls an open item to the nearest line with a mark, from a line on, or with -1 to the nearest before it; it
// tells whether there is one.
func (t *Tab) scrollToMark(from, by int) bool {
	marks := t.table.Marker()
	if marks == nil {
		return false
	}
	for at := from; at >= 0 && at < len(t.item.pager.Lines()); at += by {
		if len(marks(ansi.Strip(t.item.pager.Lines()[at]))) > 0 {
			t.item.mark = at
			t.item.pager.ScrollTo(at-itemLead, t.area.Dy()-1)
			return true
		}
	}
	return false
}

// itemLead is how many lines show above one that was scrolled to.
const itemLead = 3
