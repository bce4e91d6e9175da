package chart

import (
	"strings"
	"time"

	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// Line draws the growth of a count over time as a line of braille dots with labeled axes.
type Line struct {
	// Max is the value at the top of the axis.
	Max int64
	// Span is the time from the left end to the right end.
	Span time.Duration
	// At returns the value at a time since the start, and whether it is known.
	At func(elapsed time.Duration) (value float64, known bool)
}

// Sizes of the plot.
const (
	minPlotWidth = 16
	minHeight    = 4
	middleFrom   = 6 // minimum number of lines with a label in the middle of the axis
)

// View draws the chart, w cells wide and h lines high. It returns nil if there is not enough room or nothing to draw.
func (c Line) View(p draw.Painter, w, h int) []string {
	label := p.Width(text.Count(c.Max))
	plotW, plotH := w-label-2, h-2
	if h < minHeight || c.Max <= 0 || plotW < minPlotWidth || c.Span <= 0 {
		return nil
	}
	var lines []string
	for y, row := range plot(c.heights(2*plotW), plotH) {
		s := ""
		switch y {
		case 0:
			s = text.Count(c.Max)
		case plotH / 2:
			if plotH >= middleFrom {
				s = text.Count(c.Max / 2)
			}
		case plotH - 1:
			s = "0"
		}
		lines = append(lines, p.Muted.Render(p.FitRight(s, label))+" "+p.Faint.Render("│")+p.Accent.UnsetBold().Render(row))
	}
	axis := draw.Spaces(label+1) + p.Faint.Render("└"+strings.Repeat("─", plotW))
	return append(lines, axis, p.Muted.Render(draw.Spaces(label+2)+timeAxis(c.Span, plotW)))
}

// unknown is the height of a column without a dot.
const unknown = -1

// heights samples the chart at n times. Heights are between 0 and 1.
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

// brailleDots returns the bits of the dots of a braille character: four rows of two.
func brailleDots() [4][2]rune {
	return [4][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}
}

const brailleBlank = 0x2800

// plot draws heights, two per cell, as a line of dots h lines high. Adjacent dots are joined so that the line has no
// gaps.
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

// timeAxis labels the beginning, the middle and the end of a span of time on w cells.
func timeAxis(span time.Duration, w int) string {
	from, to, middle := text.Clock(0), text.Clock(span), text.Clock(span/2)
	left := w/2 - len(middle)/2 - len(from)
	right := w - len(from) - left - len(middle) - len(to)
	if left < 2 || right < 2 {
		return from + draw.Spaces(w-len(from)-len(to)) + to
	}
	return from + draw.Spaces(left) + middle + draw.Spaces(right) + to
}
