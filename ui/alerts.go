package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/monitor"
	"sbwatch/notify/alert"
)

// alertDelay is how long to wait for more runs to end, so that they share one notification.
const alertDelay = 1500 * time.Millisecond

// alerts makes the terminal notify that runs have ended.
type alerts struct {
	ended alert.Batch // runs that the user was not notified of
	// isUnfocused means that the terminal reported that its window lost the focus. Until then it has the focus, because the
	// user has just started the program.
	isUnfocused bool
	isWaiting   bool // an alertMsg is to come
}

// alertMsg asks to notify of the runs that have ended.
type alertMsg struct{}

// runEnded passes the run of a watch that has ended to the program, and remembers it for a notification.
func runEnded(a *App, key monitor.RunKey) {
	w := a.monitor.Watch(key)
	if a.config.Ended != nil {
		a.config.Ended(key, w)
	}
	if a.config.Notify != nil {
		a.alerts.ended.Add(w)
	}
}

// reportsFocus reports whether the terminal should report whether its window has the focus.
func (c *Config) reportsFocus() bool { return c.Notify != nil && !c.NotifyFocused }

// wait returns a command that asks to notify, if runs have ended and none is pending.
func (l *alerts) wait() tea.Cmd {
	if l.ended.IsEmpty() || l.isWaiting {
		return nil
	}
	l.isWaiting = true
	return tea.Tick(alertDelay, func(time.Time) tea.Msg { return alertMsg{} })
}

// update handles the messages about notifications.
func (l *alerts) update(msg tea.Msg, a *App) tea.Cmd {
	switch msg.(type) {
	case tea.FocusMsg:
		l.isUnfocused = false
	case tea.BlurMsg:
		l.isUnfocused = true
	case alertMsg:
		return l.notify(a)
	}
	return nil
}

// notify returns a command that makes the terminal notify of the runs that have ended, unless the user sees them.
func (l *alerts) notify(a *App) tea.Cmd {
	message := l.ended.Message()
	l.ended, l.isWaiting = alert.Batch{}, false
	if !l.isUnfocused && !a.config.NotifyFocused {
		return nil
	}
	if a.config.ASCII {
		message = a.env.Painter.ASCII(message)
	}
	return tea.Raw(a.config.Notify(message))
}
