package monitor

import (
	"time"

	"sbwatch/model/run"
	"sbwatch/model/watch"
)

// start records that the next request of a run is sent now, and returns its kind. If the run needs no request, start
// removes it from the schedule.
func (m *Monitor) start(now time.Time, key RunKey, run *watched) watch.Request {
	kind := run.watch.NextRequest()
	if kind == watch.RequestNone {
		m.schedule.Remove(int(key))
		return kind
	}
	m.schedule.Start(int(key), now)
	if kind == watch.RequestDispatch {
		run.watch.Dispatching(now)
	}
	return kind
}

// record applies an answer to its run and to the schedule.
func (m *Monitor) record(now time.Time, run *watched, answer Answer) {
	if answer.Problem == nil {
		m.schedule.Succeeded(int(answer.Key), now)
	} else {
		m.schedule.Failed(int(answer.Key), now, answer.Problem)
	}
	hurry := false
	switch answer.Kind {
	case watch.RequestUsage:
		hurry = run.recordUsage(answer)
	case watch.RequestDispatch:
		hurry = run.recordDispatch(answer)
	case watch.RequestPoll:
		hurry = run.recordPoll(now, answer)
	case watch.RequestNone:
	}
	if hurry {
		m.schedule.Hurry(int(answer.Key), now)
	}
}

// recordUsage records the answer to a usage request and reports whether the next request is due at once. That is a
// dispatch, even if usage could not be read, unless the service asked for a pause.
func (r *watched) recordUsage(answer Answer) (hurry bool) {
	if answer.Problem == nil {
		r.watch.UsageRead(answer.Usage)
	} else {
		r.watch.UsageFailed(answer.Problem)
	}
	mayGoOn := answer.Problem == nil || answer.Problem.Kind != run.ProblemRateLimited
	return mayGoOn && r.watch.NextRequest() == watch.RequestDispatch
}

// recordDispatch records the answer to a dispatch and reports whether the next request is due at once.
func (r *watched) recordDispatch(answer Answer) (hurry bool) {
	if answer.Problem == nil {
		r.watch.Dispatched(answer.Dispatch)
		return true
	}
	r.watch.DispatchFailed(answer.Problem)
	return r.watch.Over() // usage tells whether a run was started
}

// recordPoll records the answer to a poll and reports whether the next request is due at once.
func (r *watched) recordPoll(now time.Time, answer Answer) (hurry bool) {
	if answer.Problem != nil {
		r.watch.PollFailed(answer.Problem)
		return false
	}
	r.watch.Polled(answer.Poll, now, answer.Took)
	return r.watch.NextRequest() != watch.RequestPoll
}
