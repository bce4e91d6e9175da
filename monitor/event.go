package monitor

import (
	"time"

	"sbwatch/model/run"
)

// Event is a change of a run, of the connection to the service, or of the clock.
type Event struct {
	Key  RunKey // 0 for Slept and ClockSetBack, which affect all runs
	Kind EventKind
	// Problem is, in a ProblemFound event, the problem of the failed request. In an Ended event, Problem is the reason
	// why the watch ended before the run, or nil if the run has ended.
	Problem *run.Problem
	// Failures describes consecutive failed requests. In a ProblemFound event, these are the failed requests so far. In
	// a Recovered event, they are all failed requests before the successful request.
	Failures Failures
	// The field For is a duration: in a Slept event, the time during which nothing was polled, and in a ClockSetBack
	// event, the amount by which the clock was set back.
	For time.Duration
}

// EventKind is the kind of an event.
type EventKind int

// The kinds of event.
const (
	// Dispatched means that the service accepted the run and that its id is known.
	Dispatched EventKind = iota
	// Changed means that the status or a count of an unfinished run changed.
	Changed
	// Ended means that the watch ended: the run completed, failed or was canceled, or a retry would not help.
	Ended
	// ProblemFound means that a request failed and will be retried.
	ProblemFound
	// Recovered means that a request succeeded after others had failed.
	Recovered
	// Slept means that the machine slept, or that the program was stopped.
	Slept
	// ClockSetBack means that the clock was set back.
	ClockSetBack
)

// String returns the kind as one lowercase word.
func (k EventKind) String() string {
	switch k {
	case Dispatched:
		return "dispatched"
	case Changed:
		return "changed"
	case Ended:
		return "ended"
	case ProblemFound:
		return "problem"
	case Recovered:
		return "recovered"
	case Slept:
		return "slept"
	case ClockSetBack:
		return "clock set back"
	default:
		return "unknown"
	}
}

// Failures describes the consecutive failed requests of a run. The zero value means that there were none.
type Failures struct {
	Count int
	Since time.Time    // time of the first failed request
	Last  *run.Problem // problem of the last failed request
}
