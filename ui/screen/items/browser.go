package items

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/items/marks"
	"sbwatch/ui/widget/table"
)

// browser shows the table of items. It can also show one item in full, either next to the table or in place of it.
type browser struct {
	env  screen.RunEnv
	area image.Rectangle
	// strip draws the lines above the table, w cells wide.
	strip func(w int) []string

	table  table.Table
	marks  *marks.Set
	item   itemView
	read   readItem // the open item
	values valueReader
	// laying is the job that lays out a large item.
	laying screen.Job
	// folds records which nested values the user has collapsed (true) or expanded (false). All items share these
	// settings.
	folds map[item.Path]bool
	// resizing is the column that the user is resizing with the mouse.
	resizing resizing
}

type tabLayout struct{ strip, table, item image.Rectangle }

// SetArea sets the area that the tab draws in.
func (b *browser) SetArea(area image.Rectangle) { b.area = area }

// itemCovers reports whether an open item is shown in place of the table.
func (b *browser) itemCovers() bool { return b.item.open && b.env.Width() < sideBySideWidth }

// layout divides the area of the tab. An open item is next to the table if the terminal is wide enough. Otherwise it is
// in place of the table.
func (b *browser) layout() tabLayout {
	var l tabLayout
	l.strip, l.table = layout.Below(b.area, len(b.strip(b.area.Dx())))
	switch {
	case !b.item.open:
	case b.itemCovers():
		l.item = b.area
	default:
		l.table, l.item = layout.Beside(l.table, b.area.Dx()*2/5, 3)
	}
	return l
}

// tableSize returns the size of the table in cells.
func (b *browser) tableSize() (w, h int) {
	area := b.layout().table
	return area.Dx(), max(1, area.Dy())
}

// itemWidth returns the width of an open item in cells.
func (b *browser) itemWidth() int { return b.layout().item.Dx() }

// Arrange scrolls so that the table's cursor is visible, and lays out the open item again.
func (b *browser) Arrange() {
	if b.item.row >= b.table.Len() {
		b.item = itemView{}
	}
	if b.env.Frame.IsTooSmall {
		return // keep the scroll position until the terminal is large enough again
	}
	w, h := b.tableSize()
	b.table.Follow(b.env.Painter, w, h)
	if b.item.open && !b.itemIsLarge() {
		b.item.tree.SetLayout(b.drawnItem().lay(b.env.Painter, b.itemWidth()))
		b.item.tree.Follow(b.itemHeight())
	}
}

// move moves the cursor of the table, or scrolls the open item.
func (b *browser) move(m cursor.Move) tea.Cmd {
	switch {
	case b.inItem() || b.item.open && m.IsPage():
		return b.moveInItem(m)
	default:
		w, h := b.tableSize()
		b.table.Move(b.env.Painter, m, w, h)
		return b.followItem()
	}
}

// Position returns the position of the cursor, for the footer.
func (b *browser) Position() string {
	switch {
	case b.inItem():
		return b.item.tree.Position()
	case b.table.Items().Len() == 0:
		return ""
	default:
		w, _ := b.tableSize()
		position := b.table.Position(b.env.Painter, w)
		if b.marks.Len() > 0 {
			position = text.Count(int64(b.marks.Len())) + " marked · " + position
		}
		return position
	}
}

// View draws the table and the open item.
func (b *browser) View() []string {
	p := b.env.Painter
	parts := b.layout()
	if b.itemCovers() {
		return append([]string{b.itemTitle(parts.item.Dx())}, b.item.tree.View(p, parts.item.Dy()-1, true)...)
	}
	lines := b.strip(b.area.Dx())
	w, h := b.tableSize()
	switch {
	case b.table.Len() == 0:
		return append(lines, "", p.Muted.Render(p.Cut("No items match. Esc removes the last filter.", b.area.Dx())))
	case !b.item.open:
		return append(lines, b.table.View(p, w, h)...)
	}
	left := draw.Exactly(b.table.View(p, w, h), h)
	right := draw.Exactly(append([]string{b.itemTitle(parts.item.Dx())}, b.item.tree.View(p, h-1, b.item.hasFocus)...), h)
	for i := range left {
		lines = append(lines, p.Fit(left[i], w)+" "+p.Faint.Render("│")+" "+right[i])
	}
	return lines
}

// itemTitle returns the title line of the open item, w cells wide.
func (b *browser) itemTitle(w int) string {
	p := b.env.Painter
	number := b.table.Item(b.item.row)
	title := "item " + text.Count(int64(number+1)) + " of " + text.Count(int64(b.table.Items().Len()))
	if page := b.table.Items().Page(number); page > 0 {
		title += " · page " + text.Count(int64(page))
	}
	where := ""
	if !b.inItem() {
		where = "enter fields"
		if more := len(b.item.tree.Lines()) - b.item.tree.Top() - b.itemHeight(); more > 0 {
			where = "↓ " + text.Counted(int64(more), "more line") + " · " + where
		}
		where = p.Muted.Render(where)
	}
	return p.Between(p.Table.HeaderCursor.Render(title), where, w)
}

// valueReader reads values of the table that take too long for Update, one row at a time.
type valueReader struct {
	job screen.Job
	// reads are the values that the running job reads.
	reads table.Unread
}

// valuesMsg has values that a command has read.
type valuesMsg struct {
	generation int
	values     table.Values
}

// Deferred reads the values that the table shows. It returns a command for a row whose values take long, or nil if there
// is no such row. If the row that is being read is no longer visible, Deferred cancels that.
func (b *browser) Deferred() tea.Cmd {
	r := &b.values
	if b.table.Len() == 0 || b.itemCovers() {
		r.job.Stop()
		return nil
	}
	w, h := b.tableSize()
	unread := table.CellsOf(&b.table).Fill(b.env.Painter, w, h)
	isVisible := func(u table.Unread) bool {
		return u.Items == r.reads.Items && u.Item == r.reads.Item && slices.Contains(r.reads.Paths, u.Paths[0])
	}
	switch {
	case len(unread) == 0:
		r.job.Stop()
		return nil
	case r.job.Runs() && slices.ContainsFunc(unread, isVisible):
		return nil
	}
	ctx, progress, generation := r.job.Begin(b.env.Env, "computing values")
	reads := unread[0]
	r.reads = reads
	progress.Add(len(reads.Paths))
	return b.env.Cmd(func() tea.Msg {
		values := reads.Read(func(int) bool { return ctx.Err() == nil })
		return screen.UnlessOver(ctx, valuesMsg{generation, values})
	})
}

// valuesRead adds values that a command has read to the table.
func (b *browser) valuesRead(msg valuesMsg) {
	if b.values.job.Done(msg.generation) {
		table.CellsOf(&b.table).Add(msg.values)
		b.Arrange()
	}
}
