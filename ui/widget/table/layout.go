package table

import (
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/ui/draw"
)

// ColumnCount returns the number of visible columns.
func (t *Table) ColumnCount() int { return t.columns.len() }

// ColumnPath returns the path of the i-th visible column.
func (t *Table) ColumnPath(i int) item.Path { return t.columns.path(i) }

// Paths returns the paths of the visible columns in the order of display.
func (t *Table) Paths() []item.Path { return t.columns.paths() }

// HiddenPaths returns the paths of the hidden columns.
func (t *Table) HiddenPaths() []item.Path { return t.columns.hiddenPaths() }

// Shows reports whether the column with this path is visible.
func (t *Table) Shows(path item.Path) bool { return t.columns.position(path) >= 0 }

// Show shows a hidden column.
func (t *Table) Show(path item.Path) {
	t.columns.show(path)
	t.clamp()
}

// Hide hides the column at the cursor. If no other column is visible, it hides nothing and returns false.
func (t *Table) Hide() bool {
	if !t.columns.hide(t.column) {
		return false
	}
	t.clamp()
	return true
}

// ShowOnly shows the columns with the given paths and hides all others. The cursor stays in its column or moves to the
// first column. If there is no column with such a path, ShowOnly does nothing.
func (t *Table) ShowOnly(paths []item.Path) {
	under := t.Path()
	if !t.columns.showOnly(paths) {
		return
	}
	t.SelectColumn(max(0, t.columns.position(under)))
}

// MoveColumn moves the column at the cursor, and the cursor with it, one position to the right (by = 1) or to the left
// (by = -1).
func (t *Table) MoveColumn(by int) { t.column = t.columns.move(t.column, by) }

// Widen changes the width of the column at the cursor by a number of cells, which may be negative. The table is w cells
// wide.
func (t *Table) Widen(p draw.Painter, by, w int) {
	for _, shown := range (grid{t, p, w}).columnsFrom(t.left) {
		if shown.index == t.column {
			t.columns.nth(t.column).width = max(minColumn, shown.width+by)
		}
	}
}

// FitColumn sets the width of the column at the cursor so that its content is completely visible. If the column has
// this width already, FitColumn restores the automatic width. The table has w by h cells.
func (t *Table) FitColumn(p draw.Painter, w, h int) {
	if t.columns.len() == 0 {
		return
	}
	at := t.columns.nth(t.column)
	if whole := (grid{t, p, w}).wholeWidth(t.column, h); at.width != whole {
		at.width = whole
	} else {
		at.width = 0
	}
}

// Freeze freezes the columns up to and including the column at the cursor. If exactly these columns are already frozen,
// it unfreezes them. If they would leave no room for other columns on w cells, Freeze changes nothing and returns
// false.
func (t *Table) Freeze(p draw.Painter, w int) bool {
	if t.columns.frozen != t.column+1 && !(grid{t, p, w}).canFreeze(t.column) {
		return false
	}
	t.columns.freeze(t.column)
	return true
}

// Frozen returns the number of frozen columns.
func (t *Table) Frozen() int { return t.columns.frozen }

// Expand replaces the column with this path by its nested values. The cursor stays in its column or moves to the first
// nested column. Expand returns false if the column is not visible.
func (t *Table) Expand(path item.Path, parts item.Parts) bool {
	place := t.columns.position(path)
	if place < 0 {
		return false
	}
	under := t.Path()
	t.columns.expand(t.columns.visible[place], parts)
	if under != path {
		place = max(0, t.columns.position(under))
	}
	t.SelectColumn(place)
	return true
}

// Collapse removes the nested columns of an expanded column and shows the expanded column again. The cursor must be in
// one of the nested columns.
func (t *Table) Collapse() { t.SelectColumn(t.columns.collapse(t.column)) }

// IsNested reports whether the column at the cursor was created by expanding another column.
func (t *Table) IsNested() bool { return t.columns.len() > 0 && t.columns.nth(t.column).nested }

// ExpandedPaths returns the paths of the expanded columns.
func (t *Table) ExpandedPaths() []item.Path { return t.columns.expandedPaths() }

// AddNested adds nested values that have appeared in expanded columns. The cursor stays in its column.
func (t *Table) AddNested(parts map[item.Path]item.Parts) {
	under := t.Path()
	for path, found := range parts {
		if at := t.columns.find(path); at >= 0 && len(found.Paths) > 0 {
			t.columns.expand(at, found)
		}
	}
	t.SelectColumn(max(0, t.columns.position(under)))
}

// UnfittedPaths returns the paths of the visible columns whose widths must still be computed: nested columns without a
// width, and all computed columns.
func (t *Table) UnfittedPaths() []item.Path {
	var paths []item.Path
	for _, path := range t.columns.paths() {
		if _, ok := t.fits[path]; !ok && path.Depth() > 1 || t.items.IsComputed(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// Layout returns the column layout with the user's changes.
func (t *Table) Layout() item.Layout {
	layout := t.columns.layout()
	if key, known := t.key.Get(); known {
		layout.Keys = []item.Path{key}
	}
	return layout
}

// SetLayout applies a saved column layout. Columns that the layout does not mention come last.
func (t *Table) SetLayout(layout item.Layout) {
	t.columns.apply(layout)
	t.clamp()
	if len(layout.Keys) > 0 {
		t.key = optional.Some(layout.Keys[0])
	}
}
