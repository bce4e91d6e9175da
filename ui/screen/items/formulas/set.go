// Package formulas adds computed columns to the items of a table. It asks for their formulas.
package formulas

import (
	"slices"

	"sbwatch/model/compute"
	"sbwatch/model/item"
)

// set is a table of items with computed columns. It keeps the last result, so that the same items and columns always
// give the same table.
type set struct {
	base    item.Table
	columns []item.ComputedColumn
	items   item.Table
}

// apply returns items with computed columns. Columns whose formula is invalid are left out.
func (s *set) apply(items item.Table, columns []item.ComputedColumn) item.Table {
	if len(columns) == 0 {
		*s = set{}
		return items
	}
	if s.base != items || !slices.Equal(s.columns, columns) {
		*s = set{items, slices.Clone(columns), with(items, columns)}
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

// with returns items with computed columns. A column with the name of a key of the items is left out: a saved layout
// must not hide a value that the service began to send later.
func with(items item.Table, columns []item.ComputedColumn) item.Table {
	base := items
	for _, column := range columns {
		if hasKey(base, column.Name) {
			continue
		}
		if f, err := compute.Parse(column.Formula); err == nil {
			items = items.WithComputed(column.Name, f.On(items).Reader)
		}
	}
	return items
}

// hasKey reports whether items have a key with this name.
func hasKey(items item.Table, name string) bool {
	return slices.ContainsFunc(items.Columns(), func(c item.Column) bool { return !c.Whole && c.Name.Raw() == name })
}
