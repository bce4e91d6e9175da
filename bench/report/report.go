// Package report prints measurements as ratios, side by side. A time alone says as much about the machine and its
// other tenants as about the program; two times of one run say how the programs compare.
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
	// What was measured.
	What string
	// Ours is what sbwatch needed; Beside is what stands beside it, and what that is.
	Ours, Beside string
	// Ratio is ours divided by the other's; 0 where there is none.
	Ratio float64
	// AtMost is the target; 0 where the line is there for scale only.
	AtMost float64
}

// verdict tells whether the target was met.
func (l Line) verdict() string {
	switch {
	case l.AtMost == 0:
		return ""
	case l.Ratio <= l.AtMost:
		return "met"
	default:
		return "MISSED"
	}
}

// Print writes lines as a table under a title.
func Print(w io.Writer, title string, lines []Line) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintf(table, "%s\tsbwatch\tbeside it\tratio\ttarget\t\n", title) // Flush has the error
	for _, line := range lines {
		ratio, target := "", ""
		if line.Ratio > 0 {
			ratio = fmt.Sprintf("%.2f", line.Ratio)
		}
		if line.AtMost > 0 {
			target = fmt.Sprintf("at most %.2f", line.AtMost)
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\t%s\n", line.What, line.Ours, line.Beside, ratio, target, line.verdict())
	}
	_, _ = fmt.Fprintln(table)
	return table.Flush()
}

// Time writes a duration in three digits.
func Time(d time.Duration) string {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}

// Median is the value in the middle; 0 where there is none.
func Median[T int64 | float64 | time.Duration](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// RatioOfPairs is the median of the ratios of pairs measured right after each other, which what slows the machine down
// for a while slows down together.
func RatioOfPairs(ours, beside []time.Duration) float64 {
	ratios := make([]float64, min(len(ours), len(beside)))
	for i := range ratios {
		ratios[i] = float64(ours[i]) / float64(beside[i])
	}
	return Median(ratios)
}
