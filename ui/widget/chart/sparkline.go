package chart

import (
	"slices"
	"strings"
)

// eighths is the number of different heights of a block character.
const eighths = 8

// Sparkline draws values as columns, each one cell wide. The column of the highest value reaches the top or, in a
// sparkline of one line, ends a little below the top, so that there is a gap to the text above.
type Sparkline struct {
	// Values are the heights of the columns. A negative number stands for an unknown value, whose column is blank.
	Values []float64
	// Height is the height of the sparkline in lines, at least 1.
	Height int
	// Baseline selects how 0 is drawn: if true, as a thin line at the bottom, lower than the column of any positive
	// value; if false, as a blank.
	Baseline bool
}

// View returns the lines of the sparkline, from top to bottom.
func (s Sparkline) View() []string {
	h := max(1, s.Height)
	lines := make([]string, h)
	if len(s.Values) == 0 {
		return lines
	}
	highest := max(1e-9, slices.Max(s.Values))
	for i := range lines {
		var b strings.Builder
		for _, v := range s.Values {
			b.WriteRune(block(s.level(v, highest), i, h))
		}
		lines[i] = b.String()
	}
	return lines
}

// block returns the character on line y of a column in a chart of h lines. y is counted from the top. height is the
// height of the column in eighths of a line.
func block(height, y, h int) rune {
	return []rune(" ▁▂▃▄▅▆▇█")[min(eighths, max(0, height-eighths*(h-1-y)))]
}

// level returns the height of a column in eighths of a line.
func (s Sparkline) level(v, highest float64) int {
	top := eighths * max(1, s.Height)
	if top == eighths {
		top--
	}
	switch {
	case v < 0, v == 0 && !s.Baseline:
		return 0
	case v == 0:
		return 1
	case s.Baseline:
		return min(top, 2+int(v/highest*float64(top-1)))
	default:
		return max(1, int(v*float64(top)/highest))
	}
}

// Bins adds adjacent counts together so that at most w sums remain. For example, the counts 1, 2, 3 and 4 give the sums
// 3 and 7 if w is 2.
func Bins(counts []int, w int) []float64 {
	w = min(max(1, w), len(counts))
	sums := make([]float64, w)
	for i, n := range counts {
		sums[i*w/len(counts)] += float64(n)
	}
	return sums
}
