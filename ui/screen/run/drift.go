package run

import (
	"charm.land/lipgloss/v2"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
)

// driftGauge draws drift as a number and a gauge. Unless the drift is small, driftGauge adds a word for its size, such
// as "large change". If the drift is unknown, the text is "drift not sent".
func driftGauge(p draw.Painter, drift optional.Value[float64], w int) string {
	value, known := drift.Get()
	level := run.DriftLevelOf(drift)
	label := p.Muted.Render("drift")
	if !known {
		return label + " " + p.Muted.Render("not sent")
	}
	style := driftStyle(p, level)
	head := label + " " + style.Render(text.DriftText(value)) + " "
	tail := p.Muted.Render(" 1")
	if level != run.DriftSmall {
		tail += "  " + style.Render(level.String())
	}
	track := min(26, w-p.Width(head)-p.Width(tail))
	if track < 4 {
		return p.Cut(head+tail, w)
	}
	return head + chart.Gauge(p, value, track, style) + tail
}

// driftText returns drift as text for narrow screens. level is the word for the size of the change, and value is the
// number with its label.
func driftText(p draw.Painter, drift optional.Value[float64]) (level, value string) {
	number, known := drift.Get()
	label := p.Muted.Render("drift") + " "
	if !known {
		return "", label + p.Muted.Render("not sent")
	}
	of := run.DriftLevelOf(drift)
	if of != run.DriftSmall {
		level = " " + driftStyle(p, of).Render(of.String())
	}
	return level, label + driftStyle(p, of).Render(text.DriftText(number))
}

func driftStyle(p draw.Painter, level run.DriftLevel) lipgloss.Style {
	switch level {
	case run.DriftSmall:
		return p.Success
	case run.DriftModerate, run.DriftLarge:
		return p.Warning
	case run.DriftUnknown:
	}
	return p.Muted
}
