package watch

import (
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// countingService simulates a service that allows a number of requests per minute and answers them after a delay.
type countingService struct {
	limit    int
	takes    func(n int) time.Duration
	admitted []time.Time
	refused  int
}

// ask counts a request that arrives now. It returns nil or the refusal.
func (c *countingService) ask(now time.Time) *run.Problem {
	for len(c.admitted) > 0 && now.Sub(c.admitted[0]) >= time.Minute {
		c.admitted = c.admitted[1:]
	}
	if len(c.admitted) >= c.limit {
		c.refused++
		free := c.admitted[0].Add(time.Minute).Sub(now).Truncate(time.Second) + time.Second
		return &run.Problem{
			Kind: run.ProblemRateLimited, RetryAfter: optional.Some(free), LimitPerMinute: optional.Some(int64(c.limit)),
		}
	}
	c.admitted = append(c.admitted, now)
	return nil
}

// drive sends the due requests of a schedule for the given time, and returns the times of the requests of each slot.
// The function endsIn returns the time until the run of a slot may end.
func drive(s *Schedule, service *countingService, from time.Time, length time.Duration, endsIn func(id int) time.Duration) map[int][]time.Time {
	type answer struct {
		at      time.Time
		id      int
		problem *run.Problem
	}
	var flying []answer
	polls := map[int][]time.Time{}
	for now := from; now.Before(from.Add(length)); {
		for len(flying) > 0 && !flying[0].at.After(now) {
			if a := flying[0]; a.problem == nil {
				s.Succeeded(a.id, now, endsIn(a.id))
			} else {
				s.Failed(a.id, now, a.problem)
			}
			flying = flying[1:]
		}
		for _, id := range s.Due(now) {
			s.Start(id, now)
			polls[id] = append(polls[id], now)
			takes := 100 * time.Millisecond
			if service.takes != nil {
				takes = service.takes(len(polls[id]))
			}
			flying = append(flying, answer{now.Add(takes), id, service.ask(now.Add(takes / 2))})
		}
		next, waits := s.Next()
		if len(flying) > 0 && (!waits || flying[0].at.Before(next)) {
			next, waits = flying[0].at, true
		}
		if !waits || !next.After(now) {
			next = now.Add(time.Millisecond)
		}
		now = next
	}
	return polls
}

func never(int) time.Duration { return 0 }

// TestScheduleSharesTheBudgetFairly checks the time between two polls of a run against its fair share.
func TestScheduleSharesTheBudgetFairly(t *testing.T) {
	const minute = 60
	for name, test := range map[string]struct {
		runs         int
		userLimit    int // limit per minute set by the user
		serviceLimit int // limit per minute of the service
		endsIn       func(id int) time.Duration
		// maxTurns is the maximum time between two polls of a run that does not end soon, as a multiple of the fair
		// time.
		maxTurns float64
		refused  int
	}{
		"one run":                  {1, minute, 1000, never, 1.1, 0},
		"two runs":                 {2, minute, minute, never, 1.3, 0},
		"a dozen":                  {12, minute, minute, never, 1.3, 0},
		"200 runs":                 {200, minute, minute, never, 1.1, 0},
		"a tenth ends soon":        {200, minute, minute, func(id int) time.Duration { return time.Duration((id + 9) / 10 % 2) }, 2, 0},
		"all but a few end soon":   {200, minute, minute, func(id int) time.Duration { return time.Duration(min(1, id/5)) }, 2, 0},
		"a lower limit is learned": {50, minute, 30, never, 2.5, 3},
		"a high limit":             {200, 600, 600, never, 1.2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewSchedule(2*time.Second, halfJitter)
			s.Limit(Limits{PerMinute: test.userLimit, Concurrent: 5})
			for id := range test.runs {
				s.Add(id, at(0))
			}
			service := &countingService{limit: test.serviceLimit}
			length := 30 * time.Minute
			if test.userLimit > minute {
				length = 3 * time.Minute
			}
			polls := drive(s, service, at(0), length, test.endsIn)
			if service.refused > test.refused {
				t.Errorf("%d requests were refused, want at most %d", service.refused, test.refused)
			}
			fair := max(2*time.Second, time.Duration(test.runs)*time.Minute/time.Duration(min(test.userLimit, test.serviceLimit)))
			for id := range test.runs {
				before := at(0)
				for _, now := range append(polls[id], at(length.Seconds())) {
					if wait := now.Sub(before); float64(wait) > test.maxTurns*float64(fair)+float64(time.Second) && test.endsIn(id) == 0 {
						t.Fatalf("run %d was not polled for %v, its fair share is %v", id, wait, fair)
					}
					before = now
				}
			}
		})
	}
}

func TestScheduleShowsAFewRunsAtOnce(t *testing.T) {
	s := NewSchedule(2*time.Second, halfJitter)
	s.Limit(Limits{PerMinute: 60, Concurrent: 5})
	for id := range 10 {
		s.Add(id, at(0))
	}
	if polls := drive(s, &countingService{limit: 60}, at(0), time.Second, never); len(polls) != 10 {
		t.Errorf("%d of 10 runs were polled in the first second", len(polls))
	}
}

func TestScheduleStartsWithFewAtOnce(t *testing.T) {
	s := NewSchedule(time.Second, halfJitter)
	s.Limit(Limits{PerMinute: 600, Concurrent: 5})
	for id := range 20 {
		s.Add(id, at(0))
	}
	for i, want := range []int{2, 2, 3, 3, 3, 4, 4} {
		due := s.Due(at(0))
		for _, id := range due {
			s.Start(id, at(0))
		}
		if s.inFlight != want {
			t.Errorf("step %d: %d requests are in flight, want %d", i, s.inFlight, want)
		}
		for id := range 20 {
			if s.InFlight(id) {
				s.Succeeded(id, at(0), 0)
				break
			}
		}
	}
}

func TestScheduleRecoversStepByStep(t *testing.T) {
	s := NewSchedule(time.Second, halfJitter)
	s.Limit(Limits{PerMinute: 60, Concurrent: 5})
	s.Add(1, at(0))
	s.Add(2, at(0))
	refuse := func(seconds float64) {
		s.Start(1, at(seconds))
		s.Failed(1, at(seconds), &run.Problem{
			Kind: run.ProblemRateLimited, LimitPerMinute: optional.Some(int64(60)), RetryAfter: optional.Some(10 * time.Second),
		})
	}
	refuse(0)
	if got := s.budget.perMinute(); got != 30 {
		t.Errorf("after a refusal of 60 a minute %d are sent, want 30", got)
	}
	if due := s.Due(at(9)); len(due) > 0 {
		t.Errorf("%v are due although the service asked to wait", due)
	}
	refuse(5)
	if got := s.budget.perMinute(); got != 30 {
		t.Errorf("a refusal during the pause changes the limit to %d", got)
	}
	var limits []int
	for minute := range 6 {
		now := at(float64(20 + 61*minute))
		s.Start(1, now)
		s.Succeeded(1, now, 0)
		limits = append(limits, s.budget.perMinute())
	}
	for i, want := range []int{30, 37, 45, 52, 60, 60} {
		if limits[i] != want {
			t.Errorf("the limits recover as %v", limits)
			break
		}
	}
}

// TestScheduleOutage checks that one run at a time tries to reach the service, and that there is no burst afterwards.
func TestScheduleOutage(t *testing.T) {
	s := NewSchedule(2*time.Second, halfJitter)
	s.Limit(Limits{PerMinute: 60, Concurrent: 5})
	for id := range 100 {
		s.Add(id, at(0))
	}
	now, tries, tried := at(0), 0, map[int]bool{}
	for now.Before(at(3600)) {
		for _, id := range s.Due(now) {
			s.Start(id, now)
			s.Failed(id, now, &run.Problem{Kind: run.ProblemNoConnection})
			tries++
			tried[id] = true
		}
		now, _ = s.Next()
	}
	if tries > 200 || len(tried) > 2 {
		t.Errorf("%d requests of %d runs in an hour without network, want one at a time, with growing pauses", tries, len(tried))
	}
	if !s.Unreachable() {
		t.Error("the service counts as reachable")
	}
	polls := drive(s, &countingService{limit: 60}, now, time.Minute, never)
	sent := 0
	for _, times := range polls {
		sent += len(times)
	}
	if sent > 60 || sent < 50 {
		t.Errorf("%d requests in the minute after the outage, want about 60", sent)
	}
}

// TestScheduleClock checks how a jump of the clock affects the requests of the next minute.
func TestScheduleClock(t *testing.T) {
	for name, jump := range map[string]time.Duration{"slept": 8 * time.Hour, "set back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			s := NewSchedule(2*time.Second, halfJitter)
			s.Limit(Limits{PerMinute: 60, Concurrent: 5})
			for id := range 20 {
				s.Add(id, at(0))
			}
			service := &countingService{limit: 1000}
			drive(s, service, at(0), time.Minute, never)
			sent := 0
			firstSecond := 0
			start := at(60).Add(jump)
			for _, times := range drive(s, service, start, time.Minute, never) {
				for _, at := range times {
					sent++
					if at.Before(start.Add(time.Second)) {
						firstSecond++
					}
				}
			}
			if sent > 61 || sent < 50 || firstSecond > 2 {
				t.Errorf("%d requests in the minute after the jump, %d in its first second", sent, firstSecond)
			}
		})
	}
}
