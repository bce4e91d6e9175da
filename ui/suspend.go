package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/screen"
)

// suspendedMsg reports that the program was suspended. If it could not be suspended, err is the reason.
type suspendedMsg struct{ err error }

// suspend returns a command that suspends the program, if a shell can continue it.
func (a *App) suspend() tea.Cmd {
	if a.config.Suspend == nil {
		return tea.Suspend
	}
	suspend := a.config.Suspend
	return func() tea.Msg { return suspendedMsg{suspend()} }
}

// resumed restores the state of the terminal after the program was suspended. If the terminal counts cells by grapheme,
// resumed asks it to report this mode. Without the report, Bubble Tea would count cells in another way.
func (a *App) resumed() tea.Cmd {
	redraw := a.env.Layers.Update(screen.ResizedMsg{})
	if a.env.Painter.Method != ansi.GraphemeWidth {
		return tea.Batch(a.pump(), redraw)
	}
	return tea.Batch(a.pump(), redraw, tea.Raw(ansi.RequestModeUnicodeCore))
}

func (m suspendedMsg) say(env *screen.Env) {
	if m.err != nil {
		env.Say(m.err.Error())
	}
}
