package cmd

import (
	"errors"
	"io"
	"os"
	"syscall"

	"sbwatch/model"
)

// exitCode says what became of the runs, however they were watched.
type exitCode int

const (
	exitCompleted  exitCode = 0   // every run completed
	exitTrouble    exitCode = 1   // a run failed or was cancelled, or something went wrong
	exitUsage      exitCode = 2   // the command line is wrong
	exitCheck      exitCode = 3   // the run completed, but a rule that its items were judged by is broken
	exitKey        exitCode = 4   // no key, or the key was refused
	exitTimeout    exitCode = 124 // --timeout passed, as with timeout(1)
	exitHangup     exitCode = 129 // SIGHUP
	exitLeft       exitCode = 130 // left before the runs ended: q, ctrl+c, SIGINT, a closed pipe
	exitQuit       exitCode = 131 // SIGQUIT
	exitAborted    exitCode = 134 // SIGABRT
	exitTerminated exitCode = 143 // SIGTERM
)

// Why a watch was left before its run ended. A signal is the other reason: see [signalled].
var (
	errLeft       = errors.New("left")
	errTimeout    = errors.New("the timeout passed")
	errClosedPipe = errors.New("nobody reads standard output any more")
)

// usageError is a command line that is wrong.
type usageError struct {
	// text says what is wrong.
	text string
	// command is where the help is: "sbwatch run"; empty where the text says all.
	command string
}

// Error is the error on one line.
func (e usageError) Error() string {
	if e.command == "" {
		return e.text
	}
	return e.text + ": see " + e.command + " --help"
}

// codeOf is the exit code of a command that ended in an error.
func codeOf(err error) exitCode {
	if err == nil || errors.Is(err, errClosedPipe) {
		return exitCompleted
	}
	if _, wrong := errors.AsType[usageError](err); wrong {
		return exitUsage
	}
	if problem, ok := errors.AsType[*model.Problem](err); ok && problem.Kind == model.ProblemKey {
		return exitKey
	}
	if isLeaving(err) {
		return codeOfLeaving(err)
	}
	return exitTrouble
}

// isLeaving tells a reason to leave from things that went wrong.
func isLeaving(err error) bool {
	_, bySignal := errors.AsType[signalled](err)
	return bySignal || errors.Is(err, errLeft) || errors.Is(err, errTimeout) || errors.Is(err, errClosedPipe) || errors.Is(err, errTerminalGone)
}

// codeOfLeaving is the exit code of a watch that was left before its run ended.
func codeOfLeaving(cause error) exitCode {
	switch {
	case errors.Is(cause, errTimeout):
		return exitTimeout
	case errors.Is(cause, errTerminalGone):
		return exitHangup
	}
	by, _ := errors.AsType[signalled](cause)
	switch by.signal {
	case syscall.SIGTERM:
		return exitTerminated
	case syscall.SIGHUP:
		return exitHangup
	case syscall.SIGQUIT:
		return exitQuit
	case syscall.SIGABRT:
		return exitAborted
	default:
		return exitLeft
	}
}

// outcome is the exit code of a watch. The cause is why it was left; it matters only where the run was not over.
func outcome(watch *model.Watch, cause error) exitCode {
	problem := watch.Problem()
	switch {
	case !watch.Over():
		return codeOfLeaving(cause)
	case watch.Phase() == model.PhaseEnded:
		if status := watch.Run().Status(); status == model.StatusFailed || status == model.StatusCancelled {
			return exitTrouble
		}
		return exitCompleted
	case problem != nil && problem.Kind == model.ProblemKey:
		return exitKey
	default:
		return exitTrouble
	}
}

// written turns the error of a write to standard output into one that says what to do.
func written(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe):
		return errClosedPipe
	default:
		return &model.Problem{
			Kind:    model.ProblemInput,
			What:    model.NewText("standard output"),
			Summary: model.NewText(cause(err)),
			Cause:   err,
		}
	}
}

// cause is the innermost reason of an error of the operating system: "no such file or directory".
func cause(err error) string {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}
