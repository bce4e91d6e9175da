package chart

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/ui/draw"
)

// Series draws one value for each of a sequence of things, such as runs, as columns. Several series below each other share their
// horizontal axis if they have the same label width and the same cells per value.
type Series struct {
	Title string
	// Values are not negative. NaN is unknown and left blank.
	Values []float64
	// Top is the value at the upper end of the axis, see [RoundTop].
	Top float64
	// Format formats the values on the axis.
	Format func(float64) string
	// Style returns the style of a column.
	Style func(i int) lipgloss.Style
	// Each is the number of cells per value.
	Each int
}

// View draws the series, h lines high. The title and the labels of the axis take the first label cells.
func (s Series) View(p draw.Painter, label, h int) []string {
	lines := make([]string, max(0, h))
	for y := range lines {
		tick := ""
		switch {
		case y == 0:
			tick = s.Format(s.Top)
		case y == h-1:
			tick = s.Format(0)
		case h >= middleTick && y == h/2 && h%2 == 1:
			tick = s.Format(s.Top / 2)
		}
		left, edge := tick, "│"
		if tick != "" {
			edge = "┤"
		}
		if y == 0 {
			left = p.Fit(s.Title, max(0, label-1-p.Width(tick))) + tick
		}
		var b strings.Builder
		b.WriteString(p.Muted.Render(p.FitRight(left, label-1)) + p.Faint.Render(edge))
		for i, v := range s.Values {
			part := string(block(s.height(v, h), y, h))
			b.WriteString(s.Style(i).Render(strings.Repeat(part, max(1, s.Each))))
		}
		lines[y] = b.String()
	}
	return lines
}

// middleTick is the minimum number of lines for a label in the middle of the axis.
const middleTick = 5

// height returns the height of a column in a chart of h lines, in eighths of a line. A known value is at least 1 high.
func (s Series) height(v float64, h int) int {
	if math.IsNaN(v) {
		return 0
	}
	return max(1, int(min(max(v/s.Top, 0), 1)*float64(eighths*h)+0.5))
}

// RoundTop returns a round number for the end of an axis: the smallest of 1, 1.5, 2, 3, 4, 5, 6, 8 and 10 times a power of ten
// that is at least highest. highest must be positive.
func RoundTop(highest float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(highest)))
	for _, round := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8, 10} {
		if top := round * unit; top >= highest*(1-1e-9) {
			return top
		}
	}
	return highest
}
