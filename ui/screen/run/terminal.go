package run

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

// WindowTitle puts first what tells windows apart when there is little room.
func (s *status) WindowTitle() string {
	parts := []string{s.statusText()}
	if run := s.watch.Run(); run.Pages.Known() || run.Items.Known() {
		parts = append(parts, countedOr(run.Pages, "page"), countedOr(run.Items, "item"))
	}
	for _, name := range []text.Text{s.watch.RunID(), s.watch.RecipeID(), s.config.Source} {
		if !name.IsEmpty() {
			parts = append(parts, name.String())
			break
		}
	}
	return titleSafe(s.env.Painter.Method.Truncate(strings.Join(append(parts, "sbwatch"), " - "), titleAtMost, "..."))
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

// ProgressBar moves while the run does. How far a run is cannot be known, so it shows no share.
func (s *status) ProgressBar() *tea.ProgressBar {
	_, known := s.watch.Answer()
	switch {
	case s.watch.Phase() == watch.PhaseGaveUp || s.watch.Phase() == watch.PhaseLost:
		return tea.NewProgressBar(tea.ProgressBarError, 100)
	case s.watch.Phase() == watch.PhaseEnded && endedBadly(s.watch.Run()):
		return tea.NewProgressBar(tea.ProgressBarError, 100)
	case s.watch.Phase() == watch.PhaseEnded:
		return nil
	case s.problem() != nil:
		return tea.NewProgressBar(tea.ProgressBarWarning, 100)
	case known || s.poll.IsLoading() || s.watch.Phase() == watch.PhaseDispatching:
		return tea.NewProgressBar(tea.ProgressBarIndeterminate, 0)
	default:
		return nil
	}
}

// ProgramStatus tells a terminal that lists programs whether this one works, is done or has failed.
func (s *status) ProgramStatus() *tea.ProgramStatus {
	status := tea.ProgramStatus{State: tea.ProgramStateWorking, App: "sbwatch", Title: s.WindowTitle()}
	switch s.watch.Phase() {
	case watch.PhaseGaveUp, watch.PhaseLost:
		status.State = tea.ProgramStateError
	case watch.PhaseEnded:
		status.State = tea.ProgramStateDone
		if endedBadly(s.watch.Run()) {
			status.State = tea.ProgramStateError
		}
	case watch.PhaseDispatching, watch.PhasePolling:
	}
	if problem := s.problem(); problem != nil {
		status.Message = problem.Reason()
	}
	return &status
}
