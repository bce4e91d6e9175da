package watch

import (
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Limits of the wait after a failure. The service may ask for a longer wait.
const (
	backoffBase = time.Second
	backoffMax  = 30 * time.Second
)

// MinInterval is the shortest interval between an answer and the next poll.
const MinInterval = 100 * time.Millisecond

// Schedule decides when the requests of the watched runs are due. The request of a run is the dispatch at first, and
// later a poll. The schedule has no clock: callers pass the time.
//
// A run never has two requests in flight. Its next request is due one interval after the last answer, so that slow
// answers reduce the number of polls. All runs share one budget: the given [Limits], and those that the service sends
// when it refuses a request.
//
// If the budget does not cover all due requests, the runs take turns. A run that may end soon is served up to four
// times as often as others. No run waits more than twice the usual time between turns.
type Schedule struct {
	interval time.Duration
	jitter   func() float64
	slots    map[int]slot
	budget   budget
	inFlight int       // number of requests
	seen     time.Time // the latest time that a caller passed
}

// slot is the schedule of one run.
type slot struct {
	due      time.Time
	turn     time.Time // slots with due requests are served in the order of this time
	earliest time.Time // after a failure, only the user can make a request due before this time
	inFlight bool
	sentAt   time.Time // when the last request was sent
	joined   bool      // the slot waits for the request of another slot
	hurried  bool      // the user asked for the request, which may exceed the budget
	byHand   bool      // the user asked for the request in flight
	eased    bool      // the request is due later than one interval after the last answer
	failures int       // consecutive failures
}

// isWaiting reports whether the slot only waits for its request to become due.
func (s slot) isWaiting() bool { return !s.inFlight && !s.joined }

// soonShare shortens the time between the turns of a run that may end soon: to 1/soonShare of the usual time.
const soonShare = 4

// NewSchedule returns an empty schedule without limits. An interval shorter than [MinInterval] is raised to it. The
// function jitter returns random numbers in [0, 1), which vary the waits after failures.
func NewSchedule(interval time.Duration, jitter func() float64) *Schedule {
	return &Schedule{interval: max(interval, MinInterval), jitter: jitter, slots: map[int]slot{}, budget: newBudget()}
}

// Limit sets the limits of the budget. Lower limits that the service sends take precedence.
func (s *Schedule) Limit(limits Limits) { s.budget.limits = limits }

// Sent records a request that was sent without the schedule. Such a request counts toward the limits, too.
func (s *Schedule) Sent(sentAt time.Time) { s.budget.record(sentAt) }

// Add adds a run to the schedule. Its first request is due immediately. The other methods identify the run by the
// parameter id.
func (s *Schedule) Add(id int, now time.Time) {
	s.observe(now)
	s.slots[id] = slot{due: now, turn: now}
}

// Remove removes a run from the schedule, so that no request of it becomes due.
func (s *Schedule) Remove(id int) {
	if s.slots[id].inFlight {
		s.inFlight--
	}
	delete(s.slots, id)
}

const (
	// If the clock goes back by at most clockTolerated, it is treated as unchanged. Callers read the clock in several
	// places, so small differences are normal.
	clockTolerated = 2 * time.Second
	// If the time between two calls of observe is longGap or more, the computer slept or the clock was set forward.
	longGap = 2 * time.Minute
)

// observe records the current time. If the clock was set back, observe moves all times of the schedule back, so that
// requests do not wait until the clock has caught up. If the clock jumped ahead, observe prevents a burst of requests.
func (s *Schedule) observe(now time.Time) {
	if back := s.seen.Sub(now); !s.seen.IsZero() && back > clockTolerated {
		for id, slot := range s.slots {
			slot.due, slot.turn = slot.due.Add(-back), slot.turn.Add(-back)
			slot.earliest, slot.sentAt = slot.earliest.Add(-back), slot.sentAt.Add(-back)
			s.slots[id] = slot
		}
		s.budget.shift(-back)
		s.seen = now
	}
	if gap := now.Sub(s.seen); !s.seen.IsZero() && gap >= longGap {
		s.budget.keepCounting(gap)
	}
	s.seen = later(s.seen, now)
}

// Due returns the ids of the runs whose request should be sent now, in the order of sending. Call [Schedule.Start] for
// each.
func (s *Schedule) Due(now time.Time) []int {
	s.observe(now)
	allowed := s.budget.allowedRequests(now, s.inFlight, len(s.slots))
	var due []dueSlot
	chosen := allowed
	for id, slot := range s.slots {
		if slot.isWaiting() && !slot.due.After(now) && (allowed > 0 || slot.hurried) {
			due = append(due, dueSlot{id, slot.turn, slot.hurried})
			if slot.hurried {
				chosen++ // requests that the user asked for are not part of the budget
			}
		}
	}
	due = firstDue(due, chosen)
	ids := make([]int, len(due))
	for i, slot := range due {
		ids[i] = slot.id
	}
	return ids
}

// dueSlot is a slot whose request is due.
type dueSlot struct {
	id      int
	turn    time.Time
	hurried bool
}

// compare orders slots whose request is due. Slots whose request the user asked for come first. In each of the two
// groups, slots are ordered by the field turn, and then by id.
func (a dueSlot) compare(b dueSlot) int {
	switch {
	case a.hurried != b.hurried && a.hurried:
		return -1
	case a.hurried != b.hurried:
		return 1
	}
	if byTurn := a.turn.Compare(b.turn); byTurn != 0 {
		return byTurn
	}
	return a.id - b.id
}

// firstDue returns the n slots in due whose requests are sent first, in the order in which they are sent. It changes
// the order of the slice due.
func firstDue(due []dueSlot, n int) []dueSlot {
	const few = 8
	if n >= len(due) || n > few {
		slices.SortFunc(due, dueSlot.compare)
		return due[:min(n, len(due))]
	}
	for i := range n { // faster than sorting all slots
		for j := i + 1; j < len(due); j++ {
			if due[j].compare(due[i]) < 0 {
				due[i], due[j] = due[j], due[i]
			}
		}
	}
	return due[:n]
}

// Start records that the request of a run was sent.
func (s *Schedule) Start(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok {
		if !slot.inFlight {
			s.inFlight++
		}
		slot.inFlight, slot.sentAt, slot.hurried, slot.byHand = true, now, false, slot.hurried
		s.slots[id] = slot
		s.budget.record(now)
	}
}

// Join makes a run wait for the answer to the request of another run, instead of sending its own request. The parameter
// id identifies the waiting run. [Schedule.Answered] ends the wait.
func (s *Schedule) Join(id int) {
	if slot, ok := s.slots[id]; ok && slot.isWaiting() {
		slot.joined, slot.hurried = true, false
		s.slots[id] = slot
	}
}

// Answered ends the wait that [Schedule.Join] started for a run. The next request of the run is due one interval after
// now. endsIn is the time until the run may end, or 0 if that is unknown.
func (s *Schedule) Answered(id int, now time.Time, endsIn time.Duration) {
	if s.slots[id].joined {
		s.slots[id] = s.slotAfter(now, endsIn)
	}
}

// Succeeded records an answer without a problem. The next request of the run is due one interval after now. endsIn is
// the time until the run may end, or 0 if that is unknown.
func (s *Schedule) Succeeded(id int, now time.Time, endsIn time.Duration) {
	s.observe(now)
	s.answer(id)
	if slot, ok := s.slots[id]; ok {
		s.budget.succeeded(now, slot.sentAt)
		s.slots[id] = s.slotAfter(now, endsIn)
	}
}

// slotAfter returns the new state of the slot of a run whose answer arrived at time now. endsIn is the time until the
// run may end, or 0 if that is unknown.
func (s *Schedule) slotAfter(now time.Time, endsIn time.Duration) slot {
	turn := s.Interval()
	if endsIn > 0 {
		turn = min(max(endsIn, turn/soonShare), turn)
	}
	return slot{due: now.Add(s.interval), turn: now.Add(max(turn, s.interval))}
}

// answer records that the request of a slot is no longer in flight.
func (s *Schedule) answer(id int) {
	if slot, ok := s.slots[id]; ok && slot.inFlight {
		s.inFlight--
		slot.inFlight = false
		s.slots[id] = slot
	}
}

// Failed records a failed request. The next request is due after a backoff, or after the wait that the service asked
// for. If the service refused the request because of its rate limit, all runs wait. If the service could not be
// reached, all runs wait until a request of this run reaches the service.
func (s *Schedule) Failed(id int, now time.Time, problem *run.Problem) {
	s.observe(now)
	s.answer(id)
	old, ok := s.slots[id]
	if !ok {
		return
	}
	failures := old.failures + 1
	if old.byHand {
		failures = max(1, old.failures) // failed attempts that the user asked for do not lengthen the wait
	}
	wait := s.backoff(failures, problem)
	turn := old.turn // this slot is the first to try again
	switch problem.Kind {
	case run.ProblemRateLimited:
		s.budget.refused(now, problem, wait)
	case run.ProblemNoConnection:
		s.budget.unreachable(now, wait)
	default:
		turn = now.Add(max(wait, s.Interval()/soonShare))
	}
	s.slots[id] = slot{due: now.Add(wait), turn: turn, earliest: now.Add(backoffBase), failures: failures}
}

// backoff returns how long to wait after a number of consecutive failures: the time that the service asks for or, if it
// does not ask, a time that grows with the number of failures. Half of the growing time is random, so that watches that
// failed together do not retry together. The wait is at least backoffBase.
func (s *Schedule) backoff(failures int, problem *run.Problem) time.Duration {
	if asked := problem.RetryAfter.Or(0); asked > 0 {
		return max(asked, backoffBase)
	}
	longest := min(backoffBase<<min(failures-1, 10), backoffMax)
	return max(backoffBase, longest/2+time.Duration(s.jitter()*float64(longest/2)))
}

// Hurry makes the request of a run due now. If the last request of the run failed, the new one is due when at least
// backoffBase has passed since that failure. A request in flight is not affected.
func (s *Schedule) Hurry(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok && slot.isWaiting() {
		slot.due = later(now, slot.earliest)
		slot.turn, slot.eased = now, false
		s.slots[id] = slot
	}
}

// Promote makes a run's request due now, like [Schedule.Hurry]. It also puts the request before the requests of all
// other runs.
func (s *Schedule) Promote(id int, now time.Time) {
	s.Hurry(id, now)
	if slot, ok := s.slots[id]; ok && slot.isWaiting() {
		slot.turn = time.Time{}
		s.slots[id] = slot
	}
}

// Demand makes a run's request due now because the user asked for it. It overrides the budget and the backoff.
func (s *Schedule) Demand(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok && slot.isWaiting() {
		slot.due, slot.hurried = now, true
		s.slots[id] = slot
	}
}

// Ease postpones the request of a run that is not urgent, so that it is not due before the time notBefore.
func (s *Schedule) Ease(id int, notBefore time.Time) {
	if slot, ok := s.slots[id]; ok && slot.isWaiting() && !slot.hurried {
		slot.due, slot.turn, slot.eased = later(slot.due, notBefore), later(slot.turn, notBefore), true
		s.slots[id] = slot
	}
}

// EndEasing undoes [Schedule.Ease] for all runs. The postponed requests are then due one interval after now at the
// latest.
func (s *Schedule) EndEasing(now time.Time) {
	for id, slot := range s.slots {
		if due := now.Add(s.interval); slot.eased && slot.due.After(due) {
			slot.due, slot.turn, slot.eased = due, due, false
			s.slots[id] = slot
		}
	}
}

// Interval returns the time between two polls of a run. The time is longer than the configured interval if the runs
// have to take turns.
func (s *Schedule) Interval() time.Duration {
	return max(s.interval, time.Duration(len(s.slots))*s.budget.spacing())
}

// Next returns the earliest time at which a request may be sent. It returns false if no request may be sent before
// another answer arrives, or if there are no runs.
func (s *Schedule) Next() (time.Time, bool) {
	var next time.Time
	found := false
	within := s.budget.nextTime(s.inFlight)
	for _, slot := range s.slots {
		if due, waits := slot.dueWithin(within).Get(); waits && (!found || due.Before(next)) {
			next, found = due, true
		}
	}
	return next, found
}

// dueWithin returns when the request of a slot may be sent. The parameter budgetTime is the time at which the budget
// allows the next request. It has no effect if the field hurried is set.
func (s slot) dueWithin(budgetTime optional.Value[time.Time]) optional.Value[time.Time] {
	at, free := budgetTime.Get()
	switch {
	case s.isWaiting() && s.hurried:
		return optional.Some(s.due)
	case !s.isWaiting() || !free:
		return optional.Value[time.Time]{}
	default:
		return optional.Some(later(s.due, at))
	}
}

// DueAt returns when the request of a run is due. If the runs have to take turns, that is the estimated time of the
// run's turn. The time is unknown while the request is in flight, while the maximum number of requests is in flight,
// and for runs that have ended.
func (s *Schedule) DueAt(id int) optional.Value[time.Time] {
	slot, ok := s.slots[id]
	if !ok {
		return optional.Value[time.Time]{}
	}
	due := slot.dueWithin(s.budget.nextTime(s.inFlight))
	if at, waits := due.Get(); waits && !slot.hurried && s.Interval() > s.interval {
		return optional.Some(later(at, slot.turn))
	}
	return due
}

// Budget returns how many requests count toward the limit per minute, and this limit. The limit is 0 if there is none.
func (s *Schedule) Budget(now time.Time) (used, limit int) {
	return s.budget.countedRequests(now), s.budget.perMinute()
}

// InFlight reports whether a request of the run is in flight.
func (s *Schedule) InFlight(id int) bool { return s.slots[id].inFlight }

// PausedUntil returns the time before which no request is sent, because the service has refused one with status 429. The
// time stays known until a later request succeeds.
func (s *Schedule) PausedUntil() optional.Value[time.Time] {
	if s.budget.pausedUntil.IsZero() {
		return optional.Value[time.Time]{}
	}
	return optional.Some(s.budget.pausedUntil)
}

// Unreachable reports whether the newest attempt to reach the service failed.
func (s *Schedule) Unreachable() bool { return s.budget.outage > 0 }
