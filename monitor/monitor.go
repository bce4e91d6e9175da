package monitor

import (
	"slices"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// RunKey identifies a run within one [Monitor]. Keys start at 1 and are never reused.
type RunKey int

// Request is a request to send now.
type Request struct {
	Key  RunKey
	Kind watch.Request
	// ID is the id of the recipe to dispatch or of the run to poll. It is empty for usage.
	ID text.Text
}

// Answer is the result of a request: a problem, or the value that the kind of the request asks for.
type Answer struct {
	Request

	Problem  *run.Problem
	Usage    run.Usage
	Dispatch run.Dispatch
	Poll     run.Answer
	// Took is the time from the request to its answer.
	Took time.Duration
}

// Limits are limits on the requests of the account that all runs belong to. A field of 0 means no limit.
type Limits struct {
	PerMinute  int
	Concurrent int // in flight
	// FromFirst applies the limits to a single run, too. Otherwise they apply from the second run on, because the interval
	// limits the requests of one run.
	FromFirst bool
}

// Monitor watches runs of one account. Use [New] to create one; it must not be copied. Methods do nothing and return zero
// values for the key of an unknown or removed run.
//
// Recipes are dispatched one after another: the next one when the outcome of the one before is known. Usage is requested
// once for all runs that need it.
type Monitor struct {
	schedule *watch.Schedule
	limits   Limits
	runs     map[RunKey]*watched
	keys     []RunKey // in the order of Add
	lastKey  RunKey   // the last assigned key
	pending  []RunKey // runs to dispatch, in order; only the first is in the schedule
	usage    sharedUsage
	// typical is how long a run of a recipe takes, by the id of the recipe.
	typical map[string]typicalTime
	clock   time.Time // the time of the last Tick
	touched []RunKey  // see Touched
}

// watched is one run of a monitor.
type watched struct {
	watch watch.Watch
	// since is when the run was added or its dispatch was answered: usage that was requested later covers it.
	since    time.Time
	stopped  bool    // by Stop: no more requests, even if the watch needs some
	touched  bool    // whether the key is in Monitor.touched
	request  Request // the last request
	sentAt   time.Time
	failures Failures
	seen     snapshot
}

// snapshot holds the fields of a run whose changes cause events.
type snapshot struct {
	idKnown, answered, over bool
	status                  string
	pages, items, credits   optional.Value[int64]
}

// typicalTime is how long a run takes: as expected, or as the last one did.
type typicalTime struct {
	took       time.Duration
	isExpected bool
}

// New returns a monitor without runs. It polls a run again interval after the last answer. jitter returns random numbers
// in [0, 1), which spread the retries of failed requests.
func New(interval time.Duration, jitter func() float64) *Monitor {
	return &Monitor{
		schedule: watch.NewSchedule(interval, jitter), runs: map[RunKey]*watched{}, typical: map[string]typicalTime{},
	}
}

// Limit sets the limits on requests. Without it there are none, except those that the service names when it refuses a
// request.
func (m *Monitor) Limit(limits Limits) {
	m.limits = limits
	m.applyLimits()
}

// Expect sets how long the runs of a recipe usually take, so that they are polled sooner when they are likely to end. For other
// recipes, the last run that was watched tells.
func (m *Monitor) Expect(recipe text.Text, took time.Duration) {
	m.typical[recipe.Raw()] = typicalTime{took, true}
}

// Sent records a request that was sent by someone else at sentAt and counts against the limits. Call it before [Monitor.Add].
func (m *Monitor) Sent(sentAt time.Time) { m.schedule.Sent(sentAt) }

// applyLimits applies the limits from the second run on. They stay when runs end, because the service still counts their
// requests.
func (m *Monitor) applyLimits() {
	if m.limits.FromFirst || len(m.keys) > 1 {
		m.schedule.Limit(watch.Limits{PerMinute: m.limits.PerMinute, Concurrent: m.limits.Concurrent})
	}
}

// Add adds a run and returns its key. The first request is due at once, unless the watch has already ended or other
// recipes are to be dispatched first.
func (m *Monitor) Add(now time.Time, added watch.Watch) RunKey {
	m.lastKey++
	key := m.lastKey
	run := &watched{watch: added, since: now}
	run.seen = snapshotOf(&run.watch)
	m.runs[key] = run
	m.keys = append(m.keys, key)
	m.touch(key, run)
	m.applyLimits()
	switch {
	case m.Done(key):
	case run.watch.Phase() == watch.PhaseDispatching:
		m.pending = append(m.pending, key)
		if len(m.pending) == 1 {
			m.schedule.Add(int(key), now)
		}
	default:
		m.schedule.Add(int(key), now)
	}
	return key
}

// Remove removes a run. The answer to a request in flight will be ignored. A recipe that was not dispatched yet will not
// be dispatched.
func (m *Monitor) Remove(now time.Time, key RunKey) {
	m.Stop(now, key)
	delete(m.runs, key)
	m.keys = slices.DeleteFunc(m.keys, func(k RunKey) bool { return k == key })
}

// Stop sends no more requests for a run, but keeps its data. The answer to a request in flight will be ignored. A recipe
// that was not dispatched yet will not be dispatched.
func (m *Monitor) Stop(now time.Time, key RunKey) {
	run, ok := m.runs[key]
	if !ok {
		return
	}
	run.stopped = true
	m.touch(key, run)
	m.schedule.Remove(int(key))
	m.releaseUsage(now, key)
	m.dispatchNext(now)
}

// Keys returns the keys of all runs, in the order of [Monitor.Add].
func (m *Monitor) Keys() []RunKey { return slices.Clone(m.keys) }

// Watch returns the watch of a run, or nil for an unknown key. Callers must not modify it.
func (m *Monitor) Watch(key RunKey) *watch.Watch {
	if run, ok := m.runs[key]; ok {
		return &run.watch
	}
	return nil
}

// Failures returns the failed requests of a run since its last successful one.
func (m *Monitor) Failures(key RunKey) Failures {
	if run, ok := m.runs[key]; ok {
		return run.failures
	}
	return Failures{}
}

// Done reports whether a run needs no more requests. A run that has ended is not done until its usage has been read.
func (m *Monitor) Done(key RunKey) bool {
	run, ok := m.runs[key]
	return !ok || run.stopped || run.watch.NextRequest() == watch.RequestNone
}

// AllDone reports whether no run needs more requests.
func (m *Monitor) AllDone() bool {
	return !slices.ContainsFunc(m.keys, func(key RunKey) bool { return !m.Done(key) })
}

// Due returns the requests to send now, the longest overdue first. They count as sent: the driver must pass an answer
// to each of them to [Monitor.Apply]. Until then no other request of the same run is due.
func (m *Monitor) Due(now time.Time) []Request {
	var requests []Request
	for _, id := range m.schedule.Due(now) {
		key := RunKey(id)
		run := m.runs[key]
		if m.joinUsage(key, run) {
			continue
		}
		kind := m.start(now, key, run)
		if kind == watch.RequestNone {
			continue
		}
		run.request, run.sentAt = Request{Key: key, Kind: kind}, now
		switch kind {
		case watch.RequestDispatch:
			run.request.ID = run.watch.RecipeID()
		case watch.RequestPoll:
			run.request.ID = run.watch.RunID()
		case watch.RequestUsage, watch.RequestNone:
		}
		requests = append(requests, run.request)
	}
	return requests
}

// Apply applies the answer to a request and returns the resulting events, in order. It ignores an answer without a
// request in flight.
func (m *Monitor) Apply(now time.Time, answer Answer) []Event {
	asker, ok := m.runs[answer.Key]
	if !ok || !m.schedule.InFlight(int(answer.Key)) || asker.request.Kind != answer.Kind {
		return nil
	}
	m.record(now, asker, answer)
	events := m.changed(now, answer.Key, asker)
	if answer.Kind == watch.RequestUsage {
		events = append(events, m.share(now, answer)...)
	}
	if answer.Problem != nil && answer.Problem.Kind == run.ProblemKey {
		events = append(events, m.refuseAll(now, answer.Problem)...)
	}
	m.dispatchNext(now)
	return events
}

// changed updates the schedule after a change of a watch, and returns the events of its run.
func (m *Monitor) changed(now time.Time, key RunKey, run *watched) []Event {
	m.touch(key, run)
	if m.Done(key) {
		m.schedule.Remove(int(key))
	}
	return run.events(now, key)
}

// Receiving stores the items received so far of a poll whose answer is still arriving.
func (m *Monitor) Receiving(key RunKey, items item.Table) {
	if run, ok := m.runs[key]; ok && m.schedule.InFlight(int(key)) {
		run.watch.Receiving(items)
	}
}

func (m *Monitor) touch(key RunKey, run *watched) {
	if !run.touched {
		run.touched = true
		m.touched = append(m.touched, key)
	}
}

// Touched returns the keys of the runs that were added, stopped or got an answer since the last call.
func (m *Monitor) Touched() []RunKey {
	keys := m.touched
	m.touched = nil
	for _, key := range keys {
		if run, ok := m.runs[key]; ok {
			run.touched = false
		}
	}
	return keys
}

// DropItems frees the items of a run that has ended and whose items are not needed any longer.
func (m *Monitor) DropItems(key RunKey) {
	if run, ok := m.runs[key]; ok {
		run.watch.DropItems()
	}
}

// RestoreItems sets the items of a run, or some of them, after they were dropped and read again.
func (m *Monitor) RestoreItems(key RunKey, items item.Table) {
	if run, ok := m.runs[key]; ok {
		run.watch.RestoreItems(items)
	}
}

// Demand makes the next request of a run due now because the user asks for it, ignoring rate limits and backoff. It does
// nothing while a request is in flight.
func (m *Monitor) Demand(now time.Time, key RunKey) { m.schedule.Demand(int(key), now) }

// Interval returns the time between two polls of a run: that of [New], or longer if the limits make the runs take turns.
func (m *Monitor) Interval() time.Duration { return m.schedule.Interval() }

// Unreachable reports whether the last requests did not reach the service. Then one run at a time tries again, and the
// others wait.
func (m *Monitor) Unreachable() bool { return m.schedule.Unreachable() }

// Next returns the time of the next request. It returns false while every run is done or has a request in flight.
func (m *Monitor) Next() (time.Time, bool) { return m.schedule.Next() }

// DueAt returns the time of the next request of a run. It is unknown while a request is in flight and for a run that is
// done.
func (m *Monitor) DueAt(key RunKey) optional.Value[time.Time] { return m.schedule.DueAt(int(key)) }

// InFlight returns the request of a run that is in flight and when it was sent. ok is false if there is none.
func (m *Monitor) InFlight(key RunKey) (request Request, sentAt time.Time, ok bool) {
	run, known := m.runs[key]
	if !known || !m.schedule.InFlight(int(key)) {
		return Request{}, time.Time{}, false
	}
	return run.request, run.sentAt, true
}

// events returns the events since the last call.
func (r *watched) events(now time.Time, key RunKey) []Event {
	var events []Event
	old, current := r.seen, snapshotOf(&r.watch)
	r.seen = current
	if current.idKnown && !old.idKnown {
		events = append(events, Event{Key: key, Kind: Dispatched})
	}
	switch {
	case current.over && !old.over:
		events = append(events, Event{Key: key, Kind: Ended, Problem: r.watch.Problem()})
	case current != old && current.answered && !current.over:
		events = append(events, Event{Key: key, Kind: Changed})
	}
	return r.failureEvents(now, key, events)
}

// failureEvents appends a ProblemFound or Recovered event, if there is one, to events. Once the watch has ended there is
// no ProblemFound: only usage is requested then, and its failure does not concern the user.
func (r *watched) failureEvents(now time.Time, key RunKey, events []Event) []Event {
	problem := r.watch.Problem()
	if problem == nil {
		problem = r.watch.UsageProblem()
	}
	switch {
	case r.watch.Over() && r.watch.Phase() != watch.PhaseEnded:
	case problem != nil && problem != r.failures.Last && !r.watch.Over():
		if r.failures.Count == 0 {
			r.failures.Since = now
		}
		r.failures.Count++
		r.failures.Last = problem
		return append(events, Event{Key: key, Kind: ProblemFound, Problem: problem, Failures: r.failures})
	case problem == nil && r.failures.Count > 0:
		past := r.failures
		r.failures = Failures{}
		return append(events, Event{Key: key, Kind: Recovered, Failures: past})
	}
	return events
}

func snapshotOf(watch *watch.Watch) snapshot {
	run := watch.Run()
	_, answered := watch.Answer()
	s := snapshot{
		idKnown: !watch.RunID().IsEmpty(), answered: answered, over: watch.Over(),
		pages: run.Pages, items: run.Items, credits: run.Credits,
	}
	if answered {
		s.status = run.StatusText()
	}
	return s
}
