package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/screen"
)

// suspendedMsg reports that the program was suspended, or why it was not.
type suspendedMsg struct{ err error }

// suspend suspends the program if there is a shell that can continue it.
func (a *App) suspend() tea.Cmd {
	if a.config.Suspend == nil {
		return tea.Suspend
	}
	suspend := a.config.Suspend
	return func() tea.Msg { return suspendedMsg{suspend()} }
}

// resumed restores the terminal state after the program was suspended. Bubble Tea turns counting by graphemes off when
// it releases the terminal, and turns it on again only when the terminal reports support.
func (a *App) resumed() tea.Cmd {
	if a.env.Painter.Method != ansi.GraphemeWidth {
		return a.pump()
	}
	return tea.Batch(a.pump(), tea.Raw(ansi.RequestModeUnicodeCore))
}

// say tells why the program could not be suspended, if it could not.
func (m suspendedMsg) say(env *screen.Env) {
	if m.err != nil {
		env.Say(m.err.Error())
	}
}
