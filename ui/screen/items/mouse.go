package items

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
)

// resizing is the column whose border the user is dragging.
type resizing struct {
	isActive bool
	column   int
	width    int // width before the drag, in cells
	from     int // cell where the drag began
}

// Mouse handles an event of the mouse.
func (t *Tab) Mouse(m screen.Mouse) tea.Cmd {
	parts := t.layout()
	switch {
	case t.resizing.isActive && !m.IsClick() && m.Kind != screen.MouseWheel:
		return t.resize(m)
	case m.At.In(parts.item):
		return t.pointAtItem(m, parts.item)
	case t.table.Len() > 0 && m.At.In(parts.table):
		return t.pointAtTable(m, parts.table)
	case m.Kind == screen.MousePress && m.At.In(parts.strip) && len(t.filter.filters) > 0:
		return t.prompts.editFilters()
	}
	return nil
}

func (t *Tab) pointAtTable(m screen.Mouse, area image.Rectangle) tea.Cmd {
	frame := table.NewFrame(&t.table, t.env.Painter, area.Dx(), area.Dy())
	target := frame.At(m.At.Sub(area.Min))
	switch {
	case m.Kind == screen.MouseWheel:
		frame.Scroll(m.Wheel)
		t.Arrange()
		return t.followItem()
	case !m.IsClick():
		return nil
	}
	switch target.Part {
	case table.PartBorder:
		return t.pressBorder(m, frame, target.Column)
	case table.PartHeader:
		t.table.SelectColumn(target.Column)
		return t.filter.sort()
	case table.PartRow:
		t.item.hasFocus = false
		t.table.SelectRow(target.Row)
		if target.Column >= 0 {
			t.table.SelectColumn(target.Column)
		}
		if m.Kind == screen.MouseDouble {
			return t.openItem(target.Row)
		}
		t.Arrange()
		return t.followItem()
	case table.PartNone:
	}
	return nil
}

// pressBorder begins to drag the right border of a column. A double click fits the column to its content.
func (t *Tab) pressBorder(m screen.Mouse, frame table.Frame, column int) tea.Cmd {
	if m.Kind == screen.MouseDouble {
		t.resizing = resizing{}
		t.table.SelectColumn(column)
		return t.columns.fitColumn()
	}
	t.resizing = resizing{isActive: true, column: column, width: frame.Width(column), from: m.At.X}
	return nil
}

// resize changes the width of the column whose border is being dragged.
func (t *Tab) resize(m screen.Mouse) tea.Cmd {
	r := t.resizing
	if m.Kind == screen.MouseRelease {
		t.resizing = resizing{}
	}
	width := r.width + m.At.X - r.from
	frame := table.NewFrame(&t.table, t.env.Painter, t.layout().table.Dx(), t.layout().table.Dy())
	if frame.Width(r.column) == width || m.At.X == r.from && m.Kind == screen.MouseRelease {
		return nil
	}
	frame.Resize(r.column, width)
	return t.columns.layoutEdited()
}

// Mouse handles a click in the export dialog.
func (l exportLayer) Mouse(m screen.Mouse) tea.Cmd {
	if m.IsClick() {
		l.x.dialog.click(l.x.env.Painter, l.x.env.Width(), m.At.Sub(m.Area.Min))
	}
	return nil
}

// pointAtItem handles a mouse event on the open item. A click moves the cursor to a field, and a double click opens or
// folds a nested value.
func (t *Tab) pointAtItem(m screen.Mouse, area image.Rectangle) tea.Cmd {
	_, fields := layout.Below(area, 1) // below the title
	if m.Kind == screen.MouseWheel {
		t.item.tree.Scroll(m.Wheel.Y, fields.Dy())
		return nil
	}
	if !m.IsClick() {
		return nil
	}
	t.item.hasFocus = true
	i, found := t.item.tree.FieldAt(m.At.Y-fields.Min.Y, fields.Dy())
	if !found {
		return nil
	}
	t.item.tree.Select(i, fields.Dy())
	if f, known := t.item.tree.Field(); m.Kind == screen.MouseDouble && known && f.IsNested {
		return t.fold(!f.IsOpen)
	}
	return nil
}
