package table

import (
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/ui/draw"
)

// ColumnCount returns the number of columns that show.
func (t *Table) ColumnCount() int { return t.columns.len() }

// ColumnPath returns the path of column i of those that show.
func (t *Table) ColumnPath(i int) item.Path { return t.columns.path(i) }

// Paths returns the paths of the columns that show, in their order.
func (t *Table) Paths() []item.Path { return t.columns.paths() }

// HiddenPaths returns the paths of the hidden columns.
func (t *Table) HiddenPaths() []item.Path { return t.columns.hiddenPaths() }

// Shows reports whether the column of a path shows.
func (t *Table) Shows(path item.Path) bool { return t.columns.place(path) >= 0 }

// Show shows a hidden column.
func (t *Table) Show(path item.Path) {
	t.columns.show(path)
	t.clamp()
}

// Hide hides the cursor's column and reports whether it did: the only column stays.
func (t *Table) Hide() bool {
	if !t.columns.hide(t.column) {
		return false
	}
	t.clamp()
	return true
}

// MoveColumn moves the cursor's column, and the cursor with it, one place to the right, or to the left with -1.
func (t *Table) MoveColumn(by int) { t.column = t.columns.move(t.column, by) }

// Widen makes the cursor's column wider by some cells, or narrower with a negative number, on a table w cells wide.
func (t *Table) Widen(p draw.Painter, by, w int) {
	for _, shown := range (grid{t, p, w}).columnsFrom(t.left) {
		if shown.index == t.column {
			t.columns.at(t.column).width = max(minColumn, shown.width+by)
		}
	}
}

// FitColumn makes the cursor's column as wide as what it holds; where it is that already, as wide as usual. The table has
// w by h cells.
func (t *Table) FitColumn(p draw.Painter, w, h int) {
	if t.columns.len() == 0 {
		return
	}
	at := t.columns.at(t.column)
	if whole := (grid{t, p, w}).wholeWidth(t.column, h); at.width != whole {
		at.width = whole
	} else {
		at.width = 0
	}
}

// Freeze freezes the columns up to the cursor's; where they are frozen already, it unfreezes all. It reports false, and
// changes nothing, where they would leave no room for others on w cells.
func (t *Table) Freeze(p draw.Painter, w int) bool {
	if t.columns.frozen != t.column+1 && !(grid{t, p, w}).canFreeze(t.column) {
		return false
	}
	t.columns.freeze(t.column)
	return true
}

// Frozen returns the number of frozen columns.
func (t *Table) Frozen() int { return t.columns.frozen }

// Expand shows the nested values of the column of a path in its place. The cursor stays in its column, or goes to the
// first of the nested values. Expand reports false where the column does not show.
func (t *Table) Expand(path item.Path, parts item.Parts) bool {
	place := t.columns.place(path)
	if place < 0 {
		return false
	}
	under := t.Path()
	t.columns.expand(t.columns.visible[place], parts)
	if under != path {
		place = max(0, t.columns.place(under))
	}
	t.SelectColumn(place)
	return true
}

// Collapse shows the column that the cursor's was expanded from in its place.
func (t *Table) Collapse() { t.SelectColumn(t.columns.collapse(t.column)) }

// IsNested reports whether the cursor's column came from expanding another.
func (t *Table) IsNested() bool { return t.columns.len() > 0 && t.columns.at(t.column).nested }

// ExpandedPaths returns the paths of the columns that are expanded.
func (t *Table) ExpandedPaths() []item.Path { return t.columns.expandedPaths() }

// AddNested adds the nested values that expanded columns have by now. The cursor stays in its column.
func (t *Table) AddNested(parts map[item.Path]item.Parts) {
	under := t.Path()
	for path, found := range parts {
		if at := t.columns.find(path); at >= 0 && len(found.Paths) > 0 {
			t.columns.expand(at, found)
		}
	}
	t.SelectColumn(max(0, t.columns.place(under)))
}

// UnfittedPaths returns the paths of the nested columns that show and have no fit.
func (t *Table) UnfittedPaths() []item.Path {
	var paths []item.Path
	for _, path := range t.columns.paths() {
		if _, ok := t.fits[path]; !ok && path.Depth() > 1 {
			paths = append(paths, path)
		}
	}
	return paths
}

// Layout returns what the user has made of the columns.
func (t *Table) Layout() item.Layout {
	layout := t.columns.layout()
	if key, known := t.key.Get(); known {
		layout.Keys = []item.Path{key}
	}
	return layout
}

// SetLayout lays the columns out as they were in an earlier table. Columns that the layout does not know come after the
// others.
func (t *Table) SetLayout(layout item.Layout) {
	t.columns.apply(layout)
	t.clamp()
	if len(layout.Keys) > 0 {
		t.key = optional.Some(layout.Keys[0])
	}
}
