package profile

import (
	"slices"
	"testing"
)

func TestExtremesAreTheSmallestNumbers(t *testing.T) {
	const rows = 10 * maxExtremes
	for name, number := range map[string]func(row int) float64{
		"falling": func(row int) float64 { return float64(-row) },
		"rising":  func(row int) float64 { return float64(row) },
		"equal":   func(int) float64 { return 1 },
		"mixed":   func(row int) float64 { return float64(mix(uint64(row)) % 300) },
	} {
		for _, count := range []int{1, maxExtremes, 2*maxExtremes + 1, rows} {
			var found extremes
			var all []placed
			for row := range count {
				all = append(all, placed{number(row), row})
				found.add(all[row])
			}
			slices.SortFunc(all, func(a, b placed) int {
				if before(a, b) {
					return -1
				}
				return 1
			})
			if got := found.ascending(); !slices.Equal(got, all[:min(count, maxExtremes)]) {
				t.Errorf("%s, %d numbers: got %v", name, count, got)
			}
		}
	}
}
