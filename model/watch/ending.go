package watch

import (
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// EndsIn returns how long it may take until the run ends, so that a poll can be sent then. The result is the shortest
// of three durations: until the service's time limit, until the run reaches its maximum number of pages at its current
// speed, and until it has taken the typical time. The result is at least 1 ns, or 0 if the run has not started.
func EndsIn(w *Watch, now time.Time, typical optional.Value[time.Duration]) time.Duration {
	elapsed := w.Elapsed(now)
	if w.phase != PhasePolling || elapsed <= 0 {
		return 0
	}
	left := run.RunLimit - elapsed
	if forecast, known := w.CapForecast(now).Get(); known {
		left = min(left, forecast)
	}
	if usual, known := typical.Get(); known {
		left = min(left, usual-elapsed)
	}
	return max(left, 1)
}
