package screen

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/monitor"
	"sbwatch/ui/action"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/widget/toast"
)

// Env is shared by all layers and kept up to date by the root model. Layers use it to open other layers and to show
// messages.
type Env struct {
	// Life is canceled when the program quits. Commands must end with it.
	Life context.Context
	// Now is the time when the current message arrived. View draws this time.
	Now     time.Time
	Painter draw.Painter
	Frame   layout.Frame
	Layers  *Stack
	Toast   toast.Toast
	// Keys are the user's keys for actions.
	Keys action.Keymap
	// Copier copies to the clipboard; nil lets the terminal do it.
	Copier Copier
}

// Width returns the width of the terminal in cells.
func (e *Env) Width() int { return e.Frame.Screen.Dx() }

// Height returns the height of the terminal in lines.
func (e *Env) Height() int { return e.Frame.Screen.Dy() }

// Say shows a message in the footer. It always returns nil, so that callers can use it in a return statement.
func (e *Env) Say(words string) tea.Cmd {
	e.Toast.Show(words, e.Now)
	return nil
}

// RunMsg is a message about a run.
type RunMsg struct {
	Run monitor.RunKey
	Msg tea.Msg
}

// RunEnv is the environment of a screen of one run.
type RunEnv struct {
	*Env
	Run monitor.RunKey
}

// Cmd returns a command whose message is delivered to the screen of the run.
func (e RunEnv) Cmd(cmd func() tea.Msg) tea.Cmd {
	run := e.Run
	return func() tea.Msg {
		msg := cmd()
		if msg == nil {
			return nil
		}
		return RunMsg{run, msg}
	}
}

// Send returns a command that delivers msg to the screen of the run.
func (e RunEnv) Send(msg tea.Msg) tea.Cmd { return e.Cmd(func() tea.Msg { return msg }) }

// UnlessOver returns msg, or nil if ctx has ended, because the work was then interrupted.
func UnlessOver(ctx context.Context, msg tea.Msg) tea.Msg {
	if ctx.Err() != nil {
		return nil
	}
	return msg
}

// Messages for all layers.
type (
	// ResizedMsg reports that the size or the styles of the screen have changed.
	ResizedMsg struct{}
	// ClockMsg reports that the clocks on the screen have advanced.
	ClockMsg struct{}
)

// LayerMsg is a message for a layer.
type LayerMsg struct {
	To  Layer
	Msg tea.Msg
}

// ToLayer returns a command whose message is delivered to a layer.
func ToLayer(to Layer, cmd func() tea.Msg) tea.Cmd {
	return func() tea.Msg {
		msg := cmd()
		if msg == nil {
			return nil
		}
		return LayerMsg{to, msg}
	}
}
