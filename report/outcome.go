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

// Outcome is how a command ended. It determines the exit code.
type Outcome int

// The outcomes of a command.
const (
	// Completed means that every run completed.
	Completed Outcome = iota
	// Failed means that a run failed or was canceled, or that an error occurred.
	Failed
	// WrongUsage means that the command line is wrong.
	WrongUsage
	// RuleBroken means that the run completed, but its items break a rule.
	RuleBroken
	// KeyRefused means that there is no API key, or that the service has refused it.
	KeyRefused
	// TimedOut means that the time limit of --timeout passed.
	TimedOut
	// Left means that the user left before the runs ended (q, ctrl+c, SIGINT), or that standard output was closed.
	Left
	// HungUp means that the program received SIGHUP, or that the terminal no longer exists.
	HungUp
	// Quit means that the program received SIGQUIT.
	Quit
	// Aborted means that the program received SIGABRT.
	Aborted
	// Terminated means that the program received SIGTERM.
	Terminated
)

// ExitCode returns the exit code of the process for the outcome.
func (o Outcome) ExitCode() int {
	const signal = 128 // 128 plus the number of the signal, as in shells
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
		return 124 // like timeout(1)
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

// After returns the outcome of a command that returned err after reaching the outcome o. The result is o if err is nil
// or [ErrClosedPipe], and [OutcomeOfError] of err otherwise.
func (o Outcome) After(err error) Outcome {
	if err == nil || errors.Is(err, ErrClosedPipe) {
		return o
	}
	return OutcomeOfError(err)
}

// Worst returns the outcome with the highest [Outcome.rank], or [Completed] if there are no outcomes.
func Worst(outcomes ...Outcome) Outcome {
	result := Completed
	for _, o := range outcomes {
		if o.rank() > result.rank() {
			result = o
		}
	}
	return result
}

// rank returns the severity of an outcome. 0 is best.
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

// The reasons for leaving a watch before its run has ended. A signal is also a reason: see [ErrorWithOutcome].
var (
	ErrLeft         = errors.New("left")
	ErrTimeout      = errors.New("the timeout passed")
	ErrClosedPipe   = errors.New("standard output is closed")
	ErrTerminalGone = errors.New("the terminal is gone")
)

// ErrorWithOutcome is an error that determines the outcome, such as a wrong command line or a signal.
type ErrorWithOutcome interface {
	error
	Outcome() Outcome
}

// OutcomeOfSignal returns the outcome of a command that is ended by a signal.
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

// OutcomeOfError returns the outcome of a command that returned err.
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

// OutcomeOf returns the outcome of a watch. If the watch has not ended, cause is the reason for leaving it.
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

// OutcomeOfAll returns the worst outcome of several watches. The parameter cause is the reason why watches that have
// not ended are stopped.
func OutcomeOfAll(watches []watch.Watch, cause error) Outcome {
	outcomes := make([]Outcome, len(watches))
	for i := range watches {
		outcomes[i] = OutcomeOf(&watches[i], cause)
	}
	return Worst(outcomes...)
}

// outcomeOfLeaving returns the outcome of a watch that is left before its run has ended. The parameter cause is the
// reason.
func outcomeOfLeaving(cause error) Outcome {
	if IsLeaving(cause) && !errors.Is(cause, ErrClosedPipe) {
		return OutcomeOfError(cause)
	}
	return Left
}

// IsLeaving reports whether err is a reason for leaving a watch. Users need no error message about such a reason.
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

// WriteError converts an error of writing to standard output. If the output is closed, it returns [ErrClosedPipe].
// Otherwise it returns a problem with the reason. It returns nil if err is nil.
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

// Reason returns the text of an operating system error, such as "no such file or directory". It leaves out the
// operation and the path.
func Reason(err error) string {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}
