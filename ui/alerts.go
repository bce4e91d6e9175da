package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/monitor"
	"sbwatch/notify/alert"
)

// alertDelay is how long to wait for more runs to end, so that they share one notification.
const alertDelay = 1500 * time.Millisecond

// alerts makes the terminal show notifications about runs that have ended.
type alerts struct {
	ended []monitor.RunKey // ended runs for the next notification
	// isUnfocused reports whether the window of the terminal does not have the focus. At the start it has the focus,
	// because the user has just started the program.
	isUnfocused bool
	isWaiting   bool // whether an alertMsg is pending
}

// alertMsg is the signal to send a notification about the runs that have ended.
type alertMsg struct{}

// runEnded calls [Config.Ended] for a run, and remembers the run for the next notification.
func runEnded(a *App, key monitor.RunKey) {
	if a.config.Ended != nil {
		a.config.Ended(key, a.monitor.Watch(key))
	}
	if a.config.Notify != nil {
		a.alerts.ended = append(a.alerts.ended, key)
	}
}

// reportsFocus reports whether the dashboard needs to know whether the terminal's window has the focus.
func (c *Config) reportsFocus() bool { return c.Notify != nil && !c.NotifyFocused }

// wait returns a command that sends an alertMsg after alertDelay. It returns nil if no runs have ended or if an
// alertMsg is already pending.
func (l *alerts) wait() tea.Cmd {
	if len(l.ended) == 0 || l.isWaiting {
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

// notify returns a command that makes the terminal show a notification about the runs that have ended. It returns nil
// if the user is looking at the window.
func (l *alerts) notify(a *App) tea.Cmd {
	var batch alert.Batch
	for _, key := range l.ended {
		if ended := a.runs[key]; ended != nil { // nil if the user has removed the run from the screen
			batch.Add(ended.Watch(), ended.brokenRules())
		}
	}
	l.ended, l.isWaiting = nil, false
	if batch.IsEmpty() || !l.isUnfocused && !a.config.NotifyFocused {
		return nil
	}
	message := batch.Message()
	if a.config.ASCII {
		message = a.env.Painter.ASCII(message)
	}
	return tea.Raw(a.config.Notify(message))
}

// brokenRules returns the number of rules that the run breaks. It returns 0 if the rules were not checked.
func (r *watchedRun) brokenRules() int {
	if r.screen == nil {
		return 0
	}
	_, broken, _ := r.screen.Checks().Count()
	return broken
}
