package table

import (
	"maps"
	"slices"

	"sbwatch/model/item"
	"sbwatch/ui/draw"
)

const (
	// maxSpent is the maximum work of an update to read values, in bytes that are scanned. It takes a few milliseconds.
	maxSpent = 2 << 20
	// keptSize is the maximum number of bytes that are kept of a computed value. Cells show and highlight no more of it.
	keptSize = 16 << 10
	// keptScreens limits the number of rows whose values are kept, as a multiple of the visible lines.
	keptScreens = 2
)

// values holds the values of the visible cells, so that frames do not read and compute them again. It belongs to the
// methods of [Table] that are called in Update; View only looks values up. The zero value is empty.
type values struct {
	items item.Table         // the items that the values belong to
	rows  map[int]*rowValues // by item
	round int                // number of calls of Fill
	// spent is the work to read values since the last call of Fill.
	spent int

	evaluation *item.Evaluation
	readers    map[item.Path]*item.Reader
}

// rowValues holds values of one item.
type rowValues struct {
	cells map[item.Path]item.Cell
	// isCostly reports whether computing the values takes too long for Update.
	isCostly bool
	// round is the round in which the values were last used.
	round int
}

// find returns a value that has been read.
func (v *values) find(items item.Table, i int, path item.Path) (value item.Cell, isKnown bool) {
	if row := v.rows[i]; row != nil && v.items == items {
		value, isKnown = row.cells[path]
	}
	return value, isKnown
}

// read returns a value, and reads it if necessary. It returns false if that would take too long.
func (v *values) read(items item.Table, i int, path item.Path) (value item.Cell, isKnown bool) {
	if v.items != items {
		*v = values{items: items, rows: map[int]*rowValues{}, round: v.round, spent: v.spent}
	}
	row := v.row(i)
	row.round = v.round
	if value, isKnown = row.cells[path]; isKnown {
		return value, true
	}
	isComputed := items.IsComputed(path)
	if isComputed && row.isCostly || v.spent >= maxSpent {
		return item.Cell{}, false
	}
	reader := v.reader(path)
	cost := reader.Cost(i)
	if v.spent+cost > maxSpent {
		return item.Cell{}, false
	}
	v.spent += cost
	value = reader.Cell(i)
	if v.evaluation.Stopped() {
		v.evaluation, v.readers = nil, nil
		row.isCostly = true
		return item.Cell{}, false
	}
	row.cells[path] = kept(value, isComputed)
	return row.cells[path], true
}

// row returns the row of an item.
func (v *values) row(i int) *rowValues {
	if v.rows[i] == nil {
		v.rows[i] = &rowValues{cells: map[item.Path]item.Cell{}}
	}
	return v.rows[i]
}

// reader returns the reader of the values at a path. All readers share an evaluation, which stops when the work exceeds
// maxSpent.
func (v *values) reader(path item.Path) *item.Reader {
	if v.evaluation == nil {
		v.readers = map[item.Path]*item.Reader{}
		v.evaluation = &item.Evaluation{Next: func(bytes int) bool {
			v.spent += bytes
			return v.spent <= maxSpent
		}}
	}
	if v.readers[path] == nil {
		v.readers[path] = v.evaluation.Reader(v.items, path)
	}
	return v.readers[path]
}

// kept returns what is kept of a value. A value that is not computed is part of its item, so keeping it costs nothing.
func kept(value item.Cell, isComputed bool) item.Cell {
	if isComputed {
		return value.Start(keptSize)
	}
	return value
}

// endRound prepares for the next update. If there are more than maxRows rows, it drops those that were not used in this
// round.
func (v *values) endRound(maxRows int) {
	if len(v.rows) > maxRows {
		for i, row := range v.rows {
			if row.round != v.round {
				delete(v.rows, i)
			}
		}
	}
	v.round++
	v.spent = 0
}

// Unread are the values of one row that are visible, but were not read yet.
type Unread struct {
	Items item.Table
	Item  int
	Paths []item.Path
}

// Values are values that were read from an item.
type Values struct {
	items item.Table
	item  int
	cells map[item.Path]item.Cell
}

// Read reads the values. It calls next before it processes that many bytes. If next returns false, Read stops, and the
// result is incomplete.
func (u Unread) Read(next func(bytes int) bool) Values {
	read := Values{u.Items, u.Item, make(map[item.Path]item.Cell, len(u.Paths))}
	evaluation := item.Evaluation{Next: next}
	for _, path := range u.Paths {
		value := evaluation.Reader(u.Items, path).Cell(u.Item)
		if evaluation.Stopped() {
			break
		}
		read.cells[path] = kept(value, u.Items.IsComputed(path))
	}
	return read
}

// Fill reads the values that the table shows on w by h terminal cells, unless that takes longer than a few
// milliseconds. It returns the rows with values that are still unread. They are shown as "…" until [Cells.Add] adds
// their values. Call Fill after all other changes of the table and before View.
func (c Cells) Fill(p draw.Painter, w, h int) []Unread {
	t := c.table
	g := grid{t, p, w}
	m := g.measure(g.firstColumn(), h)
	top := m.top()
	isComputed := func(c shownColumn) bool { return t.items.IsComputed(t.columns.path(c.index)) }
	computed := slices.DeleteFunc(slices.Clone(m.shown), func(c shownColumn) bool { return !isComputed(c) })
	plain := slices.DeleteFunc(slices.Clone(m.shown), isComputed)
	end := min(t.Len(), top+m.lines)
	for _, columns := range [][]shownColumn{plain, computed} { // values that are not computed come first
		for row := top; row < end; row++ {
			for _, c := range columns {
				m.value(c, t.Item(row))
			}
		}
	}
	var unread []Unread
	for row := top; row < end; row++ {
		u := Unread{Items: t.items, Item: t.Item(row)}
		for _, c := range m.shown {
			path := t.columns.path(c.index)
			if _, isKnown := t.values.find(t.items, u.Item, path); !isKnown {
				u.Paths = append(u.Paths, path)
			}
		}
		if len(u.Paths) > 0 {
			unread = append(unread, u)
		}
	}
	t.values.endRound(keptScreens * m.lines)
	return unread
}

// Add adds values that were read by [Unread.Read], unless the items have changed since.
func (c Cells) Add(read Values) {
	values := &c.table.values
	if read.items != values.items {
		return
	}
	maps.Copy(values.row(read.item).cells, read.cells)
}
