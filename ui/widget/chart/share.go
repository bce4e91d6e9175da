package chart

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/ui/draw"
)

// Bar draws a share from 0 to 1 as a bar on a track of w cells. It uses whole cells, so that bars in a column are easy
// to compare. A share above 0 is always visible, and a share below 1 never fills the track.
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

// Gauge draws a share from 0 to 1 as a bar on a track of w cells, in steps of half a cell. A share above 0 is always
// visible. A share below 0 is drawn as 0, and a share above 1 as 1.
func Gauge(p draw.Painter, share float64, w int, style lipgloss.Style) string {
	share = min(max(share, 0), 1)
	halves := int(math.Round(share * float64(2*w)))
	if share > 0 {
		halves = max(halves, 1)
	}
	return track(p, halves, w, style)
}

// track draws a track of w cells. halves is the length of the filled part, in half cells.
func track(p draw.Painter, halves, w int, style lipgloss.Style) string {
	halves = min(max(0, halves), 2*max(0, w))
	filled := strings.Repeat("━", halves/2)
	if halves%2 == 1 {
		filled += "╸"
	}
	return style.Render(filled) + p.Faint.Render(strings.Repeat("─", max(0, w)-(halves+1)/2))
}

// Progress draws how much of some work is done, with an estimate of when it will end.
type Progress struct {
	// Done is how much is done, from 0 to 1.
	Done float64
	// End is the position on the track, from 0 to 1, of the earliest time at which the work may end. The end of the
	// track stands for the latest time at which the work may end.
	End float64
}

// View draws the progress on a track of w cells. The part of the track after the position End is dashed.
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
