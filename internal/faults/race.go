//go:build race

package faults

// isRace reports whether the race detector is on.
const isRace = true
