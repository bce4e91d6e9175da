package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
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
	a.item = itemView{open: true, row: row}
	a.arrangeTable()
	if !a.itemIsLarge() {
		a.scrollToMark(0, 1)
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
	row, item, w, items, l, marks := a.item.row, a.table.item(a.item.row), a.itemWidth(), a.table.items, a.look, a.table.marks
	return func() tea.Msg { return itemLinesMsg{row, w, itemLines(l, items, item, w, marks)} }
}

// itemDrawn takes a layout, unless the screen has changed since it was asked for.
func (a *App) itemDrawn(msg itemLinesMsg) {
	if a.item.open && a.item.row == msg.row && a.itemWidth() == msg.width {
		a.item.lines = msg.lines
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
	for at := from; at >= 0 && at < len(a.item.lines); at += by {
		if len(marks(ansi.Strip(a.item.lines[at]))) > 0 {
			a.item.mark = at
			a.item.scroll.offset = max(0, min(at-itemLead, len(a.item.lines)-a.bodyHeight()+1))
			return true
		}
	}
	return false
}

// itemLead is how many lines show above one that was scrolled to.
const itemLead = 3
