// Package model is what sbwatch thinks with: runs and their problems, when to poll them, the watch of a run as a state
// machine, how its counts grow, and the table of its items. All of it is plain values and pure functions: no I/O, no
// clock, no goroutines, no styles.
package model
