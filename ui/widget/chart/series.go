package chart

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/ui/draw"
)

// Series draws one column for each value of a sequence, such as the drift of each run. Several series can be drawn
// below each other with one horizontal axis, if they have the same label width and the same number of cells per value.
type Series struct {
	Title string
	// Values are the heights of the columns, at least 0. NaN stands for an unknown value, whose column is blank.
	Values []float64
	// Top is the value at the upper end of the axis: see [RoundTop].
	Top float64
	// Format formats the values on the axis.
	Format func(float64) string
	// Style returns the style of column i.
	Style func(i int) lipgloss.Style
	// Each is the number of cells per value.
	Each int
}

// View draws the series, h lines high. label is the width of the title and of the axis labels at the left, in cells.
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

// middleTick is the minimum height, in lines, at which the axis has a label in the middle.
const middleTick = 5

// height returns the height of a column, in eighths of a line, in a chart of h lines. A known value has a height of at
// least 1.
func (s Series) height(v float64, h int) int {
	if math.IsNaN(v) {
		return 0
	}
	return max(1, int(min(max(v/s.Top, 0), 1)*float64(eighths*h)+0.5))
}

// RoundTop returns a round number for the end of an axis, such as 30 for 23. It is the smallest number not less than
// highest that is 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten. highest must be positive.
func RoundTop(highest float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(highest)))
	for _, round := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8, 10} {
		if top := round * unit; top >= highest*(1-1e-9) {
			return top
		}
	}
	return highest
}
