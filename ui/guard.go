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
)

// guard keeps the dashboard alive when a part of it panics: the user is told in one line, and the watch continues.
type guard struct {
	redact  func(text string) string // removes the API key from a text; nil where there is none
	inRow   int                      // how many updates in a row have panicked
	reports []string                 // the first panics with their stacks, printable
	view    string                   // the panic of the last View, printable; empty when it succeeded
}

const (
	// maxPanicsInRow is how many updates in a row may panic before the dashboard quits.
	maxPanicsInRow = 40
	// maxReports is how many panics are kept to be reported after the dashboard has quit.
	maxReports = 3
	// maxReport is the maximum size of the stack of one of them, in bytes.
	maxReport = 8 << 10
	// panicToastTime is how long the line about a panic shows, panicToastKept how long it does whatever else happens.
	panicToastTime = 10 * time.Second
	panicToastKept = 5 * time.Second
)

// panickedMsg reports that a command has panicked: the printable panic and its stack.
type panickedMsg struct{ what, stack string }

// newPanic describes a recovered panic. It is called by the function that recovers, so that the stack is the panic's.
func newPanic(recovered any) panickedMsg {
	stack := debug.Stack()
	lines := strings.Split(string(stack[:min(maxReport, len(stack))]), "\n")
	for i, line := range lines {
		lines[i] = text.Printable(strings.ReplaceAll(line, "\t", "  "))
	}
	return panickedMsg{text.Printable(fmt.Sprint(recovered)), strings.Join(lines, "\n")}
}

// guarded returns a command that reports its panic, and that of every command of its batch, as a message.
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

// requestPanickedMsg reports that a request has panicked. failed makes its answer of a problem.
type requestPanickedMsg struct {
	panickedMsg
	failed func(*run.Problem) tea.Msg
}

// answered returns a request that is answered with a problem when it panics, so that the poll loop goes on.
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

// requestPanicked tells about the panic of a request and handles its answer: a lost one.
func (a *App) requestPanicked(msg requestPanickedMsg) tea.Cmd {
	p := a.panicked(msg.panickedMsg)
	return a.handle(msg.failed(run.ProblemOf(fmt.Errorf("defect of sbwatch: %s", p.what))))
}

// redacted returns a panic shortened and without the API key, which may be in it.
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

// Panics returns the first panics that were caught, each with its stack, printable, to be reported.
func (a *App) Panics() []string { return a.guard.reports }

// panicked tells about a panic and stops the work that goes on, of which it may have been a part. It returns what may be
// shown of the panic.
func (a *App) panicked(p panickedMsg) panickedMsg {
	p = a.guard.redacted(p)
	a.guard.add(p)
	for _, run := range a.runs {
		run.screen.StopWork()
	}
	a.env.Toast.Keep("Defect of sbwatch: "+p.what+". The watch goes on.", a.env.Now, panicToastTime, panicToastKept)
	return p
}

// leaves reports whether a key leaves the dashboard even if nothing else works. Where text is typed, q is a letter.
func (a *App) leaves(key tea.KeyPressMsg) bool {
	action, found := a.programActions().For(key, a.env.Layers.IsTyping())
	return found && (action.ID == "quit" || action.ID == "interrupt")
}

// updatePanicked recovers from a panic while a message was handled. The tick may be lost with it, so it is set again.
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

// fallbackView draws what shows when the screen cannot be drawn: what matters most of the run, in plain text.
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
		"Defect of sbwatch: this screen cannot be drawn: " + p.what,
		"The watch goes on. esc closes what is open, ctrl+c leaves.",
	} {
		lines = append(lines, env.Painter.Cut(line, max(1, env.Width())))
	}
	view := tea.NewView(strings.Join(draw.Exactly(lines, max(1, env.Height())), "\n"))
	view.AltScreen = true
	return view
}
