package baseline

import (
	"math"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
)

// Subject is a figure that is compared between runs, such as the number of items. [Coverage] and the subjects after it
// are measured for each column.
type Subject int

// The subjects.
const (
	Items Subject = iota
	Pages
	ItemsPerPage
	Duration // in seconds
	Credits
	Drift
	// Coverage is the share of present values, from 0 to 1.
	Coverage
	// TypeShare is the share of present values with the usual type of the column, from 0 to 1.
	TypeShare
	// Distinct is the number of different values.
	Distinct
	// Median is the median of the numbers.
	Median
)

// OfColumn reports whether the subject is measured for each column.
func (s Subject) OfColumn() bool { return s >= Coverage }

// String returns the name of the subject, such as "items per page".
func (s Subject) String() string {
	return [...]string{
		"items", "pages", "items per page", "duration", "credits", "drift", "coverage", "type", "different values", "median",
	}[s]
}

// runSubjects returns the subjects that are about the whole run, not about a column.
func runSubjects() []Subject { return []Subject{Items, Pages, ItemsPerPage, Duration, Credits, Drift} }

// Measure returns the value of the subject in a run: for [Items], the number of items. The value is unknown if the
// subject is measured for each column.
func (s Subject) Measure(r *Run) optional.Value[float64] {
	switch s {
	case Items:
		return number(r.Items)
	case Pages:
		return number(r.Pages)
	case Credits:
		return number(r.Credits)
	case Drift:
		return r.Drift
	case ItemsPerPage:
		items, known := r.Items.Get()
		pages, alsoKnown := r.Pages.Get()
		if known && alsoKnown && pages > 0 {
			return optional.Some(float64(items) / float64(pages))
		}
	case Duration:
		if !r.StartedAt.IsZero() && r.CompletedAt.After(r.StartedAt) {
			return optional.Some(r.CompletedAt.Sub(r.StartedAt).Seconds())
		}
	case Coverage, TypeShare, Distinct, Median:
	}
	return optional.Value[float64]{}
}

func number(n optional.Value[int64]) optional.Value[float64] {
	value, known := n.Get()
	if !known {
		return optional.Value[float64]{}
	}
	return optional.Some(float64(value))
}

// measureColumn returns the value of the subject for a column: for [Coverage], the coverage of the column. The
// parameter usualType is needed for [TypeShare] only.
func (s Subject) measureColumn(c *profile.ColumnSummary, usualType string) optional.Value[float64] {
	switch {
	case s == Coverage && c.Of > 0:
		return optional.Some(c.Coverage())
	case s == TypeShare && c.Covered > 0:
		return optional.Some(float64(c.Types[usualType]) / float64(c.Covered))
	case s == Distinct:
		return optional.Some(float64(c.Distinct.N))
	case s == Median && c.Numbers != nil && c.Numbers.Count*2 > c.Covered:
		return optional.Some(c.Numbers.Median)
	default:
		return optional.Value[float64]{}
	}
}

// chance returns how much a figure varies by chance alone, as a standard deviation: a count by its square root, such as
// 10 for 100 items, and a share as in a binomial distribution. The parameter usual is the usual value of the figure.
// The parameter values is the number of values that a share is computed from.
func (s Subject) chance(usual float64, values int) float64 {
	switch s {
	case Items, Pages, Distinct:
		return max(math.Sqrt(math.Abs(usual)), 0.03*math.Abs(usual))
	case ItemsPerPage:
		return max(math.Sqrt(math.Abs(usual)), 0.05*math.Abs(usual))
	case Duration, Credits:
		return 0.1*math.Abs(usual) + 1
	case Drift:
		return 0.03
	case Median:
		return 0.1 * math.Abs(usual)
	default:
		n := float64(max(values, 1))
		p := (usual*n + 1) / (n + 2)
		return math.Sqrt(p * (1 - p) / n)
	}
}

// isWorse reports whether a difference from usual is bad, such as fewer items, a higher drift or a longer run.
func (s Subject) isWorse(difference float64) bool {
	switch s {
	case Drift, Duration, Credits:
		return difference > 0
	case Median:
		return true
	default:
		return difference < 0
	}
}

// minDifferences returns the smallest differences from usual that count as a warning and as an error: for the number of
// items, 10% and 30%. Smaller differences do not matter to users, even if they are statistically significant.
func (s Subject) minDifferences(usual float64) (warning, failure float64) {
	switch s {
	case Items, Pages, ItemsPerPage:
		return 0.1 * usual, 0.3 * usual
	case Duration, Credits:
		return 0.5 * usual, math.Inf(1)
	case Drift:
		return 0.1, 0.25
	case Distinct:
		return 0.5 * usual, math.Inf(1)
	case Median:
		return 0.5 * math.Abs(usual), math.Inf(1)
	default:
		return 0.05, 0.2
	}
}
