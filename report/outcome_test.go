package report

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"sbwatch/internal/testrun"
	"sbwatch/model/run"
	"sbwatch/model/watch"
)

// TestOutcome covers the dashboard and plain mode, which use the same function.
func TestOutcome(t *testing.T) {
	ended := func(status run.Status) watch.Watch {
		w := testrun.Watch("k7Xb9dRmQ2p")
		w.Polled(run.Answer{Run: testrun.Of(status, 1, 1)}, time.Now(), 0)
		return w
	}
	gaveUp := func(kind run.ProblemKind) watch.Watch {
		w := testrun.Watch("k7Xb9dRmQ2p")
		w.PollFailed(&run.Problem{Kind: kind})
		return w
	}
	lost := testrun.Dispatch("m3Yc2tFvN8q")
	lost.DispatchFailed(&run.Problem{Kind: run.ProblemLost})
	opened := watch.OpenedWatch(run.Answer{})
	tests := map[string]struct {
		watch watch.Watch
		cause error
		want  Outcome
	}{
		"completed":               {ended(run.StatusCompleted), ErrLeft, Completed},
		"completed, then SIGTERM": {ended(run.StatusCompleted), signal{syscall.SIGTERM}, Completed},
		"failed":                  {ended(run.StatusFailed), ErrLeft, Failed},
		"cancelled":               {ended(run.StatusCancelled), ErrLeft, Failed},
		"an unknown status":       {ended(run.StatusUnknown), ErrLeft, Left},
		"opened items":            {opened, ErrLeft, Completed},
		"left":                    {ended(run.StatusRunning), ErrLeft, Left},
		"timeout":                 {ended(run.StatusRunning), ErrTimeout, TimedOut},
		"closed pipe":             {ended(run.StatusRunning), ErrClosedPipe, Left},
		"SIGINT":                  {ended(run.StatusRunning), signal{syscall.SIGINT}, Left},
		"SIGTERM":                 {ended(run.StatusRunning), signal{syscall.SIGTERM}, Terminated},
		"SIGHUP":                  {ended(run.StatusQueued), signal{syscall.SIGHUP}, HungUp},
		"key refused":             {gaveUp(run.ProblemKey), ErrLeft, KeyRefused},
		"no such run":             {gaveUp(run.ProblemRefused), ErrTimeout, Failed},
		"no answer so far":        {gaveUp(run.ProblemNoConnection), ErrTimeout, TimedOut},
		"dispatch lost":           {lost, ErrLeft, Failed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := OutcomeOf(&test.watch, test.cause); got != test.want {
				t.Errorf("got outcome %d, want %d", got, test.want)
			}
		})
	}
}

func TestOutcomeOfError(t *testing.T) {
	for _, test := range []struct {
		err  error
		want Outcome
	}{
		{nil, Completed},
		{errors.New("anything"), Failed},
		{wrongUsage{errors.New("x")}, WrongUsage},
		{fmt.Errorf("wrapped: %w", &run.Problem{Kind: run.ProblemKey}), KeyRefused},
		{&run.Problem{Kind: run.ProblemQuota}, Failed},
		{ErrLeft, Left},
		{ErrClosedPipe, Completed},
		{errors.Join(ErrLeft, signal{syscall.SIGTERM}), Terminated},
	} {
		if got := OutcomeOfError(test.err); got != test.want {
			t.Errorf("%v: got outcome %d, want %d", test.err, got, test.want)
		}
	}
}

// wrongUsage is an error of the command line.
type wrongUsage struct{ error }

func (wrongUsage) Outcome() Outcome { return WrongUsage }

// TestExitCodes contains the table of docs/automate.md.
func TestExitCodes(t *testing.T) {
	for outcome, want := range map[Outcome]int{
		Completed: 0, Failed: 1, WrongUsage: 2, RuleBroken: 3, KeyRefused: 4, TimedOut: 124,
		HungUp: 129, Left: 130, Quit: 131, Aborted: 134, Terminated: 143,
	} {
		if got := outcome.ExitCode(); got != want {
			t.Errorf("outcome %d: got exit code %d, want %d", outcome, got, want)
		}
	}
}

func TestWorstOutcome(t *testing.T) {
	for _, test := range []struct {
		outcomes []Outcome
		want     int
	}{
		{nil, 0},
		{[]Outcome{Completed, TimedOut}, 124},
		{[]Outcome{TimedOut, RuleBroken, Completed}, 3},
		{[]Outcome{RuleBroken, Failed, TimedOut}, 1},
		{[]Outcome{Failed, KeyRefused, RuleBroken}, 4},
		{[]Outcome{Failed, Terminated}, 143},
	} {
		if got := Worst(test.outcomes...).ExitCode(); got != test.want {
			t.Errorf("%v: got exit code %d, want %d", test.outcomes, got, test.want)
		}
	}
}

func TestOutcomeAfterError(t *testing.T) {
	if got := Failed.After(ErrClosedPipe); got != Failed {
		t.Errorf("closed pipe: got outcome %d, want %d", got, Failed)
	}
	if got := Completed.After(&run.Problem{Kind: run.ProblemKey}); got != KeyRefused {
		t.Errorf("refused key: got outcome %d, want %d", got, KeyRefused)
	}
}
