package chart

import (
	"math"
	"strings"

	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// Bars draws one column for each number of a sequence, such as the items on each page, with labeled axes.
type Bars struct {
	Title string
	// Values are the heights of the columns. The first column is labeled 1. A negative number stands for an unknown
	// value, whose column is blank.
	Values []float64
}

// View draws the chart, w cells wide and at most h lines high. It returns nil if there is not enough room or nothing to
// draw. If there are more values than cells, each column shows the highest of several adjacent values.
func (c Bars) View(p draw.Painter, w, h int) []string {
	h = min(h, MaxHeight)
	highest := 0.0
	for _, v := range c.Values {
		highest = max(highest, v)
	}
	ticks, top := countTicks(int64(min(math.Ceil(highest), maxCharted)), max(1, (h-3)/2))
	a := axes{title: c.Title, vertical: ticks}
	plotW, plotH, fits := a.plotSize(p, w, h)
	if !fits || highest <= 0 {
		return nil
	}
	cells, valueWidth := c.cells(plotW)
	rows := make([]string, plotH)
	for y := range rows {
		var b strings.Builder
		for _, v := range cells {
			b.WriteRune(block(int(v/float64(top)*float64(eighths*plotH)+0.5), y, plotH))
		}
		rows[y] = visible(p.Accent.UnsetBold(), p.Fit(b.String(), plotW))
	}
	step := roundStep(int64(len(c.Values)), max(1, plotW/labelSpacing))
	var numbers []tick
	for n := max(1, step); n <= int64(len(c.Values)); n += step {
		numbers = append(numbers, tick{(float64(n-1) + 0.5) * valueWidth / float64(plotW), text.Count(n)})
	}
	return a.view(p, rows, w, h, numbers)
}

// cells returns the height of the bar in each of w terminal cells. valueWidth is the width of a value in terminal
// cells. It is less than 1 if there are more values than terminal cells.
func (c Bars) cells(w int) (cells []float64, valueWidth float64) {
	n := len(c.Values)
	wide := min(8, max(1, w/n))
	valueWidth = float64(wide)
	if n > w {
		valueWidth = float64(w) / float64(n)
	}
	cells = make([]float64, min(w, n*wide))
	for i, v := range c.Values {
		x := int(float64(i) * valueWidth)
		for gap := range wide {
			if gap > 0 && gap == wide-1 && wide > 2 {
				break // the gap between wide columns
			}
			cells[x+gap] = max(cells[x+gap], v)
		}
	}
	return cells, valueWidth
}
