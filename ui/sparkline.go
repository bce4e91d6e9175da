package ui

import (
	"slices"
	"strings"
)

// sparkline draws values as bars one cell wide and one line high. Something is never drawn as nothing, nor nothing as
// something.
func sparkline(values []int64) string {
	bars := []rune("▁▂▃▄▅▆▇█")
	if len(values) == 0 {
		return ""
	}
	highest := max(1, slices.Max(values))
	var b strings.Builder
	for _, v := range values {
		if v <= 0 {
			b.WriteRune(' ')
			continue
		}
		b.WriteRune(bars[min(len(bars)-1, int(float64(v)/float64(highest)*float64(len(bars))))])
	}
	return b.String()
}
