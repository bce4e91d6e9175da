package table

import (
	"slices"

	"sbwatch/model/item"
)

// Computed returns the computed columns of the layout.
func (c Cells) Computed() []item.ComputedColumn { return c.table.columns.computed }

// ComputedColumn returns the column at the cursor. It returns false if the column is not computed.
func (c Cells) ComputedColumn() (item.ComputedColumn, bool) {
	at := slices.IndexFunc(c.table.columns.computed, func(one item.ComputedColumn) bool { return item.PathOf(one.Name) == c.table.Path() })
	if at < 0 {
		return item.ComputedColumn{}, false
	}
	return c.table.columns.computed[at], true
}
