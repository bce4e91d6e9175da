package chart

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// plot is an area of braille characters. Each cell has four rows of two dots.
type plot [][]rune

const brailleBlank = 0x2800

func newPlot(w, h int) plot {
	cells := make(plot, h)
	for y := range cells {
		cells[y] = []rune(strings.Repeat(string(rune(brailleBlank)), w))
	}
	return cells
}

// brailleDots returns the bits of the dots in a braille character, in four rows of two.
func brailleDots() [4][2]rune {
	return [4][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}
}

// set draws the dot at column x and row y, both counted in dots.
func (c plot) set(x, y int) { c[y/4][x/2] |= brailleDots()[y%4][x%2] }

// rowOf returns the row of dots for a height between 0 and 1.
func (c plot) rowOf(height float64) int { return int((1-height)*float64(4*len(c)-1) + 0.5) }

// connect draws heights, one for each column of dots, as a line without gaps.
func (c plot) connect(heights []float64) {
	previous := -1
	for x, height := range heights {
		if height == unknown {
			continue
		}
		to := c.rowOf(height)
		if previous < 0 {
			previous = to
		}
		for y := min(previous, to); y <= max(previous, to); y++ {
			if y == to || y < previous {
				c.set(x, y)
			}
		}
		previous = to
	}
}

// dot draws a dotted line: a dot for every fourth height.
func (c plot) dot(heights []float64) {
	const spacing = 4
	for x, height := range heights {
		if x%spacing == 0 && height != unknown {
			c.set(x, c.rowOf(height))
		}
	}
}

// rowOver returns row y of the plot c, drawn over row y of the plot base. In each cell, dots of c hide the dots of
// base. Dots of c have the style cStyle, and dots of base have the style baseStyle. Blank cells have no style, so that
// the terminal need not redraw them when a line moves.
func (c plot) rowOver(base plot, y int, cStyle, baseStyle lipgloss.Style) string {
	cell := func(x int) (dots rune, style *lipgloss.Style) {
		switch {
		case c[y][x] != brailleBlank:
			return c[y][x], &cStyle
		case base[y][x] != brailleBlank:
			return base[y][x], &baseStyle
		default:
			return ' ', nil
		}
	}
	var row, cells strings.Builder
	for x := range c[y] {
		dots, style := cell(x)
		cells.WriteRune(dots)
		if x+1 < len(c[y]) {
			if _, next := cell(x + 1); next == style {
				continue
			}
		}
		if style == nil {
			row.WriteString(cells.String())
		} else {
			row.WriteString(style.Render(cells.String()))
		}
		cells.Reset()
	}
	return row.String()
}
