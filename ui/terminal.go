package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// What the terminal itself is told of the run, so that it shows in a tab, a task bar or a list of panes.

// titleAtMost bounds the window's title, in cells.
const titleAtMost = 80

// windowTitle puts first what tells windows apart when there is little room.
func (a *App) windowTitle() string {
	parts := []string{a.statusText()}
	if run := a.watch.Run(); run.Pages.Known() || run.Items.Known() {
		parts = append(parts, countedOr(run.Pages, "page"), countedOr(run.Items, "item"))
	}
	for _, name := range []text.Text{a.watch.RunID(), a.watch.RecipeID(), a.config.Source} {
		if !name.IsEmpty() {
			parts = append(parts, name.String())
			break
		}
	}
	return titleSafe(a.look.truncate(strings.Join(append(parts, "sbwatch"), " - "), titleAtMost, "..."))
}

// countedOr writes a number that may be unknown with its noun.
func countedOr(n optional.Value[int64], noun string) string {
	if value, known := n.Get(); known {
		return text.Counted(value, noun)
	}
	return text.CountOr(n) + " " + noun + "s"
}

// titleSafe leaves out of a title the characters that have a byte of a C1 control within their UTF-8: not a few terminals
// take that byte for the end of the title, and print the rest of it onto the screen.
func titleSafe(title string) string {
	return strings.Map(func(r rune) rune {
		for _, b := range []byte(string(r)) {
			if b >= 0x80 && b < 0xa0 {
				return '?'
			}
		}
		return r
	}, title)
}

// progressBar moves while the run does. How far a run is cannot be known, so it shows no share.
func (a *App) progressBar() *tea.ProgressBar {
	_, known := a.watch.Answer()
	switch {
	case a.watch.Phase() == watch.PhaseGaveUp || a.watch.Phase() == watch.PhaseLost:
		return tea.NewProgressBar(tea.ProgressBarError, 100)
	case a.watch.Phase() == watch.PhaseEnded && endedBadly(a.watch.Run()):
		return tea.NewProgressBar(tea.ProgressBarError, 100)
	case a.watch.Phase() == watch.PhaseEnded:
		return nil
	case a.problem() != nil:
		return tea.NewProgressBar(tea.ProgressBarWarning, 100)
	case known || a.loading || a.watch.Phase() == watch.PhaseDispatching:
		return tea.NewProgressBar(tea.ProgressBarIndeterminate, 0)
	default:
		return nil
	}
}

// programStatus tells a terminal that lists programs whether this one works, is done or has failed.
func (a *App) programStatus() *tea.ProgramStatus {
	status := tea.ProgramStatus{State: tea.ProgramStateWorking, App: "sbwatch", Title: a.windowTitle()}
	switch a.watch.Phase() {
	case watch.PhaseGaveUp, watch.PhaseLost:
		status.State = tea.ProgramStateError
	case watch.PhaseEnded:
		status.State = tea.ProgramStateDone
		if endedBadly(a.watch.Run()) {
			status.State = tea.ProgramStateError
		}
	case watch.PhaseDispatching, watch.PhasePolling:
	}
	if problem := a.problem(); problem != nil {
		status.Message = problem.Reason()
	}
	return &status
}
