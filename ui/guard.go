package ui

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/work"
)

// guard keeps the dashboard running after a panic: it shows a message to the user, and the watch continues.
type guard struct {
	redact  func(text string) string // removes the API key from a text; nil if there is no key
	inRow   int                      // number of consecutive updates that panicked
	reports []string                 // the first panics with their stacks, printable
	view    string                   // the panic of the last View, printable; empty if View succeeded
}

const (
	// maxPanicsInRow is the number of consecutive updates that may panic before the dashboard quits.
	maxPanicsInRow = 40
	// maxReports is the maximum number of panics that are reported after the dashboard has quit.
	maxReports = 3
	// maxReport is the maximum size of a reported stack trace, in bytes.
	maxReport = 8 << 10
	// panicToastTime is how long the message about a panic is shown. No other message replaces it before panicToastKept
	// has passed.
	panicToastTime = 10 * time.Second
	panicToastKept = 5 * time.Second
)

// panickedMsg reports that a tea.Cmd panicked. It has the printable panic value and the stack trace.
type panickedMsg struct{ what, stack string }

// newPanic describes a recovered panic. The function that recovers must call newPanic directly, so that the stack trace
// shows where the panic happened.
func newPanic(recovered any) panickedMsg {
	stack := debug.Stack()
	if task, isTask := recovered.(*work.Panic); isTask {
		stack = task.Stack
	}
	lines := strings.Split(string(stack[:min(maxReport, len(stack))]), "\n")
	for i, line := range lines {
		lines[i] = text.Printable(strings.ReplaceAll(line, "\t", "  "))
	}
	return panickedMsg{text.Printable(fmt.Sprint(recovered)), strings.Join(lines, "\n")}
}

// guarded wraps a tea.Cmd so that a panic is reported as a message. If the command returns a batch, guarded also wraps
// each command of the batch.
func guarded(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = newPanic(r)
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			all := make(tea.BatchMsg, len(batch))
			for i, one := range batch {
				all[i] = guarded(one)
			}
			return all
		}
		return msg
	}
}

// requestPanickedMsg reports that a request panicked. The field failed is a function that returns the message for a
// request that ended with a problem.
type requestPanickedMsg struct {
	panickedMsg
	failed func(*run.Problem) tea.Msg
}

// answered wraps a request so that a panic of the request does not stop polling. The panic is treated as a failed
// request.
func answered(request tea.Cmd, failed func(*run.Problem) tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = requestPanickedMsg{newPanic(r), failed}
			}
		}()
		return request()
	}
}

// requestPanicked reports the panic of a request and handles the request as failed.
func (a *App) requestPanicked(msg requestPanickedMsg) tea.Cmd {
	p := a.panicked(msg.panickedMsg)
	return a.handle(msg.failed(run.ProblemOf(fmt.Errorf("bug in sbwatch: %s", p.what))))
}

// redacted returns a panic without the API key and with a shortened panic value.
func (g *guard) redacted(p panickedMsg) panickedMsg {
	const longest = 200
	if g.redact != nil {
		p = panickedMsg{g.redact(p.what), g.redact(p.stack)}
	}
	what := []rune(p.what)
	p.what = string(what[:min(longest, len(what))])
	return p
}

func (g *guard) add(p panickedMsg) {
	if len(g.reports) < maxReports {
		g.reports = append(g.reports, p.what+"\n"+p.stack)
	}
}

// Panics returns the first panics that were caught, each with its stack trace. The texts are printable.
func (a *App) Panics() []string { return a.guard.reports }

// panicked shows a message about a panic and stops the background jobs, because one of them may have caused it. It
// returns the panic without the API key.
func (a *App) panicked(p panickedMsg) panickedMsg {
	p = a.guard.redacted(p)
	a.guard.add(p)
	for _, run := range a.runs {
		if run.screen != nil {
			run.screen.StopWork()
		}
	}
	a.env.Toast.Keep("Bug in sbwatch: "+p.what+". The watch continues.", a.env.Now, panicToastTime, panicToastKept)
	return p
}

// leaves reports whether a key quits the dashboard: ctrl+c, or q while the user is not typing text. These keys work
// even after repeated panics.
func (a *App) leaves(key tea.KeyPressMsg) bool {
	action, found := a.env.Keys.Apply(a.programActions()).For(key, a.env.Layers.IsTyping())
	return found && (action.ID == "quit" || action.ID == "interrupt")
}

// updatePanicked recovers from a panic in Update. It schedules a new tick because the pending tick may be lost.
func (a *App) updatePanicked(msg tea.Msg, p panickedMsg) (cmd tea.Cmd) {
	defer func() {
		if recover() != nil {
			generation := a.ticks
			cmd = tea.Tick(time.Second, func(time.Time) tea.Msg { return tickMsg{generation} })
		}
	}()
	a.guard.inRow++
	a.panicked(p)
	if key, isKey := msg.(tea.KeyPressMsg); isKey && a.leaves(key) {
		return tea.Quit
	}
	if a.guard.inRow >= maxPanicsInRow {
		a.left = LeftByDefect
		return tea.Quit
	}
	a.tickAt = time.Time{}
	return tea.Batch(a.pump(), a.nextTick())
}

// fallbackView draws the main facts about the run in plain text. It is used if drawing the screen panics.
func (g *guard) fallbackView(p panickedMsg, env *screen.Env, run *watch.Watch) tea.View {
	if p = g.redacted(p); g.view != p.what {
		g.view = p.what
		g.add(p)
	}
	lines := []string{"sbwatch", ""}
	for _, line := range []string{
		"run " + run.RunID().String(),
		"status " + run.Run().StatusSent.String(),
		"",
		"Bug in sbwatch: this screen cannot be drawn: " + p.what,
		"The watch continues. Esc goes back, ctrl+c quits.",
	} {
		lines = append(lines, env.Painter.Cut(line, max(1, env.Width())))
	}
	view := tea.NewView(strings.Join(draw.Exactly(lines, max(1, env.Height())), "\n"))
	view.AltScreen = true
	return view
}
