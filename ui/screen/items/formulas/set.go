// Package formulas adds computed columns to the items of a table. It asks for their formulas.
package formulas

import (
	"slices"

	"sbwatch/model/compute"
	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
)

// set is a table of items with computed columns. It keeps the last result, so that the same items and columns always
// give the same table.
type set struct {
	// leavesOut reports whether a column may be left out. It is then left out if its formula does not fit the items,
	// for example because the formula names a column that does not exist.
	leavesOut func(column item.ComputedColumn) bool

	base    item.Table
	columns []item.ComputedColumn
	items   item.Table
}

// apply returns items with computed columns. Columns whose formula is invalid are left out.
func (s *set) apply(items item.Table, columns []item.ComputedColumn) item.Table {
	if len(columns) == 0 {
		*s = set{leavesOut: s.leavesOut}
		return items
	}
	if s.base != items || !slices.Equal(s.columns, columns) {
		*s = set{s.leavesOut, items, slices.Clone(columns), s.with(items, columns)}
	}
	return s.items
}

// baseOf returns items without computed columns. items must be the result of apply.
func (s *set) baseOf(items item.Table) item.Table {
	if len(s.columns) == 0 {
		return items
	}
	return s.base
}

// maxName is the maximum width of the name of a column in a message, in cells.
const maxName = 30

// unused returns a message about the first column that cannot be computed: its name is used by the items, or its
// formula is invalid. It skips columns that may be left out. It returns "" if there is no such column.
func (s *set) unused(p draw.Painter, items item.Table, columns []item.ComputedColumn) string {
	for _, column := range columns {
		if s.leavesOut(column) {
			continue
		}
		name := p.Cut(cell.Name(text.NewText(column.Name)), maxName)
		if items.HasKey(column.Name) {
			return "the items have " + name + " now; press * on this column to rename the unused formula"
		}
		if _, err := compute.Parse(column.Formula); err != nil {
			return name + " is not computed: " + err.Error()
		}
	}
	return ""
}

// with adds computed columns to items. It leaves out a column if the items already have a key with the name of the
// column, because a saved layout must not hide a value that the service began to send later.
func (s *set) with(items item.Table, columns []item.ComputedColumn) item.Table {
	base := items
	for _, column := range columns {
		if base.HasKey(column.Name) {
			continue
		}
		f, err := compute.Parse(column.Formula)
		if err == nil && s.leavesOut(column) {
			err = f.Check(items)
		}
		if err == nil {
			items = items.WithComputed(column.Name, f.On(items).Reader)
		}
	}
	return items
}
