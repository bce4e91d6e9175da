package run

import (
	"sbwatch/model/optional"
)

// DriftLevel is a drift in words. The service names no value that is too high, so a level is never an alarm by itself:
// it is read beside the number of items.
type DriftLevel int

// The levels of drift.
const (
	DriftUnknown DriftLevel = iota
	DriftLittle
	DriftSome
	DriftMuch
)

// Where the levels begin.
const (
	driftSomeFrom = 0.15
	driftMuchFrom = 0.4
)

// JudgeDrift gives the level of a drift. A number outside 0 to 1 is judged by the end that it is nearer to.
func JudgeDrift(drift optional.Value[float64]) DriftLevel {
	value, known := drift.Get()
	switch {
	case !known:
		return DriftUnknown
	case value >= driftMuchFrom:
		return DriftMuch
	case value >= driftSomeFrom:
		return DriftSome
	default:
		return DriftLittle
	}
}

// String says the level in a few words.
func (l DriftLevel) String() string {
	switch l {
	case DriftLittle:
		return "hardly changed"
	case DriftSome:
		return "changed a little"
	case DriftMuch:
		return "changed much"
	case DriftUnknown:
	}
	return "not known"
}
