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
// answers reduce the number of polls. All slots share one [Limits] budget: the given limits, and those that the service
// names when it refuses a request. If the budget does not cover all slots that are due, they take turns. A slot whose run
// may end soon comes earlier than its turn, up to four times as often, but no slot waits for more than twice its turn.
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
	turn     time.Time // slots that are due are served in this order
	earliest time.Time // before which only the user may have it due: after a failure
	inFlight bool
	sentAt   time.Time // of the last request
	joined   bool      // waits for the request of another slot
	hurried  bool      // by the user, who may overrule the budget
	byHand   bool      // the request under way was hurried
	eased    bool      // due later than after the interval
	failures int       // in a row
}

// isWaiting reports whether the slot waits for the time of its request.
func (s slot) isWaiting() bool { return !s.inFlight && !s.joined }

// soonShare is the part of a turn after which a run that may end soon is polled again.
const soonShare = 4

// NewSchedule returns an empty schedule without limits. The interval is raised to [MinInterval] if shorter. jitter returns
// numbers in [0, 1) and randomizes waits after failures.
func NewSchedule(interval time.Duration, jitter func() float64) *Schedule {
	return &Schedule{interval: max(interval, MinInterval), jitter: jitter, slots: map[int]slot{}, budget: newBudget()}
}

// Limit sets the limits of the budget. Lower ones that the service names take precedence.
func (s *Schedule) Limit(limits Limits) { s.budget.limits = limits }

// Sent records a request that was sent outside the schedule.
func (s *Schedule) Sent(sentAt time.Time) { s.budget.record(sentAt) }

// Add adds a slot whose first request is due immediately.
func (s *Schedule) Add(id int, now time.Time) {
	s.observe(now)
	s.slots[id] = slot{due: now, turn: now}
}

// Remove removes a slot whose run has ended.
func (s *Schedule) Remove(id int) {
	if s.slots[id].inFlight {
		s.inFlight--
	}
	delete(s.slots, id)
}

const (
	// clockTolerated is how far the clock may go back without being taken for set back: drivers read it in several places.
	clockTolerated = 2 * time.Second
	// longGap is longer than the time between two calls while the driver runs: the computer slept, or the clock was set.
	longGap = 2 * time.Minute
)

// observe notes the time. If the clock was set back, all times of the schedule move with it, so that no request has to
// wait until the clock shows its time again. If it jumped ahead, there is no burst of requests.
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

// Due returns the slots whose request should be sent now, in the order of their turns. Call [Schedule.Start] for each.
func (s *Schedule) Due(now time.Time) []int {
	s.observe(now)
	allowed := s.budget.allowed(now, s.inFlight, len(s.slots))
	var due []dueSlot
	chosen := allowed
	for id, slot := range s.slots {
		if slot.isWaiting() && !slot.due.After(now) && (allowed > 0 || slot.hurried) {
			due = append(due, dueSlot{id, slot.turn, slot.hurried})
			if slot.hurried {
				chosen++ // the budget is for the others
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

// compare orders slots by whether the user hurries them, by their turns and by their ids.
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

// firstDue returns the first n slots in their order. It changes due.
func firstDue(due []dueSlot, n int) []dueSlot {
	const few = 8
	if n >= len(due) || n > few {
		slices.SortFunc(due, dueSlot.compare)
		return due[:min(n, len(due))]
	}
	for i := range n { // few of many: without sorting them all
		for j := i + 1; j < len(due); j++ {
			if due[j].compare(due[i]) < 0 {
				due[i], due[j] = due[j], due[i]
			}
		}
	}
	return due[:n]
}

// Start records that the request of a slot was sent.
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

// Join makes a slot wait for the request of another one, whose answer is for both. [Schedule.Answered] ends the wait.
func (s *Schedule) Join(id int) {
	if slot, ok := s.slots[id]; ok && slot.isWaiting() {
		slot.joined, slot.hurried = true, false
		s.slots[id] = slot
	}
}

// Answered ends the wait of a slot that joined another one. Its next request is due an interval from now.
func (s *Schedule) Answered(id int, now time.Time, endsIn time.Duration) {
	if s.slots[id].joined {
		s.slots[id] = s.after(now, endsIn)
	}
}

// Succeeded records a good answer. The next request is due an interval from now. endsIn is in what time the run may end;
// 0 if that is unknown.
func (s *Schedule) Succeeded(id int, now time.Time, endsIn time.Duration) {
	s.observe(now)
	s.answer(id)
	if slot, ok := s.slots[id]; ok {
		s.budget.succeeded(now, slot.sentAt)
		s.slots[id] = s.after(now, endsIn)
	}
}

// after returns the slot of a run that was answered now and may end in some time; 0 if that is unknown.
func (s *Schedule) after(now time.Time, endsIn time.Duration) slot {
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

// Failed records a failed request. The next one is due after a backoff, or after the wait that the service asked for. A
// refusal for too many requests makes all slots wait. So does a service that cannot be reached, until a request of this
// slot reaches it.
func (s *Schedule) Failed(id int, now time.Time, problem *run.Problem) {
	s.observe(now)
	s.answer(id)
	old, ok := s.slots[id]
	if !ok {
		return
	}
	failures := old.failures + 1
	if old.byHand {
		failures = max(1, old.failures) // a try of the user's own makes nobody wait longer
	}
	wait := s.backoff(failures, problem)
	turn := old.turn // the first one to try again
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
	if slot, ok := s.slots[id]; ok && slot.isWaiting() {
		slot.due = later(now, slot.earliest)
		slot.turn, slot.eased = now, false
		s.slots[id] = slot
	}
}

// Promote makes a slot's request due now, as [Schedule.Hurry] does, and before those of all other slots.
func (s *Schedule) Promote(id int, now time.Time) {
	s.Hurry(id, now)
	if slot, ok := s.slots[id]; ok && slot.isWaiting() {
		slot.turn = time.Time{}
		s.slots[id] = slot
	}
}

// Demand makes a slot's request due now because the user asked for it. It overrides the budget and the backoff.
func (s *Schedule) Demand(id int, now time.Time) {
	if slot, ok := s.slots[id]; ok && slot.isWaiting() {
		slot.due, slot.hurried = now, true
		s.slots[id] = slot
	}
}

// Ease makes a slot's request due no earlier than at a time, because it is not urgent.
func (s *Schedule) Ease(id int, until time.Time) {
	if slot, ok := s.slots[id]; ok && slot.isWaiting() && !slot.hurried {
		slot.due, slot.turn, slot.eased = later(slot.due, until), later(slot.turn, until), true
		s.slots[id] = slot
	}
}

// EndEasing makes the requests of slots that [Schedule.Ease] made late due an interval from now.
func (s *Schedule) EndEasing(now time.Time) {
	for id, slot := range s.slots {
		if due := now.Add(s.interval); slot.eased && slot.due.After(due) {
			slot.due, slot.turn, slot.eased = due, due, false
			s.slots[id] = slot
		}
	}
}

// Interval returns the time between two polls of a run: the interval, or longer if the runs have to take turns.
func (s *Schedule) Interval() time.Duration {
	return max(s.interval, time.Duration(len(s.slots))*s.budget.spacing())
}

// Next returns when the next request is due within the budget; false while all slots wait for an answer.
func (s *Schedule) Next() (time.Time, bool) {
	var next time.Time
	found := false
	within := s.budget.next(s.inFlight)
	for _, slot := range s.slots {
		if due, waits := slot.dueWithin(within).Get(); waits && (!found || due.Before(next)) {
			next, found = due, true
		}
	}
	return next, found
}

// dueWithin returns when the request of a slot may be sent if the budget allows the next one at within.
func (s slot) dueWithin(within optional.Value[time.Time]) optional.Value[time.Time] {
	at, free := within.Get()
	switch {
	case s.isWaiting() && s.hurried:
		return optional.Some(s.due)
	case !s.isWaiting() || !free:
		return optional.Value[time.Time]{}
	default:
		return optional.Some(later(s.due, at))
	}
}

// DueAt returns when the request of a slot is due. If the runs have to take turns, that is about the time of its turn. It
// is unknown while the request or the maximum number of requests is in flight, and for runs that have ended.
func (s *Schedule) DueAt(id int) optional.Value[time.Time] {
	slot, ok := s.slots[id]
	if !ok {
		return optional.Value[time.Time]{}
	}
	due := slot.dueWithin(s.budget.next(s.inFlight))
	if at, waits := due.Get(); waits && !slot.hurried && s.Interval() > s.interval {
		return optional.Some(later(at, slot.turn))
	}
	return due
}

// Budget returns how many requests of the last minute count toward the limit per minute, and the limit; 0 if there is none.
func (s *Schedule) Budget(now time.Time) (used, limit int) {
	return s.budget.used(now), s.budget.perMinute()
}

// InFlight reports whether a request of the slot is in flight.
func (s *Schedule) InFlight(id int) bool { return s.slots[id].inFlight }

// Unreachable reports whether the last requests did not reach the service.
func (s *Schedule) Unreachable() bool { return s.budget.outage > 0 }
