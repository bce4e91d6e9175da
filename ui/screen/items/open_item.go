package items

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
)

// moveInItem scrolls the item that covers the table, or goes on to the item beside it.
func (b *browser) moveInItem(m cursor.Move) tea.Cmd {
	switch m {
	case cursor.Left:
		return b.openItem(max(0, b.table.Row()-1))
	case cursor.Right:
		return b.openItem(min(b.table.Len()-1, b.table.Row()+1))
	default:
		b.item.pager.Move(m, b.area.Dy()-1)
		return nil
	}
}

// followItem shows the item of the cursor's row, where an item is open beside the table.
func (b *browser) followItem() tea.Cmd {
	if !b.item.open || b.item.row == b.table.Row() {
		return nil
	}
	return b.openItem(b.table.Row())
}

// quickItem is how large an item may be, in bytes, to be laid out at once. A larger one is a command's work.
const quickItem = 64 << 10

// itemLinesMsg is a large item, laid out.
type itemLinesMsg struct {
	row, width int
	lines      []string
}

// openItem shows an item whole, and puts the cursor on it.
func (b *browser) openItem(row int) tea.Cmd {
	b.table.SelectRow(row)
	b.item = itemView{open: true, row: row}
	b.Arrange()
	if !b.itemIsLarge() {
		b.scrollToMark(0, 1)
		return nil
	}
	b.item.pager.SetLines([]string{b.env.Painter.Muted.Render("laying out " + screen.BytesText(len(b.table.Items().Row(b.table.Item(row)))) + " …")})
	return b.LayOutLargeItem()
}

// itemIsLarge tells whether the open item takes too long to lay out for Update.
func (b *browser) itemIsLarge() bool {
	return b.item.open && b.item.row < b.table.Len() && len(b.table.Items().Row(b.table.Item(b.item.row))) > quickItem
}

// LayOutLargeItem is the command that lays out a large item for the screen as it is now; nil where none is open.
func (b *browser) LayOutLargeItem() tea.Cmd {
	if !b.itemIsLarge() {
		return nil
	}
	row, item, w, items, p, marks := b.item.row, b.table.Item(b.item.row), b.itemWidth(), b.table.Items(), b.env.Painter, b.table.Marker()
	return b.env.Cmd(func() tea.Msg { return itemLinesMsg{row, w, itemLines(p, items, item, w, marks)} })
}

// itemDrawn takes a layout, unless the screen has changed since it was asked for.
func (b *browser) itemDrawn(msg itemLinesMsg) {
	if b.item.open && b.item.row == msg.row && b.itemWidth() == msg.width {
		b.item.pager.SetLines(msg.lines)
		b.scrollToMark(0, 1)
	}
}

// scrollToMark scrolls an open item to the nearest line with a mark, from a line on, or with -1 to the nearest before it; it
// tells whether there is one.
func (b *browser) scrollToMark(from, by int) bool {
	marks := b.table.Marker()
	if marks == nil {
		return false
	}
	for at := from; at >= 0 && at < len(b.item.pager.Lines()); at += by {
		if len(marks(ansi.Strip(b.item.pager.Lines()[at]))) > 0 {
			b.item.mark = at
			b.item.pager.ScrollTo(at-itemLead, b.area.Dy()-1)
			return true
		}
	}
	return false
}

// itemLead is how many lines show above one that was scrolled to.
const itemLead = 3
