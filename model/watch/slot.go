package watch

import (
	"time"

	"sbwatch/model/run"
)

// Slot is a watch and its place in a schedule. Its methods are what a request and its answer do to the two. Every loop
// around them goes through here, so that the dashboard and plain mode cannot disagree. A problem is nil for a good
// answer.
type Slot struct {
	Watch    *Watch
	Schedule *Schedule
	ID       int
}

// Sent notes that the next request of the watch is being sent, and tells which it is. With nothing left to ask, the slot
// leaves the schedule.
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

// UsageAnswered notes the answer to a request for usage. A dispatch that comes after it need not wait, even where usage
// could not be read, unless the service asked for a pause.
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

// DispatchAnswered notes the answer to a dispatch.
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

// PollAnswered notes the answer to a poll, which took so long.
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
