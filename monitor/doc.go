// Package monitor implements the poll loop for any number of runs as a state machine: it decides which requests are
// due, applies their answers, and returns events. It has no clock, no goroutines and no I/O, so a test of an hour of
// polling takes microseconds.
//
// A driver owns a [Monitor], the clock and the requests. It repeats three steps:
//
//	for _, request := range m.Due(now) {
//		send(request) // in the background; the answer goes back to the driver
//	}
//	wait(m.Next()) // or for an answer
//	events := m.Apply(now, answer)
//
// Every request, answer and event carries the [RunKey] of its run. A key is assigned when the run is added and never
// changes. The id of a run cannot serve as the key because it is unknown until the dispatch is answered.
//
// A delivery of a webhook ([Monitor.Delivered]) makes the next poll of its run due now. Only the answer to a poll can
// end a watch; a delivery cannot.
//
// The dashboard (with a Bubble Tea tick) and plain mode (with a timer) use the same monitor. Therefore both handle
// retries, lost answers to dispatches and the ends of runs in the same way.
package monitor
