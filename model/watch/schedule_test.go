package watch

import (
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

func at(seconds float64) time.Time {
	return time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC).Add(time.Duration(seconds * float64(time.Second)))
}

func halfJitter() float64 { return 0.5 }

func TestScheduleSpacesPollsByTheInterval(t *testing.T) {
	s := NewSchedule(2*time.Second, halfJitter)
	s.Add(1, at(0))
	if due := s.Due(at(0)); len(due) != 1 || due[0] != 1 {
		t.Fatalf("a new slot is not due: %v", due)
	}
	s.Start(1, at(0))
	if due := s.Due(at(100)); len(due) != 0 {
		t.Errorf("a slot is due while its request is in flight: %v", due)
	}
	if _, some := s.Next(); some {
		t.Error("a request is due while the only one is in flight")
	}
	s.Succeeded(1, at(5), 0)
	if next, _ := s.Next(); !next.Equal(at(7)) {
		t.Errorf("the next poll is due at %v, want an interval after the answer", next)
	}
	s.Hurry(1, at(6))
	if due := s.Due(at(6)); len(due) != 1 {
		t.Error("a hurried slot is not due")
	}
	s.Remove(1)
	s.Succeeded(1, at(7), 0)
	s.Failed(1, at(7), &run.Problem{})
	if _, some := s.Next(); some {
		t.Error("a removed slot came back")
	}
}

func TestSchedulePausesAfterFailures(t *testing.T) {
	s := NewSchedule(2*time.Second, halfJitter)
	s.Add(1, at(0))
	now := at(0)
	var waits []time.Duration
	for range 8 {
		s.Start(1, now)
		s.Failed(1, now, &run.Problem{Kind: run.ProblemService})
		next, _ := s.Next()
		waits = append(waits, next.Sub(now))
		now = next
	}
	want := []time.Duration{1000, 1500, 3000, 6000, 12000, 22500, 22500, 22500}
	for i, w := range want {
		if waits[i] != w*time.Millisecond {
			t.Errorf("wait %d is %v, want %v", i+1, waits[i], w*time.Millisecond)
		}
	}
	s.Start(1, now)
	s.Failed(1, now, &run.Problem{Kind: run.ProblemRateLimited, RetryAfter: optional.Some(24 * time.Hour)})
	if next, _ := s.Next(); next.Sub(now) != 24*time.Hour {
		t.Errorf("asked to wait a day, waits %v", next.Sub(now))
	}
	s.Start(1, now)
	s.Succeeded(1, now, 0)
	s.Start(1, now)
	s.Failed(1, now, &run.Problem{Kind: run.ProblemService})
	if next, _ := s.Next(); next.Sub(now) != time.Second {
		t.Errorf("the backoff is not reset after a success: %v", next.Sub(now))
	}
}

func TestScheduleJitterNeverShortensTheFirstPause(t *testing.T) {
	for _, jitter := range []float64{0, 0.999} {
		s := NewSchedule(time.Second, func() float64 { return jitter })
		s.Add(1, at(0))
		s.Start(1, at(0))
		s.Failed(1, at(0), &run.Problem{Kind: run.ProblemService})
		if next, _ := s.Next(); next.Sub(at(0)) != time.Second {
			t.Errorf("with jitter %v the first pause is %v", jitter, next.Sub(at(0)))
		}
	}
}

func TestScheduleLearnsTheBudget(t *testing.T) {
	s := NewSchedule(time.Second, halfJitter)
	for id := range 3 {
		s.Add(id, at(0))
	}
	if due := s.Due(at(0)); len(due) != 3 {
		t.Fatalf("without a known limit %d slots are due, want all", len(due))
	}
	s.Start(0, at(0))
	s.Failed(0, at(0), &run.Problem{Kind: run.ProblemRateLimited, LimitPerMinute: optional.Some(int64(12))})
	if due := s.Due(at(1)); len(due) != 0 {
		t.Errorf("%v are due a second after the last request, though 12 a minute are allowed", due)
	}
	next, _ := s.Next()
	if wait := next.Sub(at(0)); wait < 5*time.Second || wait > 5200*time.Millisecond {
		t.Errorf("next after %v, want a little more than 5 s", wait)
	}
	if due := s.Due(next); len(due) != 1 {
		t.Errorf("%v are due at once, though requests must be 5 s apart", due)
	}
	if when, _ := s.DueAt(1).Get(); !when.Equal(next) {
		t.Errorf("slot 1 is due after %v, want %v", when.Sub(at(0)), next.Sub(at(0)))
	}

	s = NewSchedule(time.Second, halfJitter)
	for id := range 3 {
		s.Add(id, at(0))
	}
	s.Start(0, at(0))
	s.Failed(0, at(0), &run.Problem{Kind: run.ProblemRateLimited, LimitConcurrent: optional.Some(int64(2))})
	s.Start(1, at(0))
	if due := s.Due(at(60)); len(due) != 1 {
		t.Errorf("%v are due with one request in flight, want one more", due)
	}
	s.Start(2, at(60))
	if _, some := s.Next(); some {
		t.Error("a request is due beyond the limit in flight")
	}
}

// TestScheduleNeverHurriesAfterAFailure checks that there is at least a second between a failure and the next request,
// whatever the service says, unless the user asks for the request.
func TestScheduleNeverHurriesAfterAFailure(t *testing.T) {
	for _, asked := range []optional.Value[time.Duration]{
		{}, optional.Some(time.Duration(0)), optional.Some(time.Nanosecond), optional.Some(-time.Hour), optional.Some(999 * time.Millisecond), optional.Some(time.Second),
	} {
		s := NewSchedule(time.Nanosecond, func() float64 { return 0 })
		s.Add(1, at(0))
		s.Start(1, at(0))
		s.Failed(1, at(0), &run.Problem{
			Kind: run.ProblemRateLimited, RetryAfter: asked, LimitPerMinute: optional.Some(int64(1e18)), LimitConcurrent: optional.Some(int64(-1)),
		})
		for _, hurry := range []bool{false, true} {
			if hurry {
				s.Hurry(1, at(0.5))
			}
			if next, _ := s.Next(); !next.Equal(at(1)) {
				t.Errorf("asked to wait %v, hurried %v: next request after %v", asked, hurry, next.Sub(at(0)))
			}
		}
		s.Demand(1, at(0.5))
		if due := s.Due(at(0.5)); len(due) != 1 {
			t.Error("the user's request has to wait")
		}
	}
}

func TestScheduleIntervalHasAMinimum(t *testing.T) {
	s := NewSchedule(-time.Hour, halfJitter)
	s.Add(1, at(0))
	s.Start(1, at(0))
	s.Succeeded(1, at(0), 0)
	if next, _ := s.Next(); next.Sub(at(0)) != MinInterval {
		t.Errorf("the next poll is due after %v", next.Sub(at(0)))
	}
}
