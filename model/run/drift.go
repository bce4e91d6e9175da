package run

import (
	"sbwatch/model/optional"
)

// DriftLevel describes a drift in words. The service defines no limit for a drift, so a high level alone is not an
// error. Always show it together with the number of items.
type DriftLevel int

// The drift levels.
const (
	DriftUnknown DriftLevel = iota
	DriftSmall
	DriftModerate
	DriftLarge
)

// The lowest drift of each level.
const (
	driftSomeFrom = 0.15
	driftMuchFrom = 0.4
)

// DriftLevelOf returns the level of a drift. A drift below 0 counts as 0, and a drift above 1 counts as 1.
func DriftLevelOf(drift optional.Value[float64]) DriftLevel {
	value, known := drift.Get()
	switch {
	case !known:
		return DriftUnknown
	case value >= driftMuchFrom:
		return DriftLarge
	case value >= driftSomeFrom:
		return DriftModerate
	default:
		return DriftSmall
	}
}

// String returns the level in words: "small change".
func (l DriftLevel) String() string {
	switch l {
	case DriftSmall:
		return "small change"
	case DriftModerate:
		return "moderate change"
	case DriftLarge:
		return "large change"
	case DriftUnknown:
	}
	return "unknown"
}
