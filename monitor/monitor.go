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

// RunKey names a run within one [Monitor]. Keys start at 1 and are never used twice.
type RunKey int

// Request is a request that is to be sent now.
type Request struct {
	Key  RunKey
	Kind watch.Request
	// ID is that of the recipe to dispatch or of the run to poll. It is empty for usage.
	ID text.Text
}

// Answer is what a request brought: a problem, or the value for the kind of the request.
type Answer struct {
	Request

	Problem  *run.Problem
	Usage    run.Usage
	Dispatch run.Dispatch
	Poll     run.Answer
	// Took is the time from the request to its answer.
	Took time.Duration
}

// Monitor watches runs. Use [New] to make one; it must not be copied. A method that is given the key of a run that the
// monitor does not have, or has removed, does nothing and returns zero values.
type Monitor struct {
	schedule *watch.Schedule
	runs     map[RunKey]*watched
	keys     []RunKey // in the order that the runs were added
	newest   RunKey   // the last key that was assigned
}

// watched is one run of a monitor.
type watched struct {
	watch    watch.Watch
	stopped  bool    // nothing more is asked, whatever the watch would like to know
	request  Request // the newest
	sentAt   time.Time
	failures Failures
	seen     snapshot
}

// snapshot is what makes an event when it changes.
type snapshot struct {
	idKnown, answered, over bool
	status                  string
	pages, items, credits   optional.Value[int64]
}

// New returns a monitor without runs. A run is polled an interval after the answer to its last poll. The jitter returns
// numbers from 0 up to 1; it spreads the pauses after failed requests.
func New(interval time.Duration, jitter func() float64) *Monitor {
	return &Monitor{schedule: watch.NewSchedule(interval, jitter), runs: map[RunKey]*watched{}}
}

// Add adds a run and returns its key. The first request is due at once, unless the watch is over.
func (m *Monitor) Add(now time.Time, watch watch.Watch) RunKey {
	m.newest++
	key := m.newest
	run := &watched{watch: watch}
	run.seen = snapshotOf(&run.watch)
	m.runs[key] = run
	m.keys = append(m.keys, key)
	if !m.Done(key) {
		m.schedule.Add(int(key), now)
	}
	return key
}

// Remove forgets a run. The answer to a request that is under way will be ignored.
func (m *Monitor) Remove(key RunKey) {
	m.schedule.Remove(int(key))
	delete(m.runs, key)
	m.keys = slices.DeleteFunc(m.keys, func(k RunKey) bool { return k == key })
}

// Stop asks nothing more about a run and keeps what is known of it. The answer to a request that is under way will be
// ignored.
func (m *Monitor) Stop(key RunKey) {
	if run, ok := m.runs[key]; ok {
		run.stopped = true
		m.schedule.Remove(int(key))
	}
}

// Keys returns the keys of all runs, in the order that they were added.
func (m *Monitor) Keys() []RunKey { return slices.Clone(m.keys) }

// Watch returns what is known of a run, nil for a key that is not known. It is for reading: only the monitor changes it.
func (m *Monitor) Watch(key RunKey) *watch.Watch {
	if run, ok := m.runs[key]; ok {
		return &run.watch
	}
	return nil
}

// Failures returns the requests of a run that failed since its last good answer.
func (m *Monitor) Failures(key RunKey) Failures {
	if run, ok := m.runs[key]; ok {
		return run.failures
	}
	return Failures{}
}

// Done reports whether nothing more will be asked about a run. A run that is over may not be done: its usage is read after
// its end.
func (m *Monitor) Done(key RunKey) bool {
	run, ok := m.runs[key]
	return !ok || run.stopped || run.watch.NextRequest() == watch.RequestNone
}

// AllDone reports whether nothing more will be asked about any run.
func (m *Monitor) AllDone() bool {
	return !slices.ContainsFunc(m.keys, func(key RunKey) bool { return !m.Done(key) })
}

// Due returns the requests to send now, the longest overdue first. They count as sent: each must be answered by
// [Monitor.Apply], and until then no other request of its run is due.
func (m *Monitor) Due(now time.Time) []Request {
	var requests []Request
	for _, id := range m.schedule.Due(now) {
		key := RunKey(id)
		run := m.runs[key]
		kind := m.slot(key, run).Sent(now)
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

// slot returns a run with its place in the schedule, where sending and answering is decided.
func (m *Monitor) slot(key RunKey, run *watched) watch.Slot {
	return watch.Slot{Watch: &run.watch, Schedule: m.schedule, ID: int(key)}
}

// Apply takes the answer to a request and returns what it changed, in order. An answer that no request is waiting for
// changes nothing.
func (m *Monitor) Apply(now time.Time, answer Answer) []Event {
	run, ok := m.runs[answer.Key]
	if !ok || !m.schedule.InFlight(int(answer.Key)) || run.request.Kind != answer.Kind {
		return nil
	}
	slot := m.slot(answer.Key, run)
	switch answer.Kind {
	case watch.RequestUsage:
		slot.UsageAnswered(now, answer.Usage, answer.Problem)
	case watch.RequestDispatch:
		slot.DispatchAnswered(now, answer.Dispatch, answer.Problem)
	case watch.RequestPoll:
		slot.PollAnswered(now, answer.Poll, answer.Took, answer.Problem)
	case watch.RequestNone:
	}
	if m.Done(answer.Key) {
		m.schedule.Remove(int(answer.Key))
	}
	return run.events(now, answer.Key)
}

// Receiving notes the items of a poll whose answer is still arriving.
func (m *Monitor) Receiving(key RunKey, items item.Table) {
	if run, ok := m.runs[key]; ok && m.schedule.InFlight(int(key)) {
		run.watch.Receiving(items)
	}
}

// Demand makes the next request of a run due now because the user asks for it, whatever limits and pauses there are. It
// does nothing while a request is under way.
func (m *Monitor) Demand(now time.Time, key RunKey) { m.schedule.Demand(int(key), now) }

// Next returns when a request is due next. There is none while all runs wait for an answer or are done.
func (m *Monitor) Next() (time.Time, bool) { return m.schedule.Next() }

// DueAt returns when the next request of a run is due. It is not known while one is under way, nor for a run that is done.
func (m *Monitor) DueAt(key RunKey) optional.Value[time.Time] { return m.schedule.DueAt(int(key)) }

// UnderWay returns the request of a run that waits for its answer and when it was sent, if there is one.
func (m *Monitor) UnderWay(key RunKey) (request Request, sentAt time.Time, ok bool) {
	run, known := m.runs[key]
	if !known || !m.schedule.InFlight(int(key)) {
		return Request{}, time.Time{}, false
	}
	return run.request, run.sentAt, true
}

// events compares a run with what was last seen of it and returns what is new.
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

// failureEvents appends the event of a new problem, or of its end, to the others. After the end of a watch there are no
// new problems: what comes then is only of interest for its usage.
func (r *watched) failureEvents(now time.Time, key RunKey, events []Event) []Event {
	problem := r.watch.Problem()
	if problem == nil {
		problem = r.watch.UsageProblem()
	}
	switch {
	case r.watch.Over() && r.watch.Phase() != watch.PhaseEnded:
	case problem != nil && problem != r.failures.Newest && !r.watch.Over():
		if r.failures.Count == 0 {
			r.failures.Since = now
		}
		r.failures.Count++
		r.failures.Newest = problem
		return append(events, Event{Key: key, Kind: ProblemFound, Problem: problem, Failures: r.failures})
	case problem == nil && r.failures.Count > 0:
		ended := r.failures
		r.failures = Failures{}
		return append(events, Event{Key: key, Kind: Recovered, Failures: ended})
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
