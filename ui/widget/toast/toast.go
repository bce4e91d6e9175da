// Package toast shows a short message for a moment, to confirm what was just done.
package toast

import (
	"time"

	"sbwatch/ui/draw"
)

// Duration is how long a message shows.
const Duration = 3 * time.Second

// Toast is the newest message. The zero value shows nothing.
type Toast struct {
	text  string
	until time.Time
	kept  time.Time // until when neither a key nor another message takes its place
}

// Show shows a printable text from now on, in place of an earlier one that need not be kept.
func (t *Toast) Show(text string, now time.Time) {
	if !t.IsKept(now) {
		*t = Toast{text: text, until: now.Add(Duration)}
	}
}

// Keep shows a printable text for d. For the first part of that, kept, nothing takes its place.
func (t *Toast) Keep(text string, now time.Time, d, kept time.Duration) {
	*t = Toast{text, now.Add(d), now.Add(kept)}
}

// Hide ends a message that need not be kept.
func (t *Toast) Hide(now time.Time) {
	if !t.IsKept(now) {
		*t = Toast{}
	}
}

// IsKept reports whether a message is shown that nothing may take the place of.
func (t *Toast) IsKept(now time.Time) bool { return t.IsVisible(now) && now.Before(t.kept) }

// IsVisible reports whether a message shows at a moment.
func (t *Toast) IsVisible(now time.Time) bool { return t.text != "" && now.Before(t.until) }

// View draws the message on at most w cells, or nothing once its time has passed.
func (t *Toast) View(p draw.Painter, w int, now time.Time) string {
	if !t.IsVisible(now) {
		return ""
	}
	return p.Strong.Render(p.Cut(t.text, w))
}
