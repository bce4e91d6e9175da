package table

import (
	"slices"

	"sbwatch/model/item"
	"sbwatch/model/numeral"
)

// columns is the column layout of a table: the order, widths and visibility of the columns.
type columns struct {
	all     []column
	index   map[item.Path]int // index of each path in the field all
	visible []int             // the visible columns as indexes in the field all, in the order of display
	frozen  int               // number of visible columns that do not scroll
	known   int               // number of the items' columns that were already added to the field all
	lines   int               // maximum number of lines of a cell; 0 for one line

	computed []item.ComputedColumn
}

// column is one column with the user's settings for it.
type column struct {
	path     item.Path
	width    int // in cells; 0 if it depends on the content
	lines    int // maximum number of lines of a cell; 0 for the setting of all columns
	format   numeral.Format
	hidden   bool
	expanded bool // replaced by its nested values
	nested   bool // created by expanding another column
	absent   bool // in the saved layout, but not in the items
}

// learn adds the columns that have appeared in the items.
func (c *columns) learn(items item.Table) {
	all := items.Columns()
	added := items.Added()
	all = all[:len(all)-len(added)]
	if len(all) < c.known {
		c.known = 0
	}
	gained := map[item.Path]bool{}
	gain := func(path item.Path) {
		gained[path] = true
		if c.find(path) < 0 {
			c.all = append(c.all, column{path: path})
		}
	}
	for _, one := range all[c.known:] {
		gain(one.Path())
	}
	for _, one := range added {
		if at := c.find(one.Path()); at < 0 || c.all[at].absent {
			gain(one.Path())
		}
	}
	if c.known = len(all); len(gained) == 0 {
		return
	}
	for i := range c.all {
		if c.all[i].absent && gained[c.all[i].path.Column()] {
			c.all[i].absent = false
		}
	}
	c.arrange()
}

// find returns the index in c.all of the column with this path, or -1.
func (c *columns) find(path item.Path) int {
	if i, ok := c.index[path]; ok {
		return i
	}
	return -1
}

// arrange recomputes the visible columns.
func (c *columns) arrange() {
	c.visible = c.visible[:0]
	c.index = make(map[item.Path]int, len(c.all))
	for i, column := range c.all {
		c.index[column.path] = i
		if !column.hidden && !column.expanded && !column.absent {
			c.visible = append(c.visible, i)
		}
	}
	c.frozen = min(c.frozen, max(0, len(c.visible)-1))
}

func (c *columns) len() int { return len(c.visible) }

// nth returns the i-th visible column.
func (c *columns) nth(i int) *column { return &c.all[c.visible[i]] }

// path returns the path of the i-th visible column.
func (c *columns) path(i int) item.Path { return c.nth(i).path }

func (c *columns) paths() []item.Path {
	paths := make([]item.Path, 0, len(c.visible))
	for i := range c.visible {
		paths = append(paths, c.path(i))
	}
	return paths
}

// position returns the position of a column among the visible columns. It returns -1 if the column is not visible.
func (c *columns) position(path item.Path) int {
	return slices.IndexFunc(c.visible, func(i int) bool { return c.all[i].path == path })
}

func (c *columns) hiddenPaths() []item.Path {
	var paths []item.Path
	for _, column := range c.all {
		if column.hidden && !column.expanded && !column.absent {
			paths = append(paths, column.path)
		}
	}
	return paths
}

// hide hides the i-th visible column. If no other column is visible, it hides nothing and returns false.
func (c *columns) hide(i int) bool {
	if len(c.visible) < 2 {
		return false
	}
	c.nth(i).hidden = true
	if i < c.frozen {
		c.frozen--
	}
	c.arrange()
	return true
}

// show shows a hidden column.
func (c *columns) show(path item.Path) {
	if at := c.find(path); at >= 0 {
		c.all[at].hidden = false
		c.arrange()
	}
}

// showOnly shows the columns with the given paths and hides all others, except expanded columns, which do not change.
// If no column would remain visible, showOnly changes nothing and returns false.
func (c *columns) showOnly(paths []item.Path) bool {
	if !slices.ContainsFunc(paths, func(path item.Path) bool { return c.find(path) >= 0 }) {
		return false
	}
	for i := range c.all {
		if !c.all[i].expanded && !c.all[i].absent {
			c.all[i].hidden = !slices.Contains(paths, c.all[i].path)
		}
	}
	c.arrange()
	return true
}

// move moves the i-th visible column one position to the right (by = 1) or to the left (by = -1). It returns the new
// position.
func (c *columns) move(i, by int) int {
	to := i + by
	if to < 0 || to >= len(c.visible) {
		return i
	}
	from, at := c.visible[i], c.visible[to]
	moved := c.all[from]
	c.all = slices.Insert(slices.Delete(c.all, from, from+1), at, moved)
	c.arrange()
	return to
}

// freeze freezes the visible columns up to and including position i. If exactly these columns are already frozen, it
// unfreezes them.
func (c *columns) freeze(i int) {
	if c.frozen == i+1 {
		c.frozen = 0
	} else {
		c.frozen = min(i+1, len(c.visible)-1)
	}
	c.arrange()
}

// expand replaces the column c.all[index] by columns for its nested values. The new columns come after existing columns
// for nested values of c.all[index]. If c.all[index] also has plain values, it stays visible.
func (c *columns) expand(index int, parts item.Parts) {
	whole := c.all[index].path
	c.all[index].expanded = !parts.Mixed
	for index+1 < len(c.all) && c.all[index+1].nested && c.all[index+1].path.IsWithin(whole) {
		index++
	}
	var added []column
	for _, part := range parts.Paths {
		if c.find(part) < 0 {
			added = append(added, column{path: part, nested: true})
		}
	}
	c.all = slices.Insert(c.all, index+1, added...)
	c.arrange()
}

func (c *columns) expandedPaths() []item.Path {
	var paths []item.Path
	for _, one := range c.all {
		if parent := one.path.Parent(); one.nested && !slices.Contains(paths, parent) && c.find(parent) >= 0 {
			paths = append(paths, parent)
		}
	}
	return paths
}

// collapse removes the nested columns of an expanded column and shows the expanded column again. i is the position of
// one of the nested columns. collapse returns the position of the expanded column. If the i-th column is not nested,
// collapse changes nothing and returns i.
func (c *columns) collapse(i int) int {
	if !c.nth(i).nested {
		return i
	}
	whole := c.path(i).Parent()
	at := c.find(whole)
	if at < 0 {
		return i
	}
	c.all[at].expanded, c.all[at].hidden = false, false
	c.all = slices.DeleteFunc(c.all, func(one column) bool { return one.nested && one.path.IsWithin(whole) })
	c.arrange()
	return max(0, c.position(whole))
}

// layout returns the column layout with the user's changes.
func (c *columns) layout() item.Layout {
	layout := item.Layout{Frozen: c.frozen, Lines: c.lines, Computed: slices.Clone(c.computed)}
	for _, column := range c.all {
		layout.Columns = append(layout.Columns, item.ColumnLayout{
			Path: column.path, Width: column.width, Hidden: column.hidden, Opened: column.expanded, Lines: column.lines,
			Format: column.format,
		})
	}
	return layout
}

// apply applies a column layout. Columns that are not in the layout come last. Columns of the layout that the items do
// not have are kept, because later items may have them. Nested columns that are not in the layout are removed, unless
// the layout expands their parent.
func (c *columns) apply(layout item.Layout) {
	has := make(map[item.Path]bool, len(c.all))
	for _, one := range c.all {
		has[one.path] = !one.absent
	}
	isRemoved := func(path item.Path) bool {
		is := func(one item.ComputedColumn) bool { return item.PathOf(one.Name) == path }
		return slices.ContainsFunc(c.computed, is) && !slices.ContainsFunc(layout.Computed, is)
	}
	laidOut := make([]column, 0, len(c.all))
	placed := make(map[item.Path]bool, len(layout.Columns))
	opened := map[item.Path]bool{}
	for _, one := range layout.Columns {
		placed[one.Path], opened[one.Path] = true, one.Opened
		laidOut = append(laidOut, column{
			path: one.Path, width: one.Width, hidden: one.Hidden, expanded: one.Opened, lines: one.Lines, format: one.Format,
			nested: one.Path.Depth() > 1, absent: !has[one.Path.Column()],
		})
	}
	for _, one := range c.all {
		if !placed[one.path] && !isRemoved(one.path) && (!one.nested || opened[one.path.Parent()]) {
			laidOut = append(laidOut, one)
		}
	}
	c.all, c.frozen, c.lines, c.computed = laidOut, layout.Frozen, layout.Lines, slices.Clone(layout.Computed)
	c.arrange()
	if len(c.visible) == 0 { // ignore a layout that hides all columns
		for i := range c.all {
			c.all[i].hidden = false
		}
		c.arrange()
	}
}

// linesOf returns how many lines the text of a cell may take in the i-th visible column.
func (c *columns) linesOf(i int) int {
	if lines := c.nth(i).lines; lines > 0 {
		return lines
	}
	return max(1, c.lines)
}
