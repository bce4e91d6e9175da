package formulas

import (
	"slices"

	"sbwatch/model/item"
)

// Given are computed columns that the user gave before the items were shown, with --compute or in the config file. They
// are not saved with the layout of the recipe. The zero value has no columns.
type Given struct {
	// Columns have valid formulas and different names.
	Columns []item.ComputedColumn
	// IfFits leaves out a column as long as its formula does not fit the items, for example because it names a column
	// that does not exist. It is set for defaults, which are meant for many recipes.
	IfFits bool

	// saved are the columns of the saved layout that given columns have replaced.
	saved []item.ComputedColumn
}

// leavesOut reports whether IfFits is set and column is one of the given columns. Such a column is left out if its
// formula does not fit the items.
func (g *Given) leavesOut(column item.ComputedColumn) bool {
	return g.IfFits && slices.Contains(g.Columns, column)
}

// AddTo adds the given columns to a saved layout. A given column replaces a saved column with the same name.
func (g *Given) AddTo(layout item.Layout) item.Layout {
	layout.Computed, g.saved = slices.Clone(layout.Computed), nil
	for _, column := range g.Columns {
		i := slices.IndexFunc(layout.Computed, func(c item.ComputedColumn) bool { return c.Name == column.Name })
		switch {
		case i >= 0:
			g.saved = append(g.saved, layout.Computed[i])
			layout.Computed[i] = column
		case len(layout.Computed) < item.MaxComputed:
			layout.Computed = append(layout.Computed, column)
		}
	}
	return layout
}

// RemoveFrom returns the layout to save: without the given columns, and with the saved columns that they have replaced.
// A given column whose formula the user has changed stays.
func (g *Given) RemoveFrom(layout item.Layout) item.Layout {
	var computed []item.ComputedColumn
	for _, column := range layout.Computed {
		i := slices.IndexFunc(g.saved, func(c item.ComputedColumn) bool { return c.Name == column.Name })
		switch {
		case !slices.Contains(g.Columns, column):
			computed = append(computed, column)
		case i >= 0:
			computed = append(computed, g.saved[i])
		}
	}
	layout.Computed = computed
	return layout
}
