package watch

import (
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// EndsIn returns in what time the run of w may end, so that it is worth a poll: the earliest of the service's time limit, the
// run's maximum number of pages at its pace, and the end of a run that takes as long as typical. It is at least 1 ns, and
// 0 if nothing is known.
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
