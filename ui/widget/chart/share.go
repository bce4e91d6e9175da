package chart

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/ui/draw"
)

// Bar draws a horizontal bar of w cells, of which a share from 0 to 1 is filled. It fills whole cells, so that bars
// below each other are easy to compare. At least one cell is filled if the share is above 0, and at least one is not
// filled if the share is below 1.
func Bar(p draw.Painter, share float64, w int, style lipgloss.Style) string {
	full := int(share*float64(w) + 0.5)
	switch {
	case share > 0 && full == 0:
		full = 1
	case share < 1 && full == w:
		full = w - 1
	}
	return track(p, 2*full, w, style)
}

// Gauge draws a horizontal bar of w cells, of which a share from 0 to 1 is filled, in steps of half a cell. At least
// half a cell is filled if the share is above 0. A share below 0 is drawn as 0, and a share above 1 as 1.
func Gauge(p draw.Painter, share float64, w int, style lipgloss.Style) string {
	share = min(max(share, 0), 1)
	halves := int(math.Round(share * float64(2*w)))
	if share > 0 {
		halves = max(halves, 1)
	}
	return track(p, halves, w, style)
}

// track draws a horizontal bar of w cells. halves is the length of its filled part, in half cells.
func track(p draw.Painter, halves, w int, style lipgloss.Style) string {
	halves = min(max(0, halves), 2*max(0, w))
	filled := strings.Repeat("━", halves/2)
	if halves%2 == 1 {
		filled += "╸"
	}
	return style.Render(filled) + p.Faint.Render(strings.Repeat("─", max(0, w)-(halves+1)/2))
}

// Progress draws how much of some work is done, with an estimate of when it will end. The left end of the bar is the
// start of the work. The right end is the latest time at which the work may end.
type Progress struct {
	// Done is the length of the filled part, as a share of the bar from 0 to 1.
	Done float64
	// End is the position of the earliest time at which the work may end, from 0 for the left end of the bar to 1 for
	// the right end.
	End float64
}

// View draws the progress as a bar of w cells. The part of the bar to the right of the position End is dashed.
func (s Progress) View(p draw.Painter, w int) string {
	w = max(0, w)
	done := min(max(int(math.Round(s.Done*float64(w))), 0), w)
	if s.Done > 0 {
		done = max(done, min(1, w))
	}
	end := max(done, min(int(s.End*float64(w)), w))
	filled := strings.Repeat("━", done)
	rest := strings.Repeat("─", end-done) + strings.Repeat("┄", w-end)
	return p.Accent.UnsetBold().Render(filled) + p.Faint.Render(rest)
}
