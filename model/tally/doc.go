// Package tally counts how often each value of a column occurs, in limited memory.
//
// A [Tally] finds values by hashes that the caller computes. It is exact up to a maximum number of different values. Then
// it keeps only the frequent values, and estimates the number of all values.
package tally
