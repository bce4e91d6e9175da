package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// suspendedMsg tells that the program was stopped, or why not.
type suspendedMsg struct{ err error }

// suspend stops the program, as far as there is a shell that can continue it.
func (a *App) suspend() tea.Cmd {
	if a.config.Suspend == nil {
		return tea.Suspend
	}
	suspend := a.config.Suspend
	return func() tea.Msg { return suspendedMsg{suspend()} }
}

// resumed goes on after the program had left the terminal. Bubble Tea switches the terminal's counting by graphemes off when
// it leaves, and on again only when the terminal answers that it has it.
func (a *App) resumed() tea.Cmd {
	if a.env.Painter.Method != ansi.GraphemeWidth {
		return a.pump()
	}
	return tea.Batch(a.pump(), tea.Raw(ansi.RequestModeUnicodeCore))
}
