package baseline

import (
	"math"
	"slices"
)

// Usual is what a figure was in the comparable runs.
type Usual struct {
	Median float64
	// Low and High bound most of the figures: all of up to seven, of more all but the lowest and the highest.
	Low, High float64
	// Runs is the number of runs that have the figure.
	Runs int

	// spread estimates the standard deviation by the median distance from the median.
	spread float64
}

// usualOf returns what is usual among figures. There must be at least one.
func usualOf(figures []float64) Usual {
	figures = slices.Clone(figures)
	slices.Sort(figures)
	outer := 0
	if len(figures) > 7 {
		outer = 1
	}
	u := Usual{Median: middle(figures), Low: figures[outer], High: figures[len(figures)-1-outer], Runs: len(figures)}
	distances := make([]float64, len(figures))
	for i, figure := range figures {
		distances[i] = math.Abs(figure - u.Median)
	}
	slices.Sort(distances)
	// 1.4826 makes it the standard deviation of a normal distribution. Few runs underestimate it.
	u.spread = 1.4826 * middle(distances) * (1 + 4/float64(len(figures)))
	return u
}

// middle returns the median of sorted figures.
func middle(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
