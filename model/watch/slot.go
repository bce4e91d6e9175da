package watch

import (
	"time"

	"sbwatch/model/run"
)

// Slot is a watch and its slot in a schedule. Its methods apply a request or an answer to both. All callers use it, so
// that the dashboard and plain mode behave the same. A nil problem means a good answer.
type Slot struct {
	Watch    *Watch
	Schedule *Schedule
	ID       int
}

// Sent records that the watch's next request is being sent, and returns it. If nothing is left to request, it removes
// the slot from the schedule.
func (s Slot) Sent(now time.Time) Request {
	request := s.Watch.NextRequest()
	if request == RequestNone {
		s.Schedule.Remove(s.ID)
		return request
	}
	s.Schedule.Start(s.ID, now)
	if request == RequestDispatch {
		s.Watch.Dispatching(now)
	}
	return request
}

// UsageAnswered records the answer to a usage request. A following dispatch is due at once, even if usage could not be
// read, unless the service asked for a pause.
func (s Slot) UsageAnswered(now time.Time, usage run.Usage, problem *run.Problem) {
	mayGoOn := problem == nil || problem.Kind != run.ProblemRateLimited
	if problem == nil {
		s.Watch.UsageRead(usage)
		s.Schedule.Succeeded(s.ID, now)
	} else {
		s.Watch.UsageFailed(problem)
		s.Schedule.Failed(s.ID, now, problem)
	}
	if mayGoOn && s.Watch.NextRequest() == RequestDispatch {
		s.Schedule.Hurry(s.ID, now)
	}
}

// DispatchAnswered records the answer to a dispatch.
func (s Slot) DispatchAnswered(now time.Time, dispatch run.Dispatch, problem *run.Problem) {
	if problem == nil {
		s.Watch.Dispatched(dispatch)
		s.Schedule.Succeeded(s.ID, now)
		s.Schedule.Hurry(s.ID, now)
		return
	}
	s.Watch.DispatchFailed(problem)
	s.Schedule.Failed(s.ID, now, problem)
	if s.Watch.Over() {
		s.Schedule.Hurry(s.ID, now) // to look for the run that may have started
	}
}

// PollAnswered records the answer to a poll and how long it took.
func (s Slot) PollAnswered(now time.Time, answer run.Answer, took time.Duration, problem *run.Problem) {
	if problem != nil {
		s.Watch.PollFailed(problem)
		s.Schedule.Failed(s.ID, now, problem)
		return
	}
	s.Watch.Polled(answer, now, took)
	s.Schedule.Succeeded(s.ID, now)
	if s.Watch.NextRequest() != RequestPoll {
		s.Schedule.Hurry(s.ID, now)
	}
}
