package items

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
)

// moveInItem scrolls the item that replaces the table, or opens the adjacent item.
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

// followItem updates the item next to the table after the cursor has moved to another row.
func (b *browser) followItem() tea.Cmd {
	if !b.item.open || b.item.row == b.table.Row() {
		return nil
	}
	return b.openItem(b.table.Row())
}

// maxQuickItem is the maximum size of an item, in bytes, that Update lays out directly. Larger items are laid out by a
// command.
const maxQuickItem = 64 << 10

// itemLinesMsg carries the layout of a large item.
type itemLinesMsg struct {
	row, width int
	lines      []string
}

// openItem opens an item and moves the cursor to its row.
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

// itemIsLarge reports whether the open item is too large to be laid out in Update.
func (b *browser) itemIsLarge() bool {
	return b.item.open && b.item.row < b.table.Len() && len(b.table.Items().Row(b.table.Item(b.item.row))) > maxQuickItem
}

// LayOutLargeItem returns a command that lays out the open item for the current screen, or nil if no large item is
// open.
func (b *browser) LayOutLargeItem() tea.Cmd {
	if !b.itemIsLarge() {
		return nil
	}
	row, item, w, items, p, marks := b.item.row, b.table.Item(b.item.row), b.itemWidth(), b.table.Items(), b.env.Painter, b.table.Marker()
	return b.env.Cmd(func() tea.Msg { return itemLinesMsg{row, w, itemLines(p, items, item, w, marks)} })
}

// itemDrawn shows a layout unless the screen has changed since it was requested.
func (b *browser) itemDrawn(msg itemLinesMsg) {
	if b.item.open && b.item.row == msg.row && b.itemWidth() == msg.width {
		b.item.pager.SetLines(msg.lines)
		b.scrollToMark(0, 1)
	}
}

// scrollToMark scrolls the open item to the nearest highlighted line at or after from, or with by = -1 at or before it.
// It reports whether there is one.
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

// itemLead is the number of lines shown above a line that was scrolled to.
const itemLead = 3
