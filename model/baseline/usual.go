package baseline

import (
	"math"
	"slices"
)

// Usual describes the values of one figure, such as the number of items, in several comparable runs.
type Usual struct {
	Median float64
	// Low and High are the lowest and the highest value. If more than seven values are known, Low and High are the
	// second lowest and the second highest value.
	Low, High float64
	// Runs is the number of runs in which the figure is known.
	Runs int

	// spread is an estimate of the standard deviation of the values, based on their distances from the median.
	spread float64
}

// usualOf describes the values of a figure in several runs. There must be at least one value.
func usualOf(figures []float64) Usual {
	figures = slices.Clone(figures)
	slices.Sort(figures)
	outer := 0
	if len(figures) > 7 {
		outer = 1
	}
	u := Usual{Median: sortedMedian(figures), Low: figures[outer], High: figures[len(figures)-1-outer], Runs: len(figures)}
	distances := make([]float64, len(figures))
	for i, figure := range figures {
		distances[i] = math.Abs(figure - u.Median)
	}
	slices.Sort(distances)
	// The factor 1.4826 turns the median distance into the standard deviation of a normal distribution. With few runs,
	// the product is too low, so the last factor increases it.
	u.spread = 1.4826 * sortedMedian(distances) * (1 + 4/float64(len(figures)))
	return u
}

func sortedMedian(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
