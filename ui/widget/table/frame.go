package table

import (
	"image"

	"sbwatch/ui/draw"
)

// Frame is a table as [Table.View] draws it in an area of the terminal. It knows what is at each terminal cell of the
// area, and can scroll the table.
type Frame struct{ drawing }

// NewFrame returns the frame of a table on w by h terminal cells.
func NewFrame(t *Table, p draw.Painter, w, h int) Frame { return Frame{newDrawing(t, p, w, h, false)} }

// Part is a part of a table.
type Part int

const (
	// PartNone is an empty part of the frame.
	PartNone Part = iota
	// PartHeader is the header of a column.
	PartHeader
	// PartBorder is the space in the line of headers between a column and the next one.
	PartBorder
	// PartRow is a row.
	PartRow
)

// Target is what a frame shows at a terminal cell. Row is valid only if Part is PartRow. Column is the position among
// the visible columns, or -1 if no column is at the terminal cell.
type Target struct {
	Part        Part
	Row, Column int
}

// At returns what is at a terminal cell of the frame. The cell at the upper left is 0, 0.
func (f Frame) At(at image.Point) Target {
	column, isBorder := f.columnAt(at.X)
	switch {
	case at.X < 0 || at.X >= f.w || at.Y < 0 || at.Y >= f.lines+headerHeight:
	case at.Y < headerHeight && isBorder:
		return Target{Part: PartBorder, Column: column}
	case at.Y < headerHeight && column >= 0:
		return Target{Part: PartHeader, Column: column}
	case at.Y >= headerHeight:
		if row := f.rowAt(at.Y - headerHeight); row < f.Len() {
			return Target{Part: PartRow, Row: row, Column: column}
		}
	}
	return Target{Column: -1}
}

// rowAt returns the row at a line below the headers, or the number of rows if no row is at the line.
func (f Frame) rowAt(line int) int {
	row := f.from
	for row < f.Len() {
		if line -= f.height(row); line < 0 {
			break
		}
		row++
	}
	return row
}

// columnAt returns the column at the terminal cell x of a line, or -1. isBorder reports whether x is in the space to
// the right of the column.
func (f Frame) columnAt(x int) (column int, isBorder bool) {
	from := f.fixed - columnGap
	for i, c := range f.shown {
		from += c.gap()
		end := from + c.width
		next := end + columnGap
		if i+1 < len(f.shown) {
			next = end + f.shown[i+1].gap()
		}
		if x >= from && x < next {
			return c.index, x >= end
		}
		from = end
	}
	return -1, false
}

// Width returns the width of a column in terminal cells. It returns 0 if the column is not in the frame.
func (f Frame) Width(column int) int {
	for _, c := range f.shown {
		if c.index == column {
			return c.width
		}
	}
	return 0
}

// Resize sets the width of a column in terminal cells.
func (f Frame) Resize(column, width int) {
	if column < f.columns.len() {
		f.columns.nth(column).width = max(minColumn, width)
	}
}

// Scroll scrolls the table by a number of columns (X) and rows (Y). The cursor moves only if it would otherwise not be
// visible.
func (f Frame) Scroll(by image.Point) {
	t := f.Table
	if by.Y != 0 {
		t.top = max(0, min(f.from+by.Y, f.firstBefore(t.Len()-1)))
		t.row = max(t.top, min(t.row, f.lastFrom(t.top)))
		t.clamp()
	}
	if columns := t.columns.len(); by.X != 0 && columns > 0 {
		frozen := len(f.frozenColumns().shown)
		t.left = max(frozen, min(max(f.firstColumn(), frozen)+by.X, f.minLeft(columns-1)))
		if t.column >= frozen {
			t.column = max(t.left, min(t.column, f.lastWhole(t.left)))
		}
	}
}

// lastWhole returns the last column that is fully visible. first is the first column that is shown to the right of the
// frozen columns.
func (f Frame) lastWhole(first int) int {
	last := first
	for _, c := range f.columnsFrom(first) {
		if c.whole {
			last = max(last, c.index)
		}
	}
	return last
}
