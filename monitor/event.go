package monitor

import (
	"time"

	"sbwatch/model/run"
)

// Event is a change of a run, of the connection to the service, or of the clock.
type Event struct {
	Key  RunKey // 0 for Slept and ClockSetBack, which affect all runs
	Kind EventKind
	// Problem is the reason for ProblemFound. For Ended, it is the reason why the watch ended before the run did, or
	// nil.
	Problem *run.Problem
	// Failures describes consecutive failed requests. For ProblemFound, these are the failed requests so far. For
	// Recovered, they are all failed requests before the successful one.
	Failures Failures
	// For is a duration: for Slept, how long nothing was polled; for ClockSetBack, how far the clock was set back.
	For time.Duration
}

// EventKind is the kind of an event.
type EventKind int

// The kinds of event.
const (
	// Dispatched: the service accepted the run, and its id is known.
	Dispatched EventKind = iota
	// Changed: the status or a count of an unfinished run changed.
	Changed
	// Ended: the watch ended. The run completed, failed or was cancelled, or a retry would not help.
	Ended
	// ProblemFound: a request failed and will be retried.
	ProblemFound
	// Recovered: a request succeeded after others had failed.
	Recovered
	// Slept: the machine slept, or the program was stopped.
	Slept
	// ClockSetBack: the clock was set back.
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

// Failures describes the consecutive failed requests of a run. The zero value means that there are none.
type Failures struct {
	Count int
	Since time.Time    // when the first request failed
	Last  *run.Problem // the problem of the last request
}
