package follow_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/follow"
	"sbwatch/internal/testrun"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/monitor"
)

// service completes every run after a minute.
type service struct{ began time.Time }

func (s service) Dispatch(context.Context, string) (run.Dispatch, error) {
	return run.Dispatch{}, errors.New("unexpected")
}

func (s service) Poll(context.Context, string, func(item.Table)) (run.Answer, error) {
	if time.Since(s.began) < time.Minute {
		return testrun.Running(1, 29), nil
	}
	return testrun.Completed(), nil
}

func (s service) Usage(context.Context) (run.Usage, error) { return run.Usage{}, nil }

// reporter counts the ends of runs and records the longest time between two calls of Report.
type reporter struct {
	begun, ended, finished int
	last                   time.Time
	silence                time.Duration
}

func (r *reporter) Begin(now time.Time) { r.begun++; r.last = now }

func (r *reporter) Report(now time.Time, events []monitor.Event) error {
	r.silence, r.last = max(r.silence, now.Sub(r.last)), now
	for _, event := range events {
		if event.Kind == monitor.Ended {
			r.ended++
		}
	}
	return nil
}

func (r *reporter) NextHeartbeat() time.Time { return time.Time{} }
func (r *reporter) Finish(error)             { r.finished++ }

// A driver that stays open waits for calls, which add runs, and calls Report at least every 30 s.
func TestCallsAddRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := monitor.New(2*time.Second, func() float64 { return 0.5 })
		calls, r, isOpen := make(chan follow.Call), &reporter{}, true
		d := follow.Driver{
			Service: service{time.Now()}, Monitor: runs, Reporter: r, Now: time.Now, Calls: calls, StaysOpen: func() bool { return isOpen },
		}
		done := make(chan error)
		go func() { done <- d.Run(t.Context()) }()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if r.silence > 30*time.Second {
			t.Errorf("no report for %v", r.silence)
		}
		calls <- func(now time.Time) []monitor.Event {
			runs.Add(now, testrun.Watch("k7Xb9dRmQ2p"))
			return nil
		}
		time.Sleep(time.Minute)
		calls <- func(time.Time) []monitor.Event { isOpen = false; return nil }
		if err := <-done; err != nil || r.begun != 1 || r.ended != 1 || r.finished != 1 {
			t.Errorf("%v, %+v", err, r)
		}
	})
}

// callingService makes a call before it answers a dispatch.
type callingService struct {
	service
	calls chan<- follow.Call
}

func (s callingService) Dispatch(context.Context, string) (run.Dispatch, error) {
	time.Sleep(5 * time.Second)
	s.calls <- func(time.Time) []monitor.Event { return nil }
	return run.Dispatch{RunID: text.NewText("k7Xb9dRmQ2p")}, nil
}

// While a driver waits for the answer to a dispatch before it leaves, it still receives calls. The service may wait
// until a call is received before it answers.
func TestCallsWhileLeaving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := monitor.New(2*time.Second, func() float64 { return 0.5 })
		runs.Add(time.Now(), testrun.Dispatch("rKp2vXq9LmT"))
		calls := make(chan follow.Call)
		d := follow.Driver{
			Service: callingService{service{time.Now()}, calls}, Monitor: runs, Reporter: &reporter{}, Now: time.Now, Calls: calls, Grace: time.Minute,
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		err := d.Run(ctx)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 5*time.Second {
			t.Errorf("left after %v with %v", took, err)
		}
		if id := runs.Watch(runs.Keys()[0]).RunID(); id.IsEmpty() {
			t.Error("the answer to the dispatch was lost")
		}
	})
}
