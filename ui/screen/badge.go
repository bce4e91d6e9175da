package screen

import (
	"charm.land/lipgloss/v2"

	"sbwatch/model/run"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
)

// Badge returns the symbol and the style for the status of a watched run. The symbols of the statuses differ in shape,
// not only in color.
func Badge(p draw.Painter, w *watch.Watch) (mark string, style lipgloss.Style) {
	switch w.Phase() {
	case watch.PhaseDispatching:
		return "○", p.Muted
	case watch.PhaseGaveUp:
		return "✗", p.Error
	case watch.PhaseLost:
		return "?", p.Error
	case watch.PhasePolling, watch.PhaseEnded:
	}
	if _, known := w.Answer(); !known {
		return "○", p.Muted
	}
	switch w.Run().Status() {
	case run.StatusQueued:
		return "○", p.Muted
	case run.StatusRunning:
		return "●", p.Accent
	case run.StatusCompleted:
		return "✓", p.Success
	case run.StatusFailed:
		return "✗", p.Error
	case run.StatusCancelled:
		return "■", p.Warning
	case run.StatusUnknown:
	}
	return "●", p.Warning
}
