// Package watch follows one run from its dispatch to its end.
//
// A [Watch] is a state machine: it has a method for each thing that can happen, and knows which request it wants next. A
// [Schedule] decides when requests are due, for any number of runs within one budget; a [Slot] applies an answer to both. A
// [Timeline] keeps how the counts grew, for rates, charts and stalls. Nothing here has a clock or does I/O.
package watch
