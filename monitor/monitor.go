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

// Answer is the result of a request: a problem, or the value for this kind of request.
type Answer struct {
	Request

	Problem  *run.Problem
	Usage    run.Usage
	Dispatch run.Dispatch
	Poll     run.Answer
	// Took is the time from the request to its answer.
	Took time.Duration
}

// Limits holds the request limits of the account. The limits apply to all runs together. A field of 0 means no limit.
type Limits struct {
	PerMinute  int
	Concurrent int // maximum number of requests in flight
	// FromFirst makes the limits apply even to a single run. Otherwise they apply only to two or more runs, because the
	// interval already limits the requests of a single run.
	FromFirst bool
}

// Monitor watches runs of one account. Use [New] to create one; it must not be copied. If a method is called with the
// [RunKey] of an unknown or removed run, it does nothing and returns zero values.
//
// A Monitor dispatches recipes one after another. It dispatches the next recipe only when the outcome of the previous
// dispatch is known. It requests the account's usage once for all runs that need it.
type Monitor struct {
	schedule *watch.Schedule
	limits   Limits
	runs     map[RunKey]*watched
	keys     []RunKey // in the order in which they were added
	lastKey  RunKey   // last assigned key
	pending  []RunKey // runs to dispatch, in order; the schedule contains only the first
	usage    sharedUsage
	// typical holds how long a run of a recipe takes, by recipe id.
	typical    map[string]typicalTime
	clock      time.Time // time of the last Tick
	touched    []RunKey  // keys that Touched will return
	deliveries deliveries
}

// watched is one run of a monitor.
type watched struct {
	watch watch.Watch
	// since is the time when the run was added or, later, when its dispatch was answered. Usage that was requested
	// before this time does not include the run.
	since    time.Time
	stopped  bool    // whether Stop was called, so that no more requests are sent for the run
	touched  bool    // whether the key is in Monitor.touched
	request  Request // last request of the run
	sentAt   time.Time
	failures Failures
	seen     snapshot
	delivery delivery
}

// snapshot holds the fields of a run that cause an event when they change.
type snapshot struct {
	idKnown, answered, over bool
	status                  string
	pages, items, credits   optional.Value[int64]
}

// typicalTime is how long a run of a recipe takes. If isExpected is true, the duration was set by [Monitor.Expect].
// Otherwise, it is the duration of the last run.
type typicalTime struct {
	took       time.Duration
	isExpected bool
}

// New returns a monitor without runs. interval is the time between the answer to a poll and the next poll of the same
// run. jitter returns random numbers in [0, 1). They vary the waits after failed requests.
func New(interval time.Duration, jitter func() float64) *Monitor {
	return &Monitor{
		schedule: watch.NewSchedule(interval, jitter), runs: map[RunKey]*watched{}, typical: map[string]typicalTime{},
	}
}

// Limit sets the limits on requests. Without this call, the only limits are those in the service's answers.
func (m *Monitor) Limit(limits Limits) {
	m.limits = limits
	m.applyLimits()
}

// Expect sets how long the runs of a recipe usually take. The monitor then polls a run close to the time at which the
// run probably ends. Without Expect, the monitor uses the duration of the last watched run of the recipe.
func (m *Monitor) Expect(recipe text.Text, took time.Duration) {
	m.typical[recipe.Raw()] = typicalTime{took, true}
}

// Sent records a request that was sent without the monitor. The request counts toward the limits. Call Sent before
// [Monitor.Add].
func (m *Monitor) Sent(sentAt time.Time) { m.schedule.Sent(sentAt) }

// applyLimits makes the limits on requests take effect if there are several runs, or if [Limits.FromFirst] is true. The
// limits stay in effect when runs end, because the service still counts the requests for these runs.
func (m *Monitor) applyLimits() {
	if m.limits.FromFirst || len(m.keys) > 1 {
		m.schedule.Limit(watch.Limits{PerMinute: m.limits.PerMinute, Concurrent: m.limits.Concurrent})
	}
}

// Add adds a run and returns its key. The first request of the run is due at once, unless its watch has already ended,
// or other recipes must be dispatched first.
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

// Remove removes a run. The monitor ignores the answer to a request in flight. If the recipe of the run is not
// dispatched yet, it will not be dispatched.
func (m *Monitor) Remove(now time.Time, key RunKey) {
	m.Stop(now, key)
	delete(m.runs, key)
	m.keys = slices.DeleteFunc(m.keys, func(k RunKey) bool { return k == key })
}

// Stop ends the requests for a run, but keeps its data. The monitor ignores the answer to a request in flight. If the
// recipe of the run is not dispatched yet, it will not be dispatched.
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

// Keys returns the [RunKey] of each run, in the order in which the runs were added.
func (m *Monitor) Keys() []RunKey { return slices.Clone(m.keys) }

// Watch returns the watch of a run, or nil if the key is unknown. Callers must not modify the watch.
func (m *Monitor) Watch(key RunKey) *watch.Watch {
	if run, ok := m.runs[key]; ok {
		return &run.watch
	}
	return nil
}

// Failures describes the failed requests of a run since its last successful request.
func (m *Monitor) Failures(key RunKey) Failures {
	if run, ok := m.runs[key]; ok {
		return run.failures
	}
	return Failures{}
}

// Done reports whether a run needs no more requests. A run that has ended needs requests until the account's usage is
// read.
func (m *Monitor) Done(key RunKey) bool {
	run, ok := m.runs[key]
	return !ok || run.stopped || run.watch.NextRequest() == watch.RequestNone
}

// AllDone reports whether all runs are done; see [Monitor.Done].
func (m *Monitor) AllDone() bool {
	return !slices.ContainsFunc(m.keys, func(key RunKey) bool { return !m.Done(key) })
}

// Due returns the requests to send now, the longest overdue request first. The caller must send all of them, and pass
// each answer to [Monitor.Apply]. Until then, no other request of the same run becomes due.
func (m *Monitor) Due(now time.Time) []Request {
	m.recordMissed(now)
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

// Apply applies the answer to a request, and returns the resulting events in order. It ignores the answer if no request
// of the run is in flight.
func (m *Monitor) Apply(now time.Time, answer Answer) []Event {
	asker, ok := m.runs[answer.Key]
	if !ok || !m.schedule.InFlight(int(answer.Key)) || asker.request.Kind != answer.Kind {
		return nil
	}
	m.record(now, asker, answer)
	events := m.afterChange(now, answer.Key, asker)
	if answer.Kind == watch.RequestUsage {
		events = append(events, m.share(now, answer)...)
	}
	if answer.Problem != nil && answer.Problem.Kind == run.ProblemKey {
		events = append(events, m.refuseAll(now, answer.Problem)...)
	}
	m.dispatchNext(now)
	return events
}

// afterChange updates the schedule after the watch of a run has changed, and returns the events of the run.
func (m *Monitor) afterChange(now time.Time, key RunKey, run *watched) []Event {
	m.touch(key, run)
	if m.Done(key) {
		m.schedule.Remove(int(key))
	}
	return run.events(now, key)
}

// Receiving stores the items that have arrived so far, while the answer to a poll is still being received.
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

// Touched returns the keys of the runs that were added, stopped or answered since its last call.
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

// DropItems frees the items of a run that has ended. Call it when nothing needs the items any more.
func (m *Monitor) DropItems(key RunKey) {
	if run, ok := m.runs[key]; ok {
		run.watch.DropItems()
	}
}

// Budget returns the number of requests in the last minute that count toward the limit on requests per minute, and this
// limit. If requests are not limited, limit is 0.
func (m *Monitor) Budget(now time.Time) (used, limit int) { return m.schedule.Budget(now) }

// RestoreItems restores the items of a run after [Monitor.DropItems]. The caller has read these items again.
// RestoreItems may be called repeatedly while the items are being read.
func (m *Monitor) RestoreItems(key RunKey, items item.Table) {
	if run, ok := m.runs[key]; ok {
		run.watch.RestoreItems(items)
	}
}

// Demand makes the next request of a run due now, because the user asked for it. It ignores rate limits and backoff. It
// does nothing if a request of the run is in flight.
func (m *Monitor) Demand(now time.Time, key RunKey) { m.schedule.Demand(int(key), now) }

// Interval returns the time between two polls of a run: the interval passed to [New], or more if the limits make the
// runs take turns.
func (m *Monitor) Interval() time.Duration { return m.schedule.Interval() }

// Unreachable reports whether the last requests did not reach the service. Meanwhile, only one run tries again, and all
// others wait.
func (m *Monitor) Unreachable() bool { return m.schedule.Unreachable() }

// PausedUntil returns the time before which no request is sent, because the service has refused one with status 429. The
// time stays known until a later request succeeds.
func (m *Monitor) PausedUntil() optional.Value[time.Time] { return m.schedule.PausedUntil() }

// Next returns the time of the next request. It returns false if every run is done or has a request in flight.
func (m *Monitor) Next() (time.Time, bool) { return m.schedule.Next() }

// DueAt returns the time of the next request of a run. The time is unknown if a request is in flight, or if the run is
// done.
func (m *Monitor) DueAt(key RunKey) optional.Value[time.Time] { return m.schedule.DueAt(int(key)) }

// InFlight returns the request of a run that is in flight, and the time when it was sent. If there is no such request,
// ok is false.
func (m *Monitor) InFlight(key RunKey) (request Request, sentAt time.Time, ok bool) {
	run, known := m.runs[key]
	if !known || !m.schedule.InFlight(int(key)) {
		return Request{}, time.Time{}, false
	}
	return run.request, run.sentAt, true
}

// events returns the events of the run since the last call of events.
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

// failureEvents appends a ProblemFound or Recovered event to events if one has occurred. After the watch has ended,
// only usage is requested, and its problems are not reported.
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
