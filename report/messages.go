package report

import (
	"errors"
	"time"

	"sbwatch/model/watch"
)

// EndMessages returns the messages at the end of a watch, printable: why it did not end well, and what can be done. The
// cause is why it was left. There are none for a completed run, nor where nobody reads standard output any more.
func EndMessages(w *watch.Watch, cause error, commands Commands) []string {
	switch w.Phase() {
	case watch.PhaseEnded:
		return unsuccessful(w, commands)
	case watch.PhaseGaveUp:
		if problem := w.Problem(); problem != nil {
			return []string{problem.Error()}
		}
		return nil
	case watch.PhaseLost:
		messages := []string{lostRun(w, commands)}
		if problem := w.Problem(); problem != nil {
			messages = append([]string{problem.Error()}, messages...)
		}
		return messages
	case watch.PhaseDispatching, watch.PhasePolling:
	}
	if errors.Is(cause, ErrClosedPipe) {
		return nil
	}
	what, next := leftRunning(w, cause, commands)
	if next != "" {
		what += ": " + next
	}
	return []string{what}
}

// unsuccessful returns the error of a run that failed or was cancelled.
func unsuccessful(watch *watch.Watch, commands Commands) []string {
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
	if again := commands.Rerun(watch); again != "" {
		line += ": to run it again: " + again
	}
	return []string{line}
}

// lostRun says whether a dispatch whose answer was lost started a run.
func lostRun(watch *watch.Watch, commands Commands) string {
	verdict := watch.LostVerdict(false)
	if found, known := watch.LostRun().Get(); known && !found.ID.IsEmpty() {
		return verdict + " To watch it: " + commands.Watch(found.ID)
	}
	return verdict + " To look again: " + commands.Usage() + "; only if there is none: " + commands.Rerun(watch)
}

// leftRunning says what goes on without us after a watch was left, and returns the command that shows it, if there is one.
func leftRunning(watch *watch.Watch, cause error, commands Commands) (what, next string) {
	reason := "left"
	if errors.Is(cause, ErrTimeout) {
		reason = "the timeout passed"
	}
	switch {
	case commands.Kind == ForFile:
		return reason + " before " + commands.Source().String() + " was read", ""
	case watch.DispatchUnanswered():
		return reason + " before the dispatch was answered: a run may have started", commands.Usage()
	case watch.RunID().IsEmpty():
		return reason + " before a run was started", ""
	case commands.Kind == ForDemo:
		return reason + " before run " + watch.RunID().String() + " ended", ""
	default:
		return reason + " before run " + watch.RunID().String() + " ended; it goes on", commands.reopen(watch)
	}
}

// Saved reports a saved answer: its data as lines, its notices and its end as messages. It returns the problem of an answer
// that could not be read, or not to its end.
func Saved(watch *watch.Watch, lines Lines, say func(string), commands Commands, now time.Time, interval time.Duration) (Outcome, error) {
	problem := watch.Problem()
	if problem == nil || watch.Items().Len() > 0 {
		if err := lines.end(now, watch); err != nil {
			return Completed, err
		}
	}
	for _, notice := range watch.Notices(now, interval) {
		say(notice.String())
	}
	if problem != nil {
		return OutcomeOfError(problem), problem
	}
	for _, line := range EndMessages(watch, nil, commands) {
		say(line)
	}
	return OutcomeOf(watch, nil), nil
}
