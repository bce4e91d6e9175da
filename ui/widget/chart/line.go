package chart

import (
	"strings"
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
	// At returns the value at a time since the start, and whether the value is known.
	At func(elapsed time.Duration) (value float64, known bool)
}

// minLabelWidth is the minimum width of the labels of the vertical axis. It has room for 9,999, so that the plot does
// not move while a count grows up to there.
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
	return a.view(p, plot(c.heights(2*plotW), plotH), w, h, timeTicks(c.Span, max(1, plotW/labelSpacing)))
}

// unknown marks a column without a dot.
const unknown = -1

// heights returns n heights between 0 and 1: the values at evenly spaced times.
func (c Line) heights(n int) []float64 {
	heights := make([]float64, n)
	for x := range heights {
		value, known := c.At(time.Duration(float64(c.Span) * float64(x+1) / float64(n)))
		if heights[x] = unknown; known {
			heights[x] = min(max(value/float64(c.Max), 0), 1)
		}
	}
	return heights
}

// brailleDots returns the bits of the dots in a braille character, in four rows of two.
func brailleDots() [4][2]rune {
	return [4][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}
}

const brailleBlank = 0x2800

// plot draws heights as a line of dots, h lines high. There are two heights per cell. It joins adjacent dots, so that
// the line has no gaps.
func plot(heights []float64, h int) []string {
	dots := brailleDots()
	cells := make([][]rune, h)
	for y := range cells {
		cells[y] = make([]rune, len(heights)/2)
	}
	row := func(height float64) int { return int((1-height)*float64(4*h-1) + 0.5) }
	previous := -1
	for x, height := range heights {
		if height == unknown {
			continue
		}
		to := row(height)
		if previous < 0 {
			previous = to
		}
		for y := min(previous, to); y <= max(previous, to); y++ {
			if y == to || y < previous {
				cells[y/4][x/2] |= dots[y%4][x%2]
			}
		}
		previous = to
	}
	lines := make([]string, h)
	for y, row := range cells {
		for x := range row {
			row[x] += brailleBlank
		}
		lines[y] = strings.ReplaceAll(string(row), string(rune(brailleBlank)), " ")
	}
	return lines
}
