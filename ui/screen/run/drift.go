package run

import (
	"charm.land/lipgloss/v2"

	"sbwatch/model"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
)

// driftGauge draws a drift as a number and a gauge, with a word for its size unless it is small. For an unknown drift it says
// that the service sent none.
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
	return head + chart.Gauge(p, value, track, style) + tail
}

// driftStyle returns the style for the size of a drift.
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
