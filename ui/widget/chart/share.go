package chart

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/ui/draw"
)

// Bar draws a share between 0 and 1 on a track of w cells. It uses whole cells, so that bars below each other are easy
// to compare. A share above 0 is always visible, and one below 1 never fills the track.
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

// Gauge draws a share between 0 and 1 on a track of w cells, in half cells. A share above 0 is always visible; a share
// outside the range is drawn at the end of the track.
func Gauge(p draw.Painter, share float64, w int, style lipgloss.Style) string {
	share = min(max(share, 0), 1)
	halves := int(math.Round(share * float64(2*w)))
	if share > 0 {
		halves = max(halves, 1)
	}
	return track(p, halves, w, style)
}

// track draws a track of w cells with the first half cells filled.
func track(p draw.Painter, halves, w int, style lipgloss.Style) string {
	halves = min(max(0, halves), 2*max(0, w))
	filled := strings.Repeat("━", halves/2)
	if halves%2 == 1 {
		filled += "╸"
	}
	return style.Render(filled) + p.Faint.Render(strings.Repeat("─", max(0, w)-(halves+1)/2))
}
