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
	blocks := []rune(" ▁▂▃▄▅▆▇█")
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
			part := blocks[s.eighth(v, h, y)]
			b.WriteString(s.Style(i).Render(strings.Repeat(string(part), max(1, s.Each))))
		}
		lines[y] = b.String()
	}
	return lines
}

// middleTick is the number of lines from which on the axis has a label in its middle.
const middleTick = 5

// eighth returns how many eighths of line y of h a value fills. A known value is never invisible.
func (s Series) eighth(v float64, h, y int) int {
	if math.IsNaN(v) {
		return 0
	}
	height := int(min(max(v/s.Top, 0), 1)*float64(eighths*h) + 0.5)
	return min(eighths, max(0, max(1, height)-eighths*(h-1-y)))
}

// RoundTop returns a round number, not below most, for the end of an axis: 1, 1.5, 2, 3, 4, 5, 6, 8 or 10 times a power of ten. It
// is at least least.
func RoundTop(most, least float64) float64 {
	most = max(most, least)
	unit := math.Pow(10, math.Floor(math.Log10(most)))
	for _, round := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8, 10} {
		if top := round * unit; top >= most*(1-1e-9) {
			return top
		}
	}
	return most
}
