package run

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// A terminal can show the state of the run in its tabs, in the task bar or in a list of panes.

// maxTitle is the maximum width of the window title, in cells.
const maxTitle = 80

// WindowTitle returns the window title. It starts with the status, so that users can tell windows apart even if the
// title is cut.
func (s *status) WindowTitle() string {
	parts := []string{s.statusText()}
	if run := s.watch.Run(); run.Pages.Known() || run.Items.Known() {
		parts = append(parts, countedOr(run.Pages, "page"), countedOr(run.Items, "item"))
	}
	if name := s.name(); name != "" {
		parts = append(parts, name)
	}
	return titleSafe(s.env.Painter.Method.Truncate(strings.Join(append(parts, "sbwatch"), " - "), maxTitle, "..."))
}

// name returns the id of the run, the id of its recipe, or the name of the file: the first that is known. It may be
// empty.
func (s *status) name() string {
	for _, name := range []text.Text{s.watch.RunID(), s.watch.RecipeID(), text.NewText(s.sourceName())} {
		if !name.IsEmpty() {
			return name.String()
		}
	}
	return ""
}

// countedOr formats a number with its noun, such as "3 pages". An unknown number is a dash.
func countedOr(n optional.Value[int64], noun string) string {
	if value, known := n.Get(); known {
		return text.Counted(value, noun)
	}
	return text.CountOr(n) + " " + noun + "s"
}

// titleSafe replaces characters whose UTF-8 encoding contains a C1 control byte. Many terminals treat such a byte as
// the end of the title and print the rest on the screen.
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

// ProgressBar returns the state of the terminal's progress bar. An active run has a percentage only if earlier runs of
// its recipe allow an estimate.
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
	case s.isEstimated():
		e, _ := s.estimate()
		return tea.NewProgressBar(tea.ProgressBarDefault, int(100*e.Done))
	case known || s.poll.IsLoading() || s.watch.Phase() == watch.PhaseDispatching:
		return tea.NewProgressBar(tea.ProgressBarIndeterminate, 0)
	default:
		return nil
	}
}

func (s *status) isEstimated() bool {
	_, known := s.estimate()
	return known
}

// ProgramStatus returns whether the program is working, done or has failed, for terminals that list the status of
// programs. Unlike the window title, it does not change with each answer.
func (s *status) ProgramStatus() *tea.ProgramStatus {
	status := tea.ProgramStatus{State: tea.ProgramStateWorking, App: "sbwatch", Title: titleSafe(s.name())}
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
