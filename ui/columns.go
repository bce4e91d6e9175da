package ui

import (
	"slices"

	"sbwatch/model/item"
)

// columns is how the columns of a table are laid out: in which order, how wide, and which of them show.
type columns struct {
	all []column
	// places are those of the paths in all.
	places map[item.Path]int
	// visible are the places in all of those that show, in their order.
	visible []int
	// frozen is how many of the visible ones stand still at the left while the others scroll.
	frozen int
	// known is how many of the items' columns are in all.
	known int
}

// column is one column as the user wants it.
type column struct {
	path item.Path
	// width is in cells; 0 is as wide as what it holds.
	width  int
	hidden bool
	// opened: its parts show in its place.
	opened bool
	// part: it came of opening another.
	part bool
	// absent: the layout that was remembered has it, and the items do not.
	absent bool
}

// learn adds the columns that the items have gained.
func (c *columns) learn(items item.Table) {
	all := items.Columns()
	if len(all) < c.known {
		c.known = 0
	}
	gained := map[item.Path]bool{}
	for _, one := range all[c.known:] {
		gained[one.Path()] = true
		if c.find(one.Path()) < 0 {
			c.all = append(c.all, column{path: one.Path()})
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

// find is the place of a path in all; -1 where it has none.
func (c *columns) find(path item.Path) int {
	if place, there := c.places[path]; there {
		return place
	}
	return -1
}

// arrange finds out what shows.
func (c *columns) arrange() {
	c.visible = c.visible[:0]
	c.places = make(map[item.Path]int, len(c.all))
	for i, column := range c.all {
		c.places[column.path] = i
		if !column.hidden && !column.opened && !column.absent {
			c.visible = append(c.visible, i)
		}
	}
	c.frozen = min(c.frozen, max(0, len(c.visible)-1))
}

// len is how many columns show.
func (c *columns) len() int { return len(c.visible) }

// at is visible column i.
func (c *columns) at(i int) *column { return &c.all[c.visible[i]] }

// path is that of visible column i.
func (c *columns) path(i int) item.Path { return c.at(i).path }

// paths are those of all visible columns.
func (c *columns) paths() []item.Path {
	paths := make([]item.Path, 0, len(c.visible))
	for i := range c.visible {
		paths = append(paths, c.path(i))
	}
	return paths
}

// place is where a path shows; -1 where it does not.
func (c *columns) place(path item.Path) int {
	return slices.IndexFunc(c.visible, func(i int) bool { return c.all[i].path == path })
}

// hiddenPaths are those of the columns that are hidden.
func (c *columns) hiddenPaths() []item.Path {
	var paths []item.Path
	for _, column := range c.all {
		if column.hidden && !column.opened && !column.absent {
			paths = append(paths, column.path)
		}
	}
	return paths
}

// hide hides visible column i, unless it is the only one.
func (c *columns) hide(i int) bool {
	if len(c.visible) < 2 {
		return false
	}
	c.at(i).hidden = true
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

// move moves visible column i by one place, to the left or the right, and gives its new place.
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

// freeze lets the visible columns up to column i stand still; or, where they do already, none.
func (c *columns) freeze(i int) {
	if c.frozen == i+1 {
		c.frozen = 0
	} else {
		c.frozen = min(i+1, len(c.visible)-1)
	}
	c.arrange()
}

// widen makes visible column i so many cells wider than it was drawn.
func (c *columns) widen(i, drawn, by int) {
	c.at(i).width = max(columnAtLeast, drawn+by)
}

// open puts the parts of visible column i in its place, those that do not stand there yet behind the others.
func (c *columns) open(i int, parts item.Parts) {
	c.openAt(c.visible[i], parts)
	c.arrange()
}

func (c *columns) openAt(at int, parts item.Parts) {
	whole := c.all[at].path
	c.all[at].opened = !parts.Mixed
	for at+1 < len(c.all) && c.all[at+1].part && c.all[at+1].path.IsWithin(whole) {
		at++
	}
	var added []column
	for _, part := range parts.Paths {
		if c.find(part) < 0 {
			added = append(added, column{path: part, part: true})
		}
	}
	c.all = slices.Insert(c.all, at+1, added...)
}

// openedPaths are those of the columns whose parts are among the columns.
func (c *columns) openedPaths() []item.Path {
	var paths []item.Path
	for _, one := range c.all {
		if parent := one.path.Parent(); one.part && !slices.Contains(paths, parent) && c.find(parent) >= 0 {
			paths = append(paths, parent)
		}
	}
	return paths
}

// renew takes in what parts opened columns have by now.
func (c *columns) renew(parts map[item.Path]item.Parts) {
	for path, found := range parts {
		if at := c.find(path); at >= 0 && len(found.Paths) > 0 {
			c.openAt(at, found)
			c.arrange()
		}
	}
}

// close puts what visible column i is a part of in its place, and gives the place where that shows; its own for a column
// that is no part.
func (c *columns) close(i int) int {
	if !c.at(i).part {
		return i
	}
	whole := c.path(i).Parent()
	at := c.find(whole)
	if at < 0 {
		return i
	}
	c.all[at].opened, c.all[at].hidden = false, false
	c.all = slices.DeleteFunc(c.all, func(one column) bool { return one.part && one.path.IsWithin(whole) })
	c.arrange()
	return max(0, c.place(whole))
}
