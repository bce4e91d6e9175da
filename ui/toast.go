package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/dustin/go-humanize"
)

// toast is a few words about what was just done, at the foot of the screen for a moment.
type toast struct {
	words string
	until time.Time
	// kept is until when neither a key nor other words take its place.
	kept time.Time
}

const toastTime = 3 * time.Second

func (t toast) shows(now time.Time) bool { return t.words != "" && now.Before(t.until) }

func (t toast) isKept(now time.Time) bool { return t.shows(now) && now.Before(t.kept) }

// clearToast takes the words away, unless they are to be seen first.
func (a *App) clearToast() {
	if !a.toast.isKept(a.now) {
		a.toast = toast{}
	}
}

// say shows a few words at the foot of the screen.
func (a *App) say(words string) tea.Cmd {
	if !a.toast.isKept(a.now) {
		a.toast = toast{words: words, until: a.now.Add(toastTime)}
	}
	return a.nextTick()
}

// bytesText writes a size: "512 B", "2.4 MB".
func bytesText(n int) string { return humanize.Bytes(uint64(max(0, n))) }
