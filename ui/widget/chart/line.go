package chart

import (
	"time"

	"sbwatch/ui/draw"
)

// Line draws the growth of a count over time as a line of braille dots with labeled axes.
type Line struct {
	Title string
	// Max is the highest value. The axis ends at the next round number.
	Max int64
	// Span is the time between the left and the right end of the chart.
	Span time.Duration
	// At returns the value at a time after the start, and whether the value is known.
	At func(elapsed time.Duration) (value float64, known bool)
	// Usual returns the value that is usual at a time after the start, and whether it is known. Usual values are drawn
	// as a faint dotted line in the background. Usual may be nil.
	Usual func(elapsed time.Duration) (value float64, known bool)
}

// minLabelWidth is the minimum width of the labels of the vertical axis. It has room for 9,999, so that the plot does
// not move until the count is larger.
const minLabelWidth = 5

// View draws the chart, w cells wide and at most h lines high. It returns nil if there is not enough room or nothing to
// draw.
func (c Line) View(p draw.Painter, w, h int) []string {
	h = min(h, MaxHeight)
	if c.Max <= 0 || c.Span <= 0 || h < minHeight {
		return nil
	}
	ticks, top := countTicks(c.Max, max(1, (h-3)/2))
	a := axes{title: c.Title, vertical: ticks, minLabel: minLabelWidth}
	plotW, plotH, fits := a.plotSize(p, w, h)
	if !fits {
		return nil
	}
	c.Max = top
	return a.view(p, c.rows(p, plotW, plotH), w, h, timeTicks(c.Span, max(1, plotW/labelSpacing)))
}

func (c Line) rows(p draw.Painter, w, h int) []string {
	front := newPlot(w, h)
	front.connect(c.heights(c.At, 2*w))
	back := newPlot(w, h)
	if c.Usual != nil {
		back.dot(c.heights(c.Usual, 2*w))
	}
	rows := make([]string, h)
	for y := range rows {
		rows[y] = front.rowOver(back, y, p.Accent.UnsetBold(), p.Faint)
	}
	return rows
}

// unknown is the height of a column without a dot.
const unknown = -1

// heights returns the values at n evenly spaced times, as heights between 0 and 1.
func (c Line) heights(valueAt func(time.Duration) (float64, bool), n int) []float64 {
	heights := make([]float64, n)
	for x := range heights {
		value, known := valueAt(time.Duration(float64(c.Span) * float64(x+1) / float64(n)))
		if heights[x] = unknown; known {
			heights[x] = min(max(value/float64(c.Max), 0), 1)
		}
	}
	return heights
}
