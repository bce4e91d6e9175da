package ui

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model"
	"sbwatch/ui/draw"
)

// gauge draws a share from 0 to 1 on a track of w cells; a value beyond an end stays at that end. Any share above 0
// shows, however small.
func gauge(p draw.Painter, share float64, w int, style lipgloss.Style) string {
	share = min(max(share, 0), 1)
	halves := int(math.Round(share * float64(2*w)))
	if share > 0 {
		halves = max(halves, 1)
	}
	bar := strings.Repeat("━", halves/2)
	if halves%2 == 1 {
		bar += "╸"
	}
	return style.Render(bar) + p.Faint.Render(strings.Repeat("─", w-p.Width(bar)))
}

// driftGauge shows a drift with its gauge and, where it says more than that all is well, in words. A drift that is not
// known is said to be, and draws no gauge.
func driftGauge(p draw.Painter, drift model.Optional[float64], w int) string {
	value, known := drift.Get()
	level := model.JudgeDrift(drift)
	label := p.Muted.Render("drift")
	if !known {
		return label + " " + p.Muted.Render("not sent")
	}
	style := driftStyle(p, level)
	head := label + " " + style.Render(model.DriftText(value)) + " "
	tail := p.Muted.Render(" 1")
	if level != model.DriftLittle {
		tail += "  " + style.Render(level.String())
	}
	track := min(26, w-p.Width(head)-p.Width(tail))
	if track < 4 {
		return p.Cut(head+tail, w)
	}
	return head + gauge(p, value, track, style) + tail
}

func driftStyle(p draw.Painter, level model.DriftLevel) lipgloss.Style {
	switch level {
	case model.DriftLittle:
		return p.Good
	case model.DriftSome, model.DriftMuch:
		return p.Doubtful
	case model.DriftUnknown:
	}
	return p.Muted
}
