package watch

import (
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Backoff limits: the shortest wait after a failure, and the longest one that the service did not ask for.
const (
	backoffBase = time.Second
	backoffMax  = 30 * time.Second
)

// MinInterval is the shortest interval between an answer and the next poll.
const MinInterval = 100 * time.Millisecond

// Schedule decides when requests are due. It has a slot for each watched run, whose request is a poll or, before that,
// the dispatch. It has no clock: callers pass the time.
//
// A slot never has two requests in flight, and the next one is due an interval after the last answer, so that slow
// answers reduce the number of polls. All slots share one budget, which is learned when the service refuses requests.
type Schedule struct {
	interval time.Duration
	jitter   func() float64
	slots    map[int]slot

	spacing    time.Duration // between any two requests; 0: no limit is known
	concurrent int           // requests under way at once; 0: no limit is known
	lastStart  time.Time
}

// slot is the schedule of one run.
type slot struct {
	due      time.Time
	earliest time.Time // before which only the user may have it due: after a failure
	inFlight bool
	hurried  bool // by the user, who may overrule the budget
	byHand   bool // the request under way was hurried
	failures int  // in a row
}

// NewSchedule returns an empty schedule. The interval is raised to [MinInterval] if shorter. jitter returns numbers in
// [0, 1) and randomizes waits after failures.
func NewSchedule(interval time.Duration, jitter func() float64) *Schedule {
	return &Schedule{interval: max(interval, MinInterval), jitter: jitter, slots: map[int]slot{}}
}

// Add adds a slot whose first request is due immediately.
func (s *Schedule) Add(id int, now time.Time) { s.slots[id] = slot{due: now} }

// Remove removes a slot whose run has ended.
func (s *Schedule) Remove(id int) { delete(s.slots, id) }

// Due returns the slots whose request should be sent now, longest overdue first. Call [Schedule.Start] for each.
func (s *Schedule) Due(now time.Time) []int {
	var due []int
	for id, slot := range s.slots {
		if !slot.inFlight && !slot.due.After(now) {
			due = append(due, id)
		}
	}
	slices.SortFunc(due, func(a, b int) int {
		if byTime := s.slots[a].due.Compare(s.slots[b].due); byTime != 0 {
			return byTime
		}
		return a - b
	})
	allowed := s.allowed(now)
	return slices.DeleteFunc(due, func(id int) bool {
		if s.slots[id].hurried {
			return false
		}
		allowed--
		return allowed < 0
	})
}

// allowed returns how many requests the budget allows now.
func (s *Schedule) allowed(now time.Time) int {
	allowed := len(s.slots)
	if s.spacing > 0 {
		if now.Before(s.lastStart.Add(s.spacing)) {
			return 0
		}
		allowed = min(allowed, 1)
	}
	if s.concurrent > 0 {
		allowed = min(allowed, max(0, s.concurrent-s.inFlight()))
	}
	return allowed
}

// inFlight returns the number of requests in flight.
func (s *Schedule) inFlight() int {
	n := 0
	for _, slot := range s.slots {
		if slot.inFlight {
			n++
		}
	}
	return n
}

// Start records that the request of a slot was sent.
func (s *Schedule) Start(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok {
		slot.inFlight, slot.hurried, slot.byHand = true, false, slot.hurried
		s.slots[id] = slot
		s.lastStart = now
	}
}

// Succeeded records a good answer. The next request is due an interval from now.
func (s *Schedule) Succeeded(id int, now time.Time) {
	if _, ok := s.slots[id]; ok {
		s.slots[id] = slot{due: now.Add(s.interval)}
	}
}

// Failed records a failed request. The next one is due after a backoff, or after the wait that the service asked for.
func (s *Schedule) Failed(id int, now time.Time, problem *run.Problem) {
	old, ok := s.slots[id]
	if !ok {
		return
	}
	s.learn(problem)
	failures := old.failures + 1
	if old.byHand {
		failures = max(1, old.failures) // a try of the user's own makes nobody wait longer
	}
	s.slots[id] = slot{due: now.Add(s.backoff(failures, problem)), earliest: now.Add(backoffBase), failures: failures}
}

// learn adds the limits that a refusal names to the budget.
func (s *Schedule) learn(problem *run.Problem) {
	if perMinute := problem.LimitPerMinute.Or(0); perMinute > 0 {
		s.spacing = time.Minute / time.Duration(perMinute)
	}
	if concurrent := problem.LimitConcurrent.Or(0); concurrent > 0 {
		s.concurrent = int(min(concurrent, 1<<20))
	}
}

// backoff returns how long to wait after a number of consecutive failures: at least backoffBase, whatever the service
// asks for. Half of a longer wait is random, so that watches that failed together do not retry together.
func (s *Schedule) backoff(failures int, problem *run.Problem) time.Duration {
	if asked := problem.RetryAfter.Or(0); asked > 0 {
		return max(asked, backoffBase)
	}
	longest := min(backoffBase<<min(failures-1, 10), backoffMax)
	return max(backoffBase, longest/2+time.Duration(s.jitter()*float64(longest/2)))
}

// Hurry makes a slot's request due now, or after a failure within backoffBase. A request in flight is not affected.
func (s *Schedule) Hurry(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok && !slot.inFlight {
		slot.due = now
		if slot.earliest.After(now) {
			slot.due = slot.earliest
		}
		s.slots[id] = slot
	}
}

// Demand makes a slot's request due now because the user asked for it. It overrides the budget and the backoff.
func (s *Schedule) Demand(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok && !slot.inFlight {
		slot.due, slot.hurried = now, true
		s.slots[id] = slot
	}
}

// Next returns when the next request is due within the budget; false while all slots wait for an answer.
func (s *Schedule) Next() (time.Time, bool) {
	var next time.Time
	found := false
	for id := range s.slots {
		if due, waits := s.DueAt(id).Get(); waits && (!found || due.Before(next)) {
			next, found = due, true
		}
	}
	return next, found
}

// DueAt returns when the request of a slot is due. It is unknown while the request or the maximum number of requests is
// in flight, and for runs that have ended.
func (s *Schedule) DueAt(id int) optional.Value[time.Time] {
	slot, ok := s.slots[id]
	full := s.concurrent > 0 && s.inFlight() >= s.concurrent
	switch {
	case !ok || slot.inFlight || (full && !slot.hurried):
		return optional.Value[time.Time]{}
	case s.spacing > 0 && !slot.hurried && s.lastStart.Add(s.spacing).After(slot.due):
		return optional.Some(s.lastStart.Add(s.spacing))
	default:
		return optional.Some(slot.due)
	}
}

// InFlight reports whether a request of the slot is in flight.
func (s *Schedule) InFlight(id int) bool { return s.slots[id].inFlight }
