package screen

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/monitor"
	"sbwatch/ui/action"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/widget/toast"
)

// Env is the environment that all layers share. Layers use it to open other layers and to show messages. The root model
// keeps it up to date.
type Env struct {
	// Life ends when the program quits. All commands must stop when Life ends.
	Life context.Context
	// Now is the time when the current message arrived. View draws the clocks with this time.
	Now     time.Time
	Painter draw.Painter
	Frame   layout.Frame
	Layers  *Stack
	Toast   toast.Toast
	// Messages are the printable messages that the user can read at any time, such as problems in the config file.
	Messages []string
	// Keys are the user's keys for actions.
	Keys action.Keymap
	// Copier copies to the clipboard. If it is nil, the terminal copies.
	Copier Copier
}

// Width returns the width of the terminal in cells.
func (e *Env) Width() int { return e.Frame.Screen.Dx() }

// Height returns the height of the terminal in lines.
func (e *Env) Height() int { return e.Frame.Screen.Dy() }

// Say shows a message in the footer. It returns nil, so that callers can write "return env.Say(...)".
func (e *Env) Say(words string) tea.Cmd {
	e.Toast.Show(words, e.Now)
	return nil
}

// AddMessage adds a printable message to those that the user can read at any time. It adds no message twice.
func (e *Env) AddMessage(message string) {
	if !slices.Contains(e.Messages, message) {
		e.Messages = append(e.Messages, message)
	}
}

// RunMsg is a message about one run.
type RunMsg struct {
	Run monitor.RunKey
	Msg tea.Msg
}

// RunEnv is the environment of the screen of one run.
type RunEnv struct {
	*Env
	Run monitor.RunKey
}

// Cmd returns a command whose message goes to the screen of the run.
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

// Send returns a command that sends msg to the screen of the run.
func (e RunEnv) Send(msg tea.Msg) tea.Cmd { return e.Cmd(func() tea.Msg { return msg }) }

// UnlessOver returns msg. If ctx has ended, it returns nil, because the work was interrupted.
func UnlessOver(ctx context.Context, msg tea.Msg) tea.Msg {
	if ctx.Err() != nil {
		return nil
	}
	return msg
}

// The messages that all layers receive.
type (
	// ResizedMsg reports that the size or the styles of the screen have changed.
	ResizedMsg struct{}
	// ClockMsg reports that the clocks on the screen have advanced.
	ClockMsg struct{}
)

// LayerMsg is a message for one layer.
type LayerMsg struct {
	To  Layer
	Msg tea.Msg
}

// ToLayer returns a command whose message goes to a layer.
func ToLayer(to Layer, cmd func() tea.Msg) tea.Cmd {
	return func() tea.Msg {
		msg := cmd()
		if msg == nil {
			return nil
		}
		return LayerMsg{to, msg}
	}
}
