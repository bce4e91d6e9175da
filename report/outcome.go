package report

import (
	"errors"
	"io"
	"os"
	"syscall"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Outcome is how a command ended.
type Outcome int

// The outcomes of a command.
const (
	// Completed: every run completed.
	Completed Outcome = iota
	// Failed: a run failed or was cancelled, or something went wrong.
	Failed
	// WrongUsage: the command line is wrong.
	WrongUsage
	// RuleBroken: the run completed, but its items break a rule.
	RuleBroken
	// KeyRefused: there is no API key, or the service refused it.
	KeyRefused
	// TimedOut: --timeout passed.
	TimedOut
	// Left: the user left before the runs ended (q, ctrl+c, SIGINT), or nobody reads standard output any more.
	Left
	// HungUp: SIGHUP, or the terminal is gone.
	HungUp
	// Quit: SIGQUIT.
	Quit
	// Aborted: SIGABRT.
	Aborted
	// Terminated: SIGTERM.
	Terminated
)

// ExitCode returns the exit code of the process.
func (o Outcome) ExitCode() int {
	const signal = 128 // added to the number of a signal, as shells do
	switch o {
	case Completed:
		return 0
	case WrongUsage:
		return 2
	case RuleBroken:
		return 3
	case KeyRefused:
		return 4
	case TimedOut:
		return 124 // as timeout(1)
	case HungUp:
		return signal + 1
	case Left:
		return signal + 2
	case Quit:
		return signal + 3
	case Aborted:
		return signal + 6
	case Terminated:
		return signal + 15
	default:
		return 1
	}
}

// After returns the outcome of a command that had come to this outcome and then returned err. Where nobody reads standard
// output any more, what had been found out stands.
func (o Outcome) After(err error) Outcome {
	if err == nil || errors.Is(err, ErrClosedPipe) {
		return o
	}
	return OutcomeOfError(err)
}

// worst returns the outcome that the exit code tells where runs ended differently. A watch that was left is worse than
// anything: what became of its runs is not known.
func worst(outcomes ...Outcome) Outcome {
	result := Completed
	for _, o := range outcomes {
		if o.rank() > result.rank() {
			result = o
		}
	}
	return result
}

func (o Outcome) rank() int {
	switch o {
	case Completed:
		return 0
	case TimedOut:
		return 1
	case RuleBroken:
		return 2
	case Failed:
		return 3
	case KeyRefused:
		return 4
	case WrongUsage:
		return 5
	default:
		return 6
	}
}

// Why a watch was left before its run ended. The other reasons are errors with an Outcome method: see [OutcomeOfError].
var (
	ErrLeft         = errors.New("left")
	ErrTimeout      = errors.New("the timeout passed")
	ErrClosedPipe   = errors.New("standard output is closed")
	ErrTerminalGone = errors.New("the terminal is gone")
)

// ErrorWithOutcome is an error that knows its outcome: a wrong command line, a signal.
type ErrorWithOutcome interface {
	error
	Outcome() Outcome
}

// OutcomeOfSignal returns the outcome of a command that a signal ended.
func OutcomeOfSignal(s os.Signal) Outcome {
	switch s {
	case syscall.SIGTERM:
		return Terminated
	case syscall.SIGHUP:
		return HungUp
	case syscall.SIGQUIT:
		return Quit
	case syscall.SIGABRT:
		return Aborted
	default:
		return Left
	}
}

// OutcomeOfError returns the outcome of a command that ended in an error.
func OutcomeOfError(err error) Outcome {
	if err == nil || errors.Is(err, ErrClosedPipe) {
		return Completed
	}
	if known, ok := errors.AsType[ErrorWithOutcome](err); ok {
		return known.Outcome()
	}
	problem, isProblem := errors.AsType[*run.Problem](err)
	switch {
	case isProblem && problem.Kind == run.ProblemKey:
		return KeyRefused
	case errors.Is(err, ErrTimeout):
		return TimedOut
	case errors.Is(err, ErrTerminalGone):
		return HungUp
	case errors.Is(err, ErrLeft):
		return Left
	default:
		return Failed
	}
}

// OutcomeOf returns the outcome of a watch. The cause is why it was left; it matters only where the run was not over.
func OutcomeOf(w *watch.Watch, cause error) Outcome {
	problem := w.Problem()
	switch {
	case !w.Over():
		return outcomeOfLeaving(cause)
	case w.Phase() == watch.PhaseEnded:
		if w.Run().Status().Unsuccessful() {
			return Failed
		}
		return Completed
	case problem != nil && problem.Kind == run.ProblemKey:
		return KeyRefused
	default:
		return Failed
	}
}

// outcomeOfLeaving returns the outcome of a watch that was left for a reason before its run ended.
func outcomeOfLeaving(cause error) Outcome {
	if IsLeaving(cause) && !errors.Is(cause, ErrClosedPipe) {
		return OutcomeOfError(cause)
	}
	return Left
}

// IsLeaving reports whether an error is a reason to leave. Anything else went wrong and needs a message.
func IsLeaving(err error) bool {
	if known, ok := errors.AsType[ErrorWithOutcome](err); ok {
		return known.Outcome() != WrongUsage
	}
	for _, reason := range []error{ErrLeft, ErrTimeout, ErrClosedPipe, ErrTerminalGone} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

// WriteError turns the error of a write to standard output into [ErrClosedPipe] or a problem that names the reason.
func WriteError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe):
		return ErrClosedPipe
	default:
		return &run.Problem{
			Kind:    run.ProblemInput,
			What:    text.NewText("standard output"),
			Summary: text.NewText(Reason(err)),
			Cause:   err,
		}
	}
}

// Reason returns the innermost reason of an error of the operating system: "no such file or directory".
func Reason(err error) string {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}
