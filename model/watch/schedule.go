package watch

import (
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Backoff limits: the shortest wait after a failure, and the longest that the service did not ask for.
const (
	backoffBase = time.Second
	backoffMax  = 30 * time.Second
)

// MinInterval is the shortest interval between an answer and the next poll.
const MinInterval = 100 * time.Millisecond

// Schedule decides when which request is due. It keeps a slot for each run that is watched; a slot's request is a
// poll, or the dispatch that comes before. It has no clock of its own: every method is told the time.
//
// One slot never has two requests under way, and the next is due an interval after the answer to the last, so that
// slow answers thin the polls out instead of piling them up. All slots share one budget, which is learned from the
// service's refusals.
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

// NewSchedule makes an empty schedule. The interval is at least [MinInterval]. The jitter gives numbers from 0 up to 1, and
// spreads waits after failures.
func NewSchedule(interval time.Duration, jitter func() float64) *Schedule {
	return &Schedule{interval: max(interval, MinInterval), jitter: jitter, slots: map[int]slot{}}
}

// Add makes a slot whose first request is due at once.
func (s *Schedule) Add(id int, now time.Time) { s.slots[id] = slot{due: now} }

// Remove takes a slot off the schedule: its run is over.
func (s *Schedule) Remove(id int) { delete(s.slots, id) }

// Due lists the slots whose request should be sent now, the longest overdue first. Each must be told to [Schedule.Start].
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

// allowed is how many requests the budget permits at this moment.
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

// inFlight counts the requests under way.
func (s *Schedule) inFlight() int {
	n := 0
	for _, slot := range s.slots {
		if slot.inFlight {
			n++
		}
	}
	return n
}

// Start notes that the request of a slot was sent.
func (s *Schedule) Start(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok {
		slot.inFlight, slot.hurried, slot.byHand = true, false, slot.hurried
		s.slots[id] = slot
		s.lastStart = now
	}
}

// Succeeded notes a good answer: the next request is due an interval from now.
func (s *Schedule) Succeeded(id int, now time.Time) {
	if _, ok := s.slots[id]; ok {
		s.slots[id] = slot{due: now.Add(s.interval)}
	}
}

// Failed notes a failed request: the next is due when the service asked for it, or after a growing pause.
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
	s.slots[id] = slot{due: now.Add(s.pause(failures, problem)), earliest: now.Add(backoffBase), failures: failures}
}

// learn takes the limits that a refusal names into the budget.
func (s *Schedule) learn(problem *run.Problem) {
	if perMinute := problem.LimitPerMinute.Or(0); perMinute > 0 {
		s.spacing = time.Minute / time.Duration(perMinute)
	}
	if concurrent := problem.LimitConcurrent.Or(0); concurrent > 0 {
		s.concurrent = int(min(concurrent, 1<<20))
	}
}

// pause is how long to wait after so many failures in a row: never less than backoffBase, whatever the service asks for.
// Half of a longer wait is left to chance, so that many watches that failed together do not come back together.
func (s *Schedule) pause(failures int, problem *run.Problem) time.Duration {
	if asked := problem.RetryAfter.Or(0); asked > 0 {
		return max(asked, backoffBase)
	}
	longest := min(backoffBase<<min(failures-1, 10), backoffMax)
	return max(backoffBase, longest/2+time.Duration(s.jitter()*float64(longest/2)))
}

// Hurry makes a slot's request due now, whatever it was waiting for, or backoffBase after a failure; one under way is left
// alone.
func (s *Schedule) Hurry(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok && !slot.inFlight {
		slot.due = now
		if slot.earliest.After(now) {
			slot.due = slot.earliest
		}
		s.slots[id] = slot
	}
}

// Demand makes a slot's request due now for a person who asks for it: it overrules the budget and the wait after a failure.
func (s *Schedule) Demand(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok && !slot.inFlight {
		slot.due, slot.hurried = now, true
		s.slots[id] = slot
	}
}

// Next is when a request is due next, the budget considered. There is none while all slots wait for an answer.
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

// DueAt is when the request of a slot is due. It is not known while one is under way, or while as many are under way as
// may be, nor for a run that is over.
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

// InFlight tells whether a request of the slot is under way.
func (s *Schedule) InFlight(id int) bool { return s.slots[id].inFlight }
