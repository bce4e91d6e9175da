package report

import (
	"errors"
	"time"

	"sbwatch/model/watch"
)

// EndMessages returns the messages at the end of a watch: why the run did not complete, and the next step. The
// parameter cause is the reason for leaving an unfinished run. EndMessages returns nil if the run completed or standard
// output is closed. The messages are printable.
func EndMessages(w *watch.Watch, cause error, commands Commands) []string {
	switch w.Phase() {
	case watch.PhaseEnded:
		return failureMessages(w, commands)
	case watch.PhaseGaveUp:
		if problem := w.Problem(); problem != nil {
			return []string{problem.Error()}
		}
		return nil
	case watch.PhaseLost:
		messages := []string{lostDispatchText(w, commands)}
		if problem := w.Problem(); problem != nil {
			messages = append([]string{problem.Error()}, messages...)
		}
		return messages
	case watch.PhaseDispatching, watch.PhasePolling:
	}
	if errors.Is(cause, ErrClosedPipe) {
		return nil
	}
	message, command := unfinishedText(w, cause, commands)
	if command != "" {
		message += ": " + command
	}
	return []string{message}
}

// failureMessages returns the message about a run that failed or was canceled. It returns nil for other runs.
func failureMessages(watch *watch.Watch, commands Commands) []string {
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

// lostDispatchText returns a message about a dispatch whose answer was lost. The message says whether the dispatch has
// started a run, and what to do next.
func lostDispatchText(watch *watch.Watch, commands Commands) string {
	verdict := watch.LostVerdict(false)
	if found, known := watch.LostRun().Get(); known && !found.ID.IsEmpty() {
		return verdict + " To watch it: " + commands.Watch(found.ID)
	}
	return verdict + " To check: " + commands.Usage() + "; only if there is no new run: " + commands.Rerun(watch)
}

// unfinishedText returns a message about a run or file that was unfinished when the user left. It also returns the
// command that the user probably needs next, or "" if there is none.
func unfinishedText(watch *watch.Watch, cause error, commands Commands) (message, command string) {
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
		return reason + " before run " + watch.RunID().String() + " ended; the run continues", commands.reopen(watch)
	}
}

// Saved reports the content of a file that was opened instead of a live run. It writes the final state of the run to
// lines, and passes each message to the function say. If the file could not be read completely, it returns the problem.
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
