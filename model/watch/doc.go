// Package watch follows one run from its dispatch to its end.
//
// A [Watch] is a state machine with a method for each event. [Watch.NextRequest] returns the next request to send to
// the service. A [Schedule] decides when the requests of any number of runs are due, and keeps their number within the
// account's limits. A [Timeline] records how the counts grew, for rates, charts and the detection of stalls;
// [Watch.Notices] returns what the user should know. Package monitor passes the answers of the service to watches and
// to the schedule.
//
// The package has no clock and does no I/O: callers pass the time.
package watch
