// Package report prints measurements as ratios. A single time depends as much on the machine and its load as on the
// program. The ratio of two times from the same measurement shows how two programs compare.
package report

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// Line is one comparison.
type Line struct {
	// What names the measurement.
	What string
	// Ours is the result of sbwatch. Other contains the name of the other program and its result.
	Ours, Other string
	// Ratio is the result of sbwatch divided by the result of the other program; 0 omits it.
	Ratio float64
	// Target is the maximum for Ratio; 0 means no target.
	Target float64
}

// verdict says whether the target was met.
func (l Line) verdict() string {
	switch {
	case l.Target == 0:
		return ""
	case l.Ratio <= l.Target:
		return "met"
	default:
		return "MISSED"
	}
}

// Print writes lines as a table with a title.
func Print(w io.Writer, title string, lines []Line) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintf(table, "%s\tsbwatch\tother\tratio\ttarget\t\n", title) // Flush returns the error
	for _, line := range lines {
		ratio, target := "", ""
		if line.Ratio > 0 {
			ratio = fmt.Sprintf("%.2f", line.Ratio)
		}
		if line.Target > 0 {
			target = fmt.Sprintf("at most %.2f", line.Target)
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\t%s\n", line.What, line.Ours, line.Other, ratio, target, line.verdict())
	}
	_, _ = fmt.Fprintln(table)
	return table.Flush()
}

// Time formats a duration with three digits.
func Time(d time.Duration) string {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}

// Median returns the median of values, or 0 if there are none.
func Median[T int64 | float64 | time.Duration](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// RatioOfPairs returns the median of ours[i]/other[i]. The times ours[i] and other[i] must be measured right after each
// other, so that a brief slowdown of the machine affects both.
func RatioOfPairs(ours, other []time.Duration) float64 {
	ratios := make([]float64, min(len(ours), len(other)))
	for i := range ratios {
		ratios[i] = float64(ours[i]) / float64(other[i])
	}
	return Median(ratios)
}
