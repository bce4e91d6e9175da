package ui

import (
	"slices"
	"strings"
)

// sparkline draws values as bars one cell wide and one line high. Nothing is a line at the foot, something is higher, and
// what is not known, a negative value, is a blank.
func sparkline(values []float64) string {
	bars := []rune("▂▃▄▅▆▇█")
	if len(values) == 0 {
		return ""
	}
	highest := max(1e-9, slices.Max(values))
	var b strings.Builder
	for _, v := range values {
		switch {
		case v < 0:
			b.WriteRune(' ')
		case v == 0:
			b.WriteRune('▁')
		default:
			b.WriteRune(bars[min(len(bars)-1, int(v/highest*float64(len(bars))))])
		}
	}
	return b.String()
}
