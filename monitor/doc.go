// Package monitor is the poll loop for any number of runs, as a state machine: it decides which request is due, applies
// the answers, and tells what has changed. It has no clock, no goroutines and no I/O, so that an hour of polling is tested
// in microseconds.
//
// A driver owns a [Monitor], the clock and the requests. It repeats three steps:
//
//	for _, request := range m.Due(now) {
//		send(request) // in the background; its answer comes back to the driver
//	}
//	wait(m.Next()) // or for an answer
//	events := m.Apply(now, answer)
//
// Every request, answer and event carries the [RunKey] of its run. A key is assigned when the run is added and never
// changes, unlike the id of the run, which is not known until its dispatch is answered.
//
// The dashboard (a tick of Bubble Tea) and plain mode (a timer) are two drivers of the same monitor. They cannot disagree
// about retries, about a dispatch whose answer was lost, or about when a run is over.
package monitor
