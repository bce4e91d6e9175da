package baseline

import (
	"math"
	"slices"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

const (
	// The coverage of a column fades if it falls slowly over several runs. fadeRuns is the maximum number of runs that
	// are examined for this, and minFadeRuns the minimum.
	fadeRuns, minFadeRuns = 20, 6
	// fadeAt is the smallest loss of coverage that is reported: 8 percentage points.
	fadeAt = 0.08
	// mediansVary is the standard deviation of the difference between the median of three numbers and the median of ten
	// numbers, if each number has a standard deviation of 1.
	mediansVary = 0.78
	// fadeSureAt is the smallest loss of coverage that is reported, in standard deviations. It is lower than sureAt
	// because the loss must also be at least fadeAt, which prevents most false alarms.
	fadeSureAt = 3.7
)

// addFading adds a change of kind Faded if the coverage of a column has fallen slowly over the last runs.
func (c *comparison) addFading(name text.Text, values int, coverage func(*Run) optional.Value[float64]) {
	past := c.past[max(0, len(c.past)-fadeRuns+1):]
	figures := measured(append(slices.Clip(past), c.run), coverage)
	before, faded := fadeOf(figures, Coverage.chance(median(figures), values))
	if !faded {
		return
	}
	usual := usualOf(figures[:len(figures)/2])
	usual.Median = before
	c.changes = append(c.changes, Change{
		Kind: Faded, Subject: Coverage, Column: name, Severity: Warning, Worse: true, Now: figures[len(figures)-1], Usual: usual,
	})
}

// fadeOf reports whether a figure has fallen. The parameter figures holds its values, oldest first, and chance is the
// standard deviation of one value. If the figure has fallen, the result earlier is its value before the fall.
func fadeOf(figures []float64, chance float64) (earlier float64, hasFaded bool) {
	if len(figures) < minFadeRuns {
		return 0, false
	}
	// The median of the last three values is lower than the median of the first half.
	recent, first := median(figures[len(figures)-3:]), median(figures[:len(figures)/2])
	if first-recent >= max(fadeAt, fadeSureAt*mediansVary*chance) && figures[len(figures)-1] <= first-fadeAt*3/4 {
		return first, true
	}
	// The straight line through the last ten values slopes down.
	last := figures[max(0, len(figures)-windowRuns):]
	slope, deviation := lineThrough(last)
	drop := -slope * float64(len(last)-1)
	n := float64(len(last))
	uncertainty := max(chance, deviation) / math.Sqrt(n*(n*n-1)/12)
	if drop >= fadeAt && -slope >= fadeSureAt*uncertainty {
		return median(last) + drop/2, true
	}
	return 0, false
}

// median returns the median of numbers, or 0 if there are none.
func median(figures []float64) float64 {
	if len(figures) == 0 {
		return 0
	}
	figures = slices.Clone(figures)
	slices.Sort(figures)
	return sortedMedian(figures)
}

// lineThrough returns the slope of the straight line that fits the values best, and the standard deviation of the
// values from that line.
func lineThrough(values []float64) (slope, deviation float64) {
	n := float64(len(values))
	center := (n - 1) / 2
	mean, products, squares := 0.0, 0.0, 0.0
	for _, y := range values {
		mean += y / n
	}
	for i, y := range values {
		x := float64(i) - center
		products += x * (y - mean)
		squares += x * x
	}
	slope = products / squares
	for i, y := range values {
		rest := y - mean - slope*(float64(i)-center)
		deviation += rest * rest
	}
	return slope, math.Sqrt(deviation / max(n-2, 1))
}
