package ui

import (
	"strings"
	"time"

	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// brailleDots are the bits of a braille character's dots: four rows of two.
func brailleDots() [4][2]rune {
	return [4][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}
}

const brailleBlank = 0x2800

// chart draws how many items had come at each moment from the run's beginning to the newest answer, w cells wide and h
// lines high with its axes: between answers it stands still. Before there are items it counts pages. It is empty where
// there is no room or nothing to draw.
func (l look) chart(timeline *watch.Timeline, w, h int) []string {
	last, sampled := timeline.Last()
	if !sampled || h < 4 {
		return nil
	}
	mostPages, most := timeline.Most()
	countsItems := most > 0
	if !countsItems {
		most = mostPages
	}
	label := l.width(text.Count(most))
	plotW, plotH := w-label-2, h-2
	span := last.At.Sub(timeline.Began())
	if most == 0 || plotW < 16 || span <= 0 {
		return nil
	}
	heights := make([]float64, 2*plotW)
	for x := range heights {
		at := timeline.Began().Add(time.Duration(float64(span) * float64(x+1) / float64(len(heights))))
		pages, items, known := timeline.At(at)
		switch {
		case !known:
			heights[x] = notPlotted
		case countsItems:
			heights[x] = min(max(items/float64(most), 0), 1)
		default:
			heights[x] = min(max(pages/float64(most), 0), 1)
		}
	}
	var lines []string
	for y, row := range plotLine(heights, plotH) {
		s := ""
		switch y {
		case 0:
			s = text.Count(most)
		case plotH / 2:
			if plotH >= 6 {
				s = text.Count(most / 2)
			}
		case plotH - 1:
			s = "0"
		}
		lines = append(lines, l.Muted.Render(l.fitRight(s, label))+" "+l.Faint.Render("│")+l.Accent.UnsetBold().Render(row))
	}
	axis := spaces(label+1) + l.Faint.Render("└"+strings.Repeat("─", plotW))
	return append(lines, axis, l.Muted.Render(spaces(label+2)+timeAxis(span, plotW)))
}

// notPlotted is the height of a place without a dot.
const notPlotted = -1

// plotLine draws heights from 0 to 1, two to a cell, as a line of dots h lines high. Steps are joined, so that the line
// has no holes.
func plotLine(heights []float64, h int) []string {
	dots := brailleDots()
	cells := make([][]rune, h)
	for y := range cells {
		cells[y] = make([]rune, len(heights)/2)
	}
	row := func(height float64) int { return int((1-height)*float64(4*h-1) + 0.5) }
	before := -1
	for x, height := range heights {
		if height == notPlotted {
			continue
		}
		to := row(height)
		if before < 0 {
			before = to
		}
		for y := min(before, to); y <= max(before, to); y++ {
			if y == to || y < before {
				cells[y/4][x/2] |= dots[y%4][x%2]
			}
		}
		before = to
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
		return from + spaces(w-len(from)-len(to)) + to
	}
	return from + spaces(left) + middle + spaces(right) + to
}
