package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
)

// itemActions lists the actions on cells and items.
func (a *App) itemActions() action.Table {
	covers := a.itemCovers()
	anyRows := a.table.len() > 0
	inCells := anyRows && !covers
	item := func(id string, group action.Group, title string, keys []string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: id, Group: group, Title: title, Keys: keys, Rank: rank, Enabled: enabled, Run: run}
	}
	return append(action.Moves(a.move, true, inCells),
		item("item.open", action.GroupView, "open", []string{"enter"}, 2, anyRows && !a.item.open, func() tea.Cmd { return a.openItem(a.table.row) }),
		item("item.previous", action.GroupView, "previous item", []string{"h", "left"}, 16, anyRows && covers, func() tea.Cmd { return a.move(cursor.Left) }),
		item("item.next", action.GroupView, "next item", []string{"l", "right"}, 17, anyRows && covers, func() tea.Cmd { return a.move(cursor.Right) }),
		item("copy.cell", action.GroupExport, "copy", []string{"y"}, 11, inCells, a.copyCell),
		item("copy.item", action.GroupExport, "copy the item as JSON", []string{"Y"}, 0, anyRows, a.copyItem),
		item("open-url", action.GroupExport, "open URL", []string{"o"}, 18, inCells, a.openURL),
		item("export", action.GroupExport, "export", []string{"e"}, 10, anyRows && a.config.Exporter != nil, action.Do(a.openExport)),
	)
}

// moveInItem scrolls the item that covers the table, or goes on to the item beside it.
func (a *App) moveInItem(m cursor.Move) tea.Cmd {
	switch m {
	case cursor.Left:
		return a.openItem(max(0, a.table.row-1))
	case cursor.Right:
		return a.openItem(min(a.table.len()-1, a.table.row+1))
	default:
		a.item.pager.Move(m, a.bodyHeight()-1)
		return nil
	}
}

// followItem shows the item of the cursor's row, where an item is open beside the table.
func (a *App) followItem() tea.Cmd {
	if !a.item.open || a.item.row == a.table.row {
		return nil
	}
	return a.openItem(a.table.row)
}

// quickItem is how large an item may be, in bytes, to be laid out at once. A larger one is a command's work.
const quickItem = 64 << 10

// itemLinesMsg is a large item, laid out.
type itemLinesMsg struct {
	row, width int
	lines      []string
}

// openItem shows an item whole, and puts the cursor on it.
func (a *App) openItem(row int) tea.Cmd {
	a.table.row = row
	a.item = item{open: true, row: row}
	a.arrangeTable()
	if !a.itemIsLarge() {
		a.scrollToMark(0, 1)
		return nil
	}
	a.item.pager.SetLines([]string{a.painter.Muted.Render("laying out " + bytesText(len(a.table.items.Row(a.table.item(row)))) + " …")})
	return a.layOutLargeItem()
}

// itemIsLarge tells whether the open item takes too long to lay out for Update.
func (a *App) itemIsLarge() bool {
	return a.item.open && a.item.row < a.table.len() && len(a.table.items.Row(a.table.item(a.item.row))) > quickItem
}

// layOutLargeItem is the command that lays out a large item for the screen as it is now; nil where none is open.
func (a *App) layOutLargeItem() tea.Cmd {
	if !a.itemIsLarge() {
		return nil
	}
	row, item, w, items, p, marks := a.item.row, a.table.item(a.item.row), a.itemWidth(), a.table.items, a.painter, a.table.marks
	return func() tea.Msg { return itemLinesMsg{row, w, itemLines(p, items, item, w, marks)} }
}

// itemDrawn takes a layout, unless the screen has changed since it was asked for.
func (a *App) itemDrawn(msg itemLinesMsg) {
	if a.item.open && a.item.row == msg.row && a.itemWidth() == msg.width {
		a.item.pager.SetLines(msg.lines)
		a.scrollToMark(0, 1)
	}
}

// scrollToMark scrolls an open item to the nearest line with a mark, from a line on, or with -1 to the nearest before it; it
// tells whether there is one.
func (a *App) scrollToMark(from, by int) bool {
	marks := a.table.marks
	if marks == nil {
		return false
	}
	for at := from; at >= 0 && at < len(a.item.pager.Lines()); at += by {
		if len(marks(ansi.Strip(a.item.pager.Lines()[at]))) > 0 {
			a.item.mark = at
			a.item.pager.ScrollTo(at-itemLead, a.bodyHeight()-1)
			return true
		}
	}
	return false
}

// itemLead is how many lines show above one that was scrolled to.
const itemLead = 3
