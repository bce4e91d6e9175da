package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/watch"
)

// The smallest terminal that the screens are drawn for.
const (
	leastWidth  = 60
	leastHeight = 20
)

// Lines of the frame around a screen's body.
const (
	headerHeight = 2
	footerHeight = 2
)

// screen is which of the screens stands.
type screen int

const (
	// screenLive: the run is under way, or not known yet.
	screenLive screen = iota
	// screenResults: there are items to browse, or a completed run or a saved answer without any.
	screenResults
	// screenOutcome: the run, or the watch, ended badly and left nothing to browse.
	screenOutcome
	// screenTooSmall: the terminal has no room for the others.
	screenTooSmall
)

// screen tells which screen stands. It follows from the state alone.
func (a *App) screen() screen {
	switch {
	case a.width < leastWidth || a.height < leastHeight:
		return screenTooSmall
	case a.watch.Items().Len() > 0 || a.watch.Phase() == watch.PhaseEnded && !endedBadly(a.watch.Run()):
		return screenResults
	case a.watch.Over():
		return screenOutcome
	default:
		return screenLive
	}
}

// margin is the space at both sides of a screen.
func (a *App) margin() int {
	if a.width >= 100 {
		return 2
	}
	return 1
}

func (a *App) innerWidth() int { return max(0, a.width-2*a.margin()) }

// View draws the screen and tells the terminal how the run stands.
func (a *App) View() (view tea.View) {
	defer func() {
		if r := recover(); r != nil {
			view = a.fallbackView(newPanic(r))
		}
	}()
	view = tea.NewView(strings.Join(a.frame(), "\n"))
	view.AltScreen = true
	view.WindowTitle = a.windowTitle()
	view.ProgressBar = a.progressBar()
	view.ProgramStatus = a.programStatus()
	a.guard.view = ""
	return view
}

// frame is every line of the screen.
func (a *App) frame() []string {
	screen := a.screen()
	if screen == screenTooSmall {
		return exactly(a.tooSmallLines(), a.height)
	}
	var body []string
	w, h := a.innerWidth(), a.height-headerHeight-footerHeight
	switch {
	case a.help.open:
		body = a.helpView(w, h)
	case screen == screenResults:
		body = a.resultsView(w, h)
	case screen == screenOutcome:
		body = a.outcome.scroll.window(a.outcome.lines, h)
	default:
		body = a.liveView(w, h)
	}
	lines := a.header()
	lines = append(lines, indent(exactly(body, h), a.margin())...)
	lines = append(lines, a.footer()...)
	switch {
	case a.chooser != nil:
		return a.look.over(lines, a.chooser.view(a.look, a.width, a.height), a.width)
	case a.export != nil:
		return a.look.over(lines, a.export.view(a.look, a.width), a.width)
	default:
		return lines
	}
}

// bodyHeight is how many lines the part of the screen has that scrolls.
func (a *App) bodyHeight() int {
	h := a.height - headerHeight - footerHeight
	if a.screen() == screenResults {
		h -= len(a.head)
	}
	return max(1, h)
}

// tooSmallLines say kindly that there is no room, and what matters most all the same.
func (a *App) tooSmallLines() []string {
	l, run := a.look, a.watch.Run()
	mark, style := a.badge()
	lines := []string{
		style.Render(l.cut(mark+" "+a.statusText(), a.width)),
		l.cut(countedOr(run.Pages, "page")+"  "+countedOr(run.Items, "item"), a.width),
		"",
	}
	words := "This window is too small for the dashboard: it needs 60x20 cells."
	if !a.watch.Over() {
		words += " The watch goes on."
	}
	return append(lines, styled(l.Muted, l.wrap(words+" q leaves.", a.width))...)
}
