package monitor

import (
	"time"

	"sbwatch/model/run"
)

// Event is one thing that happened to a run.
type Event struct {
	Key  RunKey
	Kind EventKind
	// Problem is what went wrong, of the kind ProblemFound; why the watch ended, of the kind Ended, where the run did not
	// end by itself.
	Problem *run.Problem
	// Failures are the failed requests that the kind Recovered ends, or that the kind ProblemFound counts so far.
	Failures Failures
}

// EventKind is what happened to a run.
type EventKind int

// The kinds of event.
const (
	// Dispatched: the service accepted the run, and its id is known.
	Dispatched EventKind = iota
	// Changed: the status or a count of a run that goes on is not what it was.
	Changed
	// Ended: the watch is over. The run completed, failed or was cancelled, or asking again is of no use.
	Ended
	// ProblemFound: a request failed, and will be sent again.
	ProblemFound
	// Recovered: the service answers again after failed requests.
	Recovered
)

// String returns the kind as one lower-case word.
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
	default:
		return "unknown"
	}
}

// Failures are the requests of a run that failed in a row. The zero value means that there are none.
type Failures struct {
	Count  int
	Since  time.Time    // when the first failed
	Newest *run.Problem // of the last
}
