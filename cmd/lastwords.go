package cmd

import (
	"errors"

	"sbwatch/model"
)

// lastWords are the messages at the end of a watch, printable: why there is no good end, and what can be done. A
// completed run has none, and neither has one whose reader has gone.
func lastWords(watch *model.Watch, cause error, suggest suggestions) []string {
	switch watch.Phase() {
	case model.PhaseEnded:
		return endedBadly(watch, suggest)
	case model.PhaseGaveUp:
		if problem := watch.Problem(); problem != nil {
			return []string{problem.Error()}
		}
		return nil
	case model.PhaseLost:
		words := []string{lostRun(watch, suggest)}
		if problem := watch.Problem(); problem != nil {
			words = append([]string{problem.Error()}, words...)
		}
		return words
	case model.PhaseDispatching, model.PhasePolling:
	}
	if errors.Is(cause, errClosedPipe) {
		return nil
	}
	what, next := leftBehind(watch, cause, suggest)
	if next != "" {
		what += ": " + next
	}
	return []string{what}
}

// endedBadly tells the error of a run that failed or was cancelled.
func endedBadly(watch *model.Watch, suggest suggestions) []string {
	run := watch.Run()
	if !run.Status().Unsuccessful() {
		return nil
	}
	line := "run"
	if !watch.RunID().IsEmpty() {
		line += " " + watch.RunID().String()
	}
	line += " " + run.StatusText()
	if !run.Error.IsEmpty() {
		line += ": " + run.Error.String()
	}
	if answer, _ := watch.Answer(); !answer.RequestID.IsEmpty() {
		line += " (" + answer.RequestID.String() + ")"
	}
	if again := suggest.Rerun(watch); again != "" {
		line += ": to run it again: " + again
	}
	return []string{line}
}

// lostRun tells whether a run was started by a dispatch whose answer was lost.
func lostRun(watch *model.Watch, suggest suggestions) string {
	verdict := watch.LostVerdict(false)
	if found, known := watch.LostRun().Get(); known && !found.ID.IsEmpty() {
		return verdict + " To watch it: " + suggest.Watch(found.ID)
	}
	return verdict + " To look again: " + suggest.Usage() + "; only if there is none: " + suggest.Rerun(watch)
}

// leftBehind tells what goes on without us after a watch was left, and the command that shows it, if there is one.
func leftBehind(watch *model.Watch, cause error, suggest suggestions) (what, next string) {
	reason := "left"
	if errors.Is(cause, errTimeout) {
		reason = "the timeout passed"
	}
	switch {
	case suggest.kind == suggestFile:
		return reason + " before " + suggest.source().String() + " was read", ""
	case watch.DispatchUnanswered():
		return reason + " before the dispatch was answered: a run may have started", suggest.Usage()
	case watch.RunID().IsEmpty():
		return reason + " before a run was started", ""
	case suggest.kind == suggestDemo:
		return reason + " before run " + watch.RunID().String() + " ended", ""
	default:
		return reason + " before run " + watch.RunID().String() + " ended; it goes on", suggest.reopen(watch)
	}
}
