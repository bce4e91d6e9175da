// Package baseline compares a run with earlier runs of its recipe.
//
// [Of] chooses the comparable runs and computes what is usual; [Baseline.Compare] returns what differs in a run, and
// [Advise] one sentence on whether the recipe must be re-authored. The package has no clock and does no I/O.
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
}

// At returns when the run took place: its start or, if unknown, its creation. It is zero if neither is known.
func (r Run) At() time.Time {
	if !r.StartedAt.IsZero() {
		return r.StartedAt
	}
	return r.CreatedAt
}
