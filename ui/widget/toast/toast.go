// Package toast shows a short message for a few seconds, to confirm an action.
package toast

import (
	"time"

	"sbwatch/ui/draw"
)

// Duration is how long a message is shown.
const Duration = 3 * time.Second

// Toast is a message that disappears after some time. The zero value shows nothing.
type Toast struct {
	text      string
	until     time.Time
	keptUntil time.Time // until then, neither a key nor another message removes it
}

// Show shows a text, which must be printable. It replaces the current message, unless that message must be kept.
func (t *Toast) Show(text string, now time.Time) {
	if !t.IsKept(now) {
		*t = Toast{text: text, until: now.Add(Duration)}
	}
}

// Keep shows a text, which must be printable, for the duration d. For the duration keptFor, neither a key nor another
// text removes it.
func (t *Toast) Keep(text string, now time.Time, d, keptFor time.Duration) {
	*t = Toast{text, now.Add(d), now.Add(keptFor)}
}

// Hide removes the message, unless the message must be kept.
func (t *Toast) Hide(now time.Time) {
	if !t.IsKept(now) {
		*t = Toast{}
	}
}

// IsKept reports whether the current message must not be replaced yet.
func (t *Toast) IsKept(now time.Time) bool { return t.IsVisible(now) && now.Before(t.keptUntil) }

// End returns when the message disappears. isVisible is false if no message is visible at time now.
func (t *Toast) End(now time.Time) (end time.Time, isVisible bool) { return t.until, t.IsVisible(now) }

// IsVisible reports whether a message is visible at a time.
func (t *Toast) IsVisible(now time.Time) bool { return t.text != "" && now.Before(t.until) }

// View draws the message on at most w cells. It returns "" if the message has expired.
func (t *Toast) View(p draw.Painter, w int, now time.Time) string {
	if !t.IsVisible(now) {
		return ""
	}
	return p.Strong.Render(p.Cut(t.text, w))
}
