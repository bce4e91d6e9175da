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
}

// Show shows a printable text from now on, in place of an earlier one.
func (t *Toast) Show(text string, now time.Time) { t.ShowFor(text, now, Duration) }

// ShowFor is Show for a message that shows longer or shorter than others.
func (t *Toast) ShowFor(text string, now time.Time, d time.Duration) { *t = Toast{text, now.Add(d)} }

// Hide ends the message.
func (t *Toast) Hide() { *t = Toast{} }

// IsVisible reports whether a message shows at a moment.
func (t *Toast) IsVisible(now time.Time) bool { return t.text != "" && now.Before(t.until) }

// View draws the message on at most w cells, or nothing once its time has passed.
func (t *Toast) View(p draw.Painter, w int, now time.Time) string {
	if !t.IsVisible(now) {
		return ""
	}
	return p.Strong.Render(p.Cut(t.text, w))
}
