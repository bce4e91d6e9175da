package report

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"sbwatch/model"
)

// TestOutcome holds whoever watches to one table: the dashboard and the lines give the same exit codes.
func TestOutcome(t *testing.T) {
	ended := func(status model.Status) model.Watch {
		w := watchOf("k7Xb9dRmQ2p")
		w.Polled(model.Answer{Run: runOf(status, 1, 1)}, time.Now(), 0)
		return w
	}
	gaveUp := func(kind model.ProblemKind) model.Watch {
		w := watchOf("k7Xb9dRmQ2p")
		w.PollFailed(&model.Problem{Kind: kind})
		return w
	}
	lost := dispatchOf("m3Yc2tFvN8q")
	lost.DispatchFailed(&model.Problem{Kind: model.ProblemLost})
	opened := model.OpenedWatch(model.Answer{})
	tests := map[string]struct {
		watch model.Watch
		cause error
		want  Outcome
	}{
		"completed":               {ended(model.StatusCompleted), ErrLeft, Completed},
		"completed, then SIGTERM": {ended(model.StatusCompleted), signal{syscall.SIGTERM}, Completed},
		"failed":                  {ended(model.StatusFailed), ErrLeft, Failed},
		"cancelled":               {ended(model.StatusCancelled), ErrLeft, Failed},
		"an unknown status":       {ended(model.StatusUnknown), ErrLeft, Left},
		"opened items":            {opened, ErrLeft, Completed},
		"left":                    {ended(model.StatusRunning), ErrLeft, Left},
		"timeout":                 {ended(model.StatusRunning), ErrTimeout, TimedOut},
		"closed pipe":             {ended(model.StatusRunning), ErrClosedPipe, Left},
		"SIGINT":                  {ended(model.StatusRunning), signal{syscall.SIGINT}, Left},
		"SIGTERM":                 {ended(model.StatusRunning), signal{syscall.SIGTERM}, Terminated},
		"SIGHUP":                  {ended(model.StatusQueued), signal{syscall.SIGHUP}, HungUp},
		"key refused":             {gaveUp(model.ProblemKey), ErrLeft, KeyRefused},
		"no such run":             {gaveUp(model.ProblemRefused), ErrTimeout, Failed},
		"no answer so far":        {gaveUp(model.ProblemNoConnection), ErrTimeout, TimedOut},
		"dispatch lost":           {lost, ErrLeft, Failed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := OutcomeOf(&test.watch, test.cause); got != test.want {
				t.Errorf("outcome %d, want %d", got, test.want)
			}
		})
	}
}

func TestCodesOfErrors(t *testing.T) {
	for _, test := range []struct {
		err  error
		want Outcome
	}{
		{nil, Completed},
		{errors.New("anything"), Failed},
		{wrongUsage{errors.New("x")}, WrongUsage},
		{fmt.Errorf("in words: %w", &model.Problem{Kind: model.ProblemKey}), KeyRefused},
		{&model.Problem{Kind: model.ProblemQuota}, Failed},
		{ErrLeft, Left},
		{ErrClosedPipe, Completed},
		{errors.Join(ErrLeft, signal{syscall.SIGTERM}), Terminated},
	} {
		if got := OutcomeOfError(test.err); got != test.want {
			t.Errorf("%v: outcome %d, want %d", test.err, got, test.want)
		}
	}
}

// wrongUsage is an error of the command line.
type wrongUsage struct{ error }

func (wrongUsage) Outcome() Outcome { return WrongUsage }

// TestExitCodes is the table of README.md.
func TestExitCodes(t *testing.T) {
	for outcome, want := range map[Outcome]int{
		Completed: 0, Failed: 1, WrongUsage: 2, RuleBroken: 3, KeyRefused: 4, TimedOut: 124,
		HungUp: 129, Left: 130, Quit: 131, Aborted: 134, Terminated: 143,
	} {
		if got := outcome.ExitCode(); got != want {
			t.Errorf("outcome %d: exit code %d, want %d", outcome, got, want)
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
			t.Errorf("%v: exit code %d, want %d", test.outcomes, got, test.want)
		}
	}
}

func TestAClosedPipeLeavesTheOutcome(t *testing.T) {
	if got := Failed.After(ErrClosedPipe); got != Failed {
		t.Errorf("outcome %d", got)
	}
	if got := Completed.After(&model.Problem{Kind: model.ProblemKey}); got != KeyRefused {
		t.Errorf("outcome %d", got)
	}
}
