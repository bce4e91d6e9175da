package screen

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/monitor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/widget/toast"
)

// Env is what all layers share. The root model keeps it up to date; a layer may open others and say a few words.
type Env struct {
	// Life ends with the program: commands end with it.
	Life context.Context //nolint:containedctx // the life of the program
	// Now is when the message came that is being handled: what View draws.
	Now     time.Time
	Painter draw.Painter
	Frame   layout.Frame
	Layers  *Stack
	Toast   toast.Toast
}

// Width returns the width of the terminal in cells.
func (e *Env) Width() int { return e.Frame.Screen.Dx() }

// Height returns the height of the terminal in lines.
func (e *Env) Height() int { return e.Frame.Screen.Dy() }

// Say shows a few words at the foot of the screen. There is no command to it: it returns nil for the convenience of
// those who have nothing else to do.
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

// Cmd makes a command whose message comes back to the screen of the run.
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

// Send makes a command that brings a message to the screen of the run.
func (e RunEnv) Send(msg tea.Msg) tea.Cmd { return e.Cmd(func() tea.Msg { return msg }) }

// UnlessOver returns msg, unless ctx has ended: what was cut off by that is no news.
func UnlessOver(ctx context.Context, msg tea.Msg) tea.Msg {
	if ctx.Err() != nil {
		return nil
	}
	return msg
}

// Messages to all layers.
type (
	// ResizedMsg says that the screen has another size, or other styles.
	ResizedMsg struct{}
	// ClockMsg says that the clocks on the screen have moved.
	ClockMsg struct{}
)
