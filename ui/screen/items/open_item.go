package items

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
)

// moveInItem scrolls the open item, or opens the previous or next one.
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

// followItem opens the item of the cursor's row if an item is open beside the table.
func (b *browser) followItem() tea.Cmd {
	if !b.item.open || b.item.row == b.table.Row() {
		return nil
	}
	return b.openItem(b.table.Row())
}

// quickItem is the size in bytes up to which an item is laid out in Update. A command lays out larger ones.
const quickItem = 64 << 10

// itemLinesMsg holds the lines of a large item.
type itemLinesMsg struct {
	row, width int
	lines      []string
}

// openItem opens the item of a row and puts the cursor on it.
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

// itemIsLarge reports whether the open item is too large to lay out in Update.
func (b *browser) itemIsLarge() bool {
	return b.item.open && b.item.row < b.table.Len() && len(b.table.Items().Row(b.table.Item(b.item.row))) > quickItem
}

// LayOutLargeItem returns the command that lays out a large open item, nil if there is none.
func (b *browser) LayOutLargeItem() tea.Cmd {
	if !b.itemIsLarge() {
		return nil
	}
	row, item, w, items, p, marks := b.item.row, b.table.Item(b.item.row), b.itemWidth(), b.table.Items(), b.env.Painter, b.table.Marker()
	return b.env.Cmd(func() tea.Msg { return itemLinesMsg{row, w, itemLines(p, items, item, w, marks)} })
}

// itemDrawn takes the lines of a large item, unless the screen has changed since.
func (b *browser) itemDrawn(msg itemLinesMsg) {
	if b.item.open && b.item.row == msg.row && b.itemWidth() == msg.width {
		b.item.pager.SetLines(msg.lines)
		b.scrollToMark(0, 1)
	}
}

// scrollToMark scrolls the open item to the next line with a match, with -1 to the previous one. It reports whether
// there is one.
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

// itemLead is the number of lines above a match after scrolling to it.
const itemLead = 3
