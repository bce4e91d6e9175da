// Package baseline compares runs with earlier runs of their recipe.
//
// [Judge] takes the runs of a recipe in the order of time and returns, for each, what is usual ([Usual]), what differs from it
// ([Change]), and one sentence of advice on whether the recipe must be re-authored ([Advice]).
//
// What is usual comes from the last ten comparable runs: completed ones that neither the plan nor the credits cut short, and that
// were not themselves far from usual. If ten runs in a row differ, they are the new usual.
package baseline

import (
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Run is what is compared of a run.
type Run struct {
	ID       text.Text
	RecipeID text.Text
	Status   run.Status
	// Cut is the limit that stopped the run before its last page.
	Cut run.Cut
	// Error is the reason why the run failed or was cancelled.
	Error text.Text

	CreatedAt   time.Time
	StartedAt   time.Time
	CompletedAt time.Time

	Pages   optional.Value[int64]
	Items   optional.Value[int64]
	Credits optional.Value[int64]
	Drift   optional.Value[float64]

	// Columns describe the items; empty if they were not profiled.
	Columns []profile.ColumnSummary

	// places are the indexes of the columns by name, once [Run.index] was called.
	places map[string]int
}

// index prepares the run for many calls of column.
func (r *Run) index() {
	r.places = make(map[string]int, len(r.Columns))
	for i := range r.Columns {
		r.places[r.Columns[i].Name.Raw()] = i
	}
}

// At returns when the run took place: its start or, if unknown, its creation. It is zero if neither is known.
func (r *Run) At() time.Time {
	if !r.StartedAt.IsZero() {
		return r.StartedAt
	}
	return r.CreatedAt
}

// Comparable reports whether the run says what is usual: it completed, and neither the plan nor the credits cut it short.
func (r *Run) Comparable() bool {
	return r.Status == run.StatusCompleted && r.Cut == run.CutNone
}

// column returns the column with a name, or nil.
func (r *Run) column(name string) *profile.ColumnSummary {
	if i, ok := r.places[name]; ok {
		return &r.Columns[i]
	}
	return nil
}
