package ui

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// gauge draws a share from 0 to 1 on a track of w cells; a value beyond an end stays at that end. Any share above 0
// shows, however small.
func (l look) gauge(share float64, w int, style lipgloss.Style) string {
	share = min(max(share, 0), 1)
	halves := int(math.Round(share * float64(2*w)))
	if share > 0 {
		halves = max(halves, 1)
	}
	bar := strings.Repeat("━", halves/2)
	if halves%2 == 1 {
		bar += "╸"
	}
	return style.Render(bar) + l.Faint.Render(strings.Repeat("─", w-l.width(bar)))
}

// driftGauge shows a drift with its gauge and, where it says more than that all is well, in words. A drift that is not
// known is said to be, and draws no gauge.
func (l look) driftGauge(drift optional.Value[float64], w int) string {
	value, known := drift.Get()
	level := run.JudgeDrift(drift)
	label := l.Muted.Render("drift")
	if !known {
		return label + " " + l.Muted.Render("not sent")
	}
	style := l.driftStyle(level)
	head := label + " " + style.Render(text.DriftText(value)) + " "
	tail := l.Muted.Render(" 1")
	if level != run.DriftLittle {
		tail += "  " + style.Render(level.String())
	}
	track := min(26, w-l.width(head)-l.width(tail))
	if track < 4 {
		return l.cut(head+tail, w)
	}
	return head + l.gauge(value, track, style) + tail
}

func (l look) driftStyle(level run.DriftLevel) lipgloss.Style {
	switch level {
	case run.DriftLittle:
		return l.Good
	case run.DriftSome, run.DriftMuch:
		return l.Doubtful
	case run.DriftUnknown:
	}
	return l.Muted
}
