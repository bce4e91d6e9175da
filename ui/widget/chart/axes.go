package chart

import (
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// MaxHeight is the maximum height of a chart with axes, in lines. A higher chart would not show more.
const MaxHeight = 20

// Minimum sizes for a chart with axes, in cells and lines.
const (
	minPlotWidth = 16
	minHeight    = 4 // minimum height of a chart without a title
	titledHeight = 6 // minimum height at which the chart has a title
	labelSpacing = 12
)

// tick is a labeled position on an axis, from 0 at the start of the axis to 1 at its end.
type tick struct {
	position float64
	label    string
}

// axes draws a plot with a title, a vertical axis that starts at 0, and a horizontal axis.
type axes struct {
	title    string
	vertical []tick
	minLabel int // minimum width of the labels of the vertical axis
}

// plotSize returns the size of the plot in a chart of w by h cells. fits is false if there is not enough room.
func (a axes) plotSize(p draw.Painter, w, h int) (plotW, plotH int, fits bool) {
	plotW, plotH = w-a.labelWidth(p)-2, h-2
	if a.hasTitle(h) {
		plotH--
	}
	return plotW, plotH, h >= minHeight && plotW >= minPlotWidth
}

func (a axes) hasTitle(h int) bool { return a.title != "" && h >= titledHeight }

func (a axes) labelWidth(p draw.Painter) int {
	widest := a.minLabel
	for _, t := range a.vertical {
		widest = max(widest, p.Width(t.label))
	}
	return widest
}

// view draws the axes around the styled rows of a plot.
func (a axes) view(p draw.Painter, rows []string, w, h int, horizontal []tick) []string {
	label := a.labelWidth(p)
	plotW, plotH, _ := a.plotSize(p, w, h)
	var lines []string
	if a.hasTitle(h) {
		lines = append(lines, p.Muted.Render(p.Cut(a.title, w)))
	}
	labels := make([]string, plotH)
	for _, t := range a.vertical {
		labels[int((1-t.position)*float64(plotH-1)+0.5)] = t.label
	}
	for y, row := range rows {
		edge := "│"
		if labels[y] != "" {
			edge = "┤"
		}
		lines = append(lines, visible(p.Muted, p.FitRight(labels[y], label))+" "+p.Faint.Render(edge)+row)
	}
	line, under := []rune(strings.Repeat("─", plotW)), ""
	for _, t := range horizontal {
		x := min(int(t.position*float64(plotW)), plotW-1)
		from := min(max(0, x-p.Width(t.label)/2), plotW-p.Width(t.label))
		if gap := from - len(under); gap >= 0 {
			under += draw.Spaces(gap) + t.label
			line[x] = '┴'
		}
	}
	lines = append(lines, draw.Spaces(label+1)+p.Faint.Render("└"+string(line)))
	return append(lines, p.Muted.Render(draw.Spaces(label+2)+under))
}

// visible applies style to text, but not to the spaces around it. The terminal need not redraw unstyled spaces when the
// text moves.
func visible(style lipgloss.Style, text string) string {
	inner := strings.TrimLeft(text, " ")
	before := len(text) - len(inner)
	inner = strings.TrimRight(inner, " ")
	if inner == "" {
		return text
	}
	return text[:before] + style.Render(inner) + text[before+len(inner):]
}

// maxCharted is the highest count on an axis. It leaves room for computing ticks without overflow.
const maxCharted = 1e18

// countTicks returns ticks at round counts, starting at 0, and no more than limit+1 of them. top is the count at the
// end of the axis: the first tick that is at least maxCount. If maxCount is 23 and limit is 4, the ticks are 0, 10, 20
// and 30.
func countTicks(maxCount int64, limit int) (ticks []tick, top int64) {
	maxCount = min(maxCount, maxCharted)
	step := roundStep(maxCount, limit)
	top = (maxCount + step - 1) / step * step
	for n := int64(0); n <= top; n += step {
		ticks = append(ticks, tick{float64(n) / float64(top), text.Count(n)})
	}
	return ticks, top
}

// roundStep returns the smallest number of the form 1, 2, 5, 10, 20, 50 and so on that divides the range from 0 to
// maxCount into no more than limit steps. For maxCount 23 and limit 4, it returns 10.
func roundStep(maxCount int64, limit int) int64 {
	for unit := int64(1); ; unit *= 10 {
		for _, step := range []int64{unit, 2 * unit, 5 * unit} {
			if (maxCount+step-1)/step <= int64(max(1, limit)) || step > maxCount {
				return step
			}
		}
	}
}

// timeTicks returns ticks at round times within a span, and no more than limit+1 of them.
func timeTicks(span time.Duration, limit int) []tick {
	step := span
	for _, round := range []time.Duration{
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
		time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour,
	} {
		if span/round <= time.Duration(max(1, limit)) {
			step = round
			break
		}
	}
	var ticks []tick
	for at := time.Duration(0); ; at += step {
		ticks = append(ticks, tick{float64(at) / float64(span), text.Clock(at)})
		if span-at < step { // at+step might overflow
			return ticks
		}
	}
}
