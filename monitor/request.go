package monitor

import (
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// start records that the next request of a run is sent now, and returns the kind of the request. If the run needs no
// request, start removes it from the schedule.
func (m *Monitor) start(now time.Time, key RunKey, run *watched) watch.Request {
	kind := run.watch.NextRequest()
	if kind == watch.RequestNone {
		m.schedule.Remove(int(key))
		return kind
	}
	m.schedule.Start(int(key), now)
	switch kind {
	case watch.RequestDispatch:
		run.watch.Dispatching(now)
	case watch.RequestUsage:
		m.usage.asker, m.usage.askedAt = key, now
	case watch.RequestPoll, watch.RequestNone:
	}
	return kind
}

// record updates a run and the schedule after an answer to a request for the run.
func (m *Monitor) record(now time.Time, run *watched, answer Answer) {
	isDueNow := false
	switch answer.Kind {
	case watch.RequestUsage:
		isDueNow = run.recordUsage(answer)
	case watch.RequestDispatch:
		isDueNow = run.recordDispatch(now, answer)
	case watch.RequestPoll:
		isDueNow = m.recordPoll(now, run, answer)
	case watch.RequestNone:
	}
	if answer.Problem == nil {
		m.schedule.Succeeded(int(answer.Key), now, m.endsIn(now, run))
		m.ease(now, answer.Key, run)
	} else {
		m.schedule.Failed(int(answer.Key), now, answer.Problem)
	}
	if isDueNow {
		m.schedule.Hurry(int(answer.Key), now)
	}
	if m.recordDelivery(now, answer.Key, run, answer) {
		m.schedule.Promote(int(answer.Key), now)
	}
}

// recordUsage records the answer to a usage request. It returns true if the next request is a dispatch, and if no rate
// limit refused the usage request. The dispatch is then due at once.
func (r *watched) recordUsage(answer Answer) (isDueNow bool) {
	if answer.Problem == nil {
		r.watch.UsageRead(answer.Usage)
	} else {
		r.watch.UsageFailed(answer.Problem)
	}
	mayGoOn := answer.Problem == nil || answer.Problem.Kind != run.ProblemRateLimited
	return mayGoOn && r.watch.NextRequest() == watch.RequestDispatch
}

// recordDispatch records the answer to a dispatch and reports whether the next request is due at once.
func (r *watched) recordDispatch(now time.Time, answer Answer) (isDueNow bool) {
	if answer.Problem == nil {
		r.watch.Dispatched(answer.Dispatch)
		r.since = now.Add(1) // usage that was requested at this very time does not include the run
		return true
	}
	r.watch.DispatchFailed(answer.Problem)
	return r.watch.Over() // usage shows whether a run was started
}

// recordPoll records the answer to a poll and reports whether the next request is due at once.
func (m *Monitor) recordPoll(now time.Time, r *watched, answer Answer) (isDueNow bool) {
	if answer.Problem != nil {
		r.watch.PollFailed(answer.Problem)
		return false
	}
	r.watch.Polled(answer.Poll, now, answer.Took)
	recipe := r.watch.RecipeID().Raw()
	if took, known := r.watch.Run().Duration().Get(); known && !m.typical[recipe].isExpected {
		m.typical[recipe] = typicalTime{took: took}
	}
	m.reuseUsage(r)
	return r.watch.NextRequest() != watch.RequestPoll
}

// endsIn returns the time until the run may end, or 0 if this time is unknown.
func (m *Monitor) endsIn(now time.Time, r *watched) time.Duration {
	typical := optional.Value[time.Duration]{}
	if one, known := m.typical[r.watch.RecipeID().Raw()]; known {
		typical = optional.Some(one.took)
	}
	return watch.EndsIn(&r.watch, now, typical)
}

// dispatchNext makes the dispatch of the next recipe due when the outcome of the previous dispatch is known. If the
// answer to the previous dispatch was lost, the account's usage must be read first. After another dispatch, the usage
// would no longer show whether the previous one has started a run.
func (m *Monitor) dispatchNext(now time.Time) {
	for len(m.pending) > 0 {
		first, ok := m.runs[m.pending[0]]
		if ok && !first.stopped && !first.isDispatchSettled() {
			return
		}
		m.pending = m.pending[1:]
		if len(m.pending) == 0 {
			return
		}
		key := m.pending[0]
		next, known := m.runs[key]
		if !known || next.stopped || next.watch.Over() {
			continue
		}
		if usage, read := first.usageBefore(); read {
			next.watch.UsageRead(usage)
		}
		m.schedule.Add(int(key), now)
		return
	}
}

// isDispatchSettled reports whether the outcome of the dispatch is known, or will never be known.
func (r *watched) isDispatchSettled() bool {
	switch r.watch.Phase() {
	case watch.PhaseDispatching:
		return false
	case watch.PhaseLost:
		return r.watch.NextRequest() == watch.RequestNone
	case watch.PhasePolling, watch.PhaseEnded, watch.PhaseGaveUp:
	}
	return true
}

// usageBefore returns the usage that was read before a refused dispatch. Because that dispatch started no run, the next
// dispatch can use this usage instead of reading it again. usageBefore returns false if the dispatch of r was not
// refused, or if the usage is unknown.
func (r *watched) usageBefore() (run.Usage, bool) {
	if r == nil || r.watch.Phase() != watch.PhaseGaveUp || !r.watch.RunID().IsEmpty() {
		return run.Usage{}, false
	}
	return r.watch.Usage()
}

// refuseAll ends the watches of all runs without a request in flight, because the service has refused the key.
func (m *Monitor) refuseAll(now time.Time, problem *run.Problem) []Event {
	var events []Event
	for _, key := range m.keys {
		run := m.runs[key]
		if m.Done(key) || m.schedule.InFlight(int(key)) {
			continue
		}
		refused := *problem
		if run.watch.Phase() == watch.PhaseDispatching {
			refused.What = text.NewText("recipe " + run.watch.RecipeID().Raw())
			run.watch.DispatchFailed(&refused)
		} else if !run.watch.Over() {
			refused.What = text.NewText("run " + run.watch.RunID().Raw())
			run.watch.PollFailed(&refused)
		}
		events = append(events, m.afterChange(now, key, run)...)
	}
	return events
}
