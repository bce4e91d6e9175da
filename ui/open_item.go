package ui

import (
	tea "charm.land/bubbletea/v2"
)

// moveInItem scrolls the item that covers the table, or goes on to the item beside it.
func (a *App) moveInItem(m movement) tea.Cmd {
	switch m {
	case moveLeft:
		return a.openItem(max(0, a.table.row-1))
	case moveRight:
		return a.openItem(min(a.table.len()-1, a.table.row+1))
	default:
		a.item.scroll.move(m, len(a.item.lines), a.bodyHeight()-1)
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
		return nil
	}
	a.item.lines = []string{a.look.Muted.Render("laying out " + bytesText(len(a.table.items.Row(a.table.item(row)))) + " …")}
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
	row, item, w, items, l := a.item.row, a.table.item(a.item.row), a.itemWidth(), a.table.items, a.look
	return func() tea.Msg { return itemLinesMsg{row, w, itemLines(l, items, item, w)} }
}

// itemDrawn takes a layout, unless the screen has changed since it was asked for.
func (a *App) itemDrawn(msg itemLinesMsg) {
	if a.item.open && a.item.row == msg.row && a.itemWidth() == msg.width {
		a.item.lines = msg.lines
	}
}
