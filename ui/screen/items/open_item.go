package items

import (
	"maps"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/item"
	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/tree"
)

// moveInItem moves the cursor between the fields of the open item. If the open item has replaced the table, a move to
// the left or right opens the previous or the next item.
func (b *browser) moveInItem(m cursor.Move) tea.Cmd {
	switch {
	case m == cursor.Left && b.itemCovers():
		return b.openItem(max(0, b.table.Row()-1))
	case m == cursor.Right && b.itemCovers():
		return b.openItem(min(b.table.Len()-1, b.table.Row()+1))
	}
	b.item.tree.Move(m, b.itemHeight())
	return nil
}

// itemHeight returns the number of lines of an open item that are visible.
func (b *browser) itemHeight() int { return max(1, b.layout().item.Dy()-1) }

// inItem reports whether the cursor is in an open item rather than in the table.
func (b *browser) inItem() bool { return b.itemCovers() || b.item.open && b.item.hasFocus }

// field returns the field under the cursor: a field of the open item, or a cell of the table.
func (b *browser) field() tree.Field {
	if f, known := b.item.tree.Field(); b.inItem() && known {
		return f
	}
	path := b.table.Path()
	return tree.Field{Path: path, Place: item.PlaceOf(path), Value: b.table.Cell()}
}

// fold folds the nested value under the cursor of the open item or, if open is true, unfolds it. If the cursor is on a
// plain value, fold folds the value that contains it.
func (b *browser) fold(open bool) tea.Cmd {
	f, known := b.item.tree.Field()
	if !known {
		return nil
	}
	path := f.Path
	if !f.IsNested || !open && !f.IsOpen {
		if open || path.Depth() < 2 {
			return b.env.Say("not a nested value")
		}
		path = path.Parent()
	}
	if b.folds == nil {
		b.folds = map[item.Path]bool{}
	}
	b.folds[path] = !open
	if at, found := b.item.tree.Find(path); found {
		b.item.tree.Select(at, b.itemHeight())
	}
	if b.itemIsLarge() {
		return b.LayOutLargeItem()
	}
	b.Arrange()
	return nil
}

// followItem shows the item in the table's current row.
func (b *browser) followItem() tea.Cmd {
	if !b.item.open || b.item.row == b.table.Row() {
		return nil
	}
	return b.openItem(b.table.Row())
}

// Limits of an item that Update lays out itself, in bytes. A command lays out other items.
const (
	maxQuickItem = 64 << 10 // size
	maxQuickWork = 1 << 20  // work to compute its values
)

// itemLinesMsg has the layout of a large item.
type itemLinesMsg struct {
	generation int
	row, width int
	layout     tree.Layout
}

// openItem opens an item and moves the cursor to its row.
func (b *browser) openItem(row int) tea.Cmd {
	b.table.SelectRow(row)
	b.item.open, b.item.row, b.item.mark = true, row, 0
	b.Arrange()
	if !b.itemIsLarge() {
		b.scrollToMark(0, 1)
		return nil
	}
	var l tree.Layout
	size := "the item"
	if b.read.size > 0 {
		size = screen.BytesText(b.read.size)
	}
	l.Add([]string{b.env.Painter.Muted.Render("laying out " + size + " …")})
	b.item.tree.SetLayout(l)
	return b.LayOutLargeItem()
}

// itemIsLarge reports whether the open item is too large to be laid out in Update. It first reads the item, unless
// b.read has it already.
func (b *browser) itemIsLarge() bool {
	if !b.item.open || b.item.row >= b.table.Len() {
		return false
	}
	items, at := b.table.Items(), b.table.Item(b.item.row)
	if b.read.items != items || b.read.item != at {
		b.read = read(items, at)
	}
	return b.read.isLarge
}

// read reads an item for the field browser.read.
func read(items item.Table, at int) readItem {
	work := 0
	evaluation := item.Evaluation{Next: func(bytes int) bool {
		work += bytes
		return work <= maxQuickWork
	}}
	row := items.RowIn(&evaluation, at)
	switch {
	case evaluation.Stopped():
		return readItem{items: items, item: at, isLarge: true}
	case len(row) > maxQuickItem:
		return readItem{items: items, item: at, size: len(row), isLarge: true}
	default:
		return readItem{items: items, item: at, size: len(row), value: item.NewCell(row)}
	}
}

// LayOutLargeItem returns a command that lays out the open item. It returns nil if the item is not large, or if no item
// is open.
func (b *browser) LayOutLargeItem() tea.Cmd {
	b.laying.Stop()
	if !b.itemIsLarge() {
		return nil
	}
	row, w, p, drawn := b.item.row, b.itemWidth(), b.env.Painter, b.drawnItem()
	drawn.folds = maps.Clone(drawn.folds)
	ctx, progress, generation := b.laying.Begin(b.env.Env, "laying out")
	progress.Add(max(1, b.read.size))
	drawn.next = func(bytes int) bool {
		progress.Done(bytes)
		return ctx.Err() == nil
	}
	return b.env.Cmd(func() tea.Msg { return screen.UnlessOver(ctx, itemLinesMsg{generation, row, w, drawn.lay(p, w)}) })
}

// drawnItem returns what is needed to lay out the open item.
func (b *browser) drawnItem() drawnItem {
	return drawnItem{items: b.read.items, item: b.read.item, value: b.read.value, folds: b.folds, marks: b.table.Marker()}
}

// itemDrawn handles an itemLinesMsg: it shows the layout of a large item. If the screen has changed in the meantime,
// itemDrawn ignores the layout.
func (b *browser) itemDrawn(msg itemLinesMsg) {
	if b.laying.Done(msg.generation) && b.item.open && b.item.row == msg.row && b.itemWidth() == msg.width {
		b.item.tree.SetLayout(msg.layout)
		b.item.tree.Follow(b.itemHeight())
		b.scrollToMark(0, 1)
	}
}

// scrollToMark scrolls the open item to the nearest highlighted line. from is the line at which the search starts. The
// search goes down (by = 1) or up (by = -1). scrollToMark reports whether there is such a line.
func (b *browser) scrollToMark(from, by int) bool {
	marks := b.table.Marker()
	if marks == nil {
		return false
	}
	for at := from; at >= 0 && at < len(b.item.tree.Lines()); at += by {
		if len(marks(ansi.Strip(b.item.tree.Lines()[at]))) > 0 {
			b.item.mark = at
			b.item.tree.SelectLine(at, itemLead, b.itemHeight())
			return true
		}
	}
	return false
}

// itemLead is the number of lines to keep visible above a line when scrolling to it.
const itemLead = 3
