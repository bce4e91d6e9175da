// Package baseline compares runs with earlier runs of their recipe.
//
// [Judge] takes the runs of a recipe, oldest first. For each run it returns the usual values ([Usual]), the differences
// from them ([Change]), and one sentence of advice on whether to re-author the recipe ([Advice]).
//
// Usual values are computed from the last ten comparable runs. A run is comparable if it completed, if neither the plan
// nor the credits cut it short, and if it was not itself far from usual. If ten runs in a row differ, their values
// become the usual ones.
package baseline

import (
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Run holds the figures of a run that are compared with those of other runs.
type Run struct {
	ID       text.Text
	RecipeID text.Text
	Status   run.Status
	// Cut says which limit, if any, stopped the run before its last page.
	Cut run.Cut
	// Error is why the run failed or was cancelled. It is empty for other runs.
	Error text.Text

	CreatedAt   time.Time
	StartedAt   time.Time
	CompletedAt time.Time

	Pages   optional.Value[int64]
	Items   optional.Value[int64]
	Credits optional.Value[int64]
	Drift   optional.Value[float64]

	// Columns describes the columns of the items. It is empty if the items were not profiled.
	Columns []profile.ColumnSummary

	// columnIndex maps the name of a column to its index in Columns. It is set by [Run.index].
	columnIndex map[string]int
}

// index sets columnIndex, which makes the method column fast.
func (r *Run) index() {
	r.columnIndex = make(map[string]int, len(r.Columns))
	for i := range r.Columns {
		r.columnIndex[r.Columns[i].Name.Raw()] = i
	}
}

// At returns when the run took place: its start or, if unknown, its creation. It returns the zero time if neither is
// known.
func (r *Run) At() time.Time {
	if !r.StartedAt.IsZero() {
		return r.StartedAt
	}
	return r.CreatedAt
}

// Comparable reports whether the run can be used to compute usual values: it completed, and neither the plan nor the
// credits cut it short.
func (r *Run) Comparable() bool {
	return r.Status == run.StatusCompleted && r.Cut == run.CutNone
}

// column returns the column with the given name, or nil.
func (r *Run) column(name string) *profile.ColumnSummary {
	if i, ok := r.columnIndex[name]; ok {
		return &r.Columns[i]
	}
	return nil
}
