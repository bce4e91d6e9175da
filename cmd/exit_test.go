package cmd

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
		want  exitCode
	}{
		"completed":               {ended(model.StatusCompleted), errLeft, exitCompleted},
		"completed, then SIGTERM": {ended(model.StatusCompleted), signalled{signal: syscall.SIGTERM}, exitCompleted},
		"failed":                  {ended(model.StatusFailed), errLeft, exitTrouble},
		"cancelled":               {ended(model.StatusCancelled), errLeft, exitTrouble},
		"an unknown status":       {ended(model.StatusUnknown), errLeft, exitLeft},
		"opened items":            {opened, errLeft, exitCompleted},
		"left":                    {ended(model.StatusRunning), errLeft, exitLeft},
		"timeout":                 {ended(model.StatusRunning), errTimeout, exitTimeout},
		"closed pipe":             {ended(model.StatusRunning), errClosedPipe, exitLeft},
		"SIGINT":                  {ended(model.StatusRunning), signalled{signal: syscall.SIGINT}, exitLeft},
		"SIGTERM":                 {ended(model.StatusRunning), signalled{signal: syscall.SIGTERM}, exitTerminated},
		"SIGHUP":                  {ended(model.StatusQueued), signalled{signal: syscall.SIGHUP}, exitHangup},
		"key refused":             {gaveUp(model.ProblemKey), errLeft, exitKey},
		"no such run":             {gaveUp(model.ProblemRefused), errTimeout, exitTrouble},
		"no answer so far":        {gaveUp(model.ProblemNoConnection), errTimeout, exitTimeout},
		"dispatch lost":           {lost, errLeft, exitTrouble},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := outcome(&test.watch, test.cause); got != test.want {
				t.Errorf("exit code %d, want %d", got, test.want)
			}
		})
	}
}

func TestCodesOfErrors(t *testing.T) {
	for _, test := range []struct {
		err  error
		want exitCode
	}{
		{nil, exitCompleted},
		{errors.New("anything"), exitTrouble},
		{usageError{text: "x"}, exitUsage},
		{fmt.Errorf("in words: %w", &model.Problem{Kind: model.ProblemKey}), exitKey},
		{&model.Problem{Kind: model.ProblemQuota}, exitTrouble},
		{errLeft, exitLeft},
		{errClosedPipe, exitCompleted},
		{errors.Join(errLeft, signalled{signal: syscall.SIGTERM}), exitTerminated},
	} {
		if got := codeOf(test.err); got != test.want {
			t.Errorf("%v: exit code %d, want %d", test.err, got, test.want)
		}
	}
}
