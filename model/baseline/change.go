package baseline

import (
	"fmt"
	"math"
	"strings"
	"time"

	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// Severity says how serious a change is.
type Severity int

// The severities. A change has the severity Note if it is an improvement or usual for the day of the week.
const (
	Note Severity = iota
	Warning
	Error
)

// String returns "note", "warning" or "error".
func (s Severity) String() string { return [...]string{"note", "warning", "error"}[s] }

// Kind is the kind of a change.
type Kind int

// The kinds of changes.
const (
	// Differs means that a figure, such as the number of items, is far from its usual value.
	Differs Kind = iota
	// Faded means that the coverage of a column has fallen slowly over several runs. No single run stands out.
	Faded
	// Vanished means that no item has the column anymore.
	Vanished
	// Appeared means that no earlier run had the column.
	Appeared
)

// Change is a difference between one run and the usual values of its recipe.
type Change struct {
	Kind     Kind
	Subject  Subject
	Severity Severity
	// Column is the name of the column. It is empty if the subject is about the whole run.
	Column text.Text
	// Worse is true if the change is bad, such as fewer items or a higher drift.
	Worse bool
	// ForDay is true if Now is usual for the day of the week. Severity is then Note.
	ForDay bool
	Now    float64
	Usual  Usual
	// LastRun is the id of the last run that had the vanished column.
	LastRun text.Text
}

// IsData reports whether the change means missing data: fewer items, fewer pages, or fewer values in a column. IsData
// returns false for changes that may have happened on the website, such as new prices.
func (c Change) IsData() bool {
	switch c.Subject {
	case Items, Pages, ItemsPerPage, Coverage, TypeShare:
		return c.Worse && c.Severity >= Warning
	default:
		return false
	}
}

// String describes the change: "items 61, usually 158 to 171 (-62%)".
func (c Change) String() string {
	if c.Usual.Runs < minRuns && c.Kind == Differs {
		return c.subjectName() + " " + c.Subject.format(c.Now) + ", last run " + c.Subject.format(c.Usual.Median) + c.percent()
	}
	switch c.Kind {
	case Vanished:
		return fmt.Sprintf("%s is gone; usually %s of the items have it", c.Column, formatShare(c.Usual.Median))
	case Appeared:
		return fmt.Sprintf("%s is new: %s of the items have it", c.Column, formatShare(c.Now))
	case Faded:
		return fmt.Sprintf("%s is fading: %s of the items have it now, %s had it before", c.Column, formatShare(c.Now), formatShare(c.Usual.Median))
	case Differs:
	}
	words := c.subjectName() + " " + c.Subject.format(c.Now) + ", usually " + c.Usual.Words(c.Subject) + c.percent()
	if c.ForDay {
		words += "; usual for the day of the week"
	}
	return words
}

// subjectName returns the name of the subject, preceded by the name of the column if there is one.
func (c Change) subjectName() string {
	if c.Subject.OfColumn() {
		return c.Column.String() + ": " + c.Subject.String()
	}
	return c.Subject.String()
}

// percent returns the difference from the usual value as a percentage of the usual value, such as " (-62%)". It returns
// "" for drift and for shares.
func (c Change) percent() string {
	if isShare := c.Subject == Drift || c.Subject == Coverage || c.Subject == TypeShare; isShare || c.Usual.Median == 0 {
		return ""
	}
	return fmt.Sprintf(" (%+.0f%%)", 100*(c.Now-c.Usual.Median)/math.Abs(c.Usual.Median))
}

// Words formats the usual range of a subject, such as "158 to 171" or "0:41 to 0:48".
func (u Usual) Words(s Subject) string {
	low, high := s.format(u.Low), s.format(u.High)
	if low == high {
		return low
	}
	return low + " to " + high
}

// format formats a figure of the subject, such as "0:41" for a duration.
func (s Subject) format(figure float64) string {
	switch s {
	case Drift:
		return text.DriftText(figure)
	case Coverage, TypeShare:
		return formatShare(figure)
	case Duration:
		return text.Clock(time.Duration(figure * float64(time.Second)).Round(time.Second))
	case ItemsPerPage:
		return text.Number(math.Round(figure*10) / 10)
	case Median:
		return text.Number(figure)
	default:
		return text.Count(int64(math.Round(figure)))
	}
}

// formatShare formats a share as a percentage. The result is 0% or 100% only if the share is exactly 0 or 1.
func formatShare(x float64) string {
	const parts = 100_000
	return profile.Percent(int(math.Round(x*parts)), parts)
}

// isInside reports whether the column called name is nested in the column called outer, as "dims.w" is in "dims" and
// "tags[]" in "tags".
func isInside(name, outer string) bool {
	rest, inside := strings.CutPrefix(name, outer)
	return inside && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "["))
}
