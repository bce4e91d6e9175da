package baseline

import (
	"time"

	"sbwatch/model/optional"
)

// Estimate says how far a run is and how long it will take, going by earlier runs of its recipe.
type Estimate struct {
	// Pages, Items and Duration are what is usual. Pages and Items are unknown if the earlier runs do not tell.
	Pages, Items optional.Value[Usual]
	Duration     Usual // in seconds
	// Done is the share of the run that is done, from 0 to 1, and below 1 while the run is under way.
	Done float64
	// Left is how long the run is expected to take from now, at least and at most. Both are 0 when it is overdue.
	Left, LeftLow, LeftHigh time.Duration
	// Overdue is by how much the run has taken longer than the longest of the usual runs.
	Overdue time.Duration
}

// ClaimsUsual reports whether there are enough earlier runs to say what is usual.
func (e Estimate) ClaimsUsual() bool { return e.Duration.Runs >= minRuns }

// maxDone keeps a run that is under way from looking finished.
const maxDone = 0.99

// Course is how the runs of a recipe usually go. The zero value knows nothing.
type Course struct{ window []*Run }

// Duration returns how long the runs usually take; unknown without a comparable run.
func (c Course) Duration() optional.Value[time.Duration] {
	durations := measured(c.window, Duration.Measure)
	if len(durations) == 0 {
		return optional.Value[time.Duration]{}
	}
	return optional.Some(seconds(usualOf(durations).Median))
}

// Estimate returns how far a run is. pages is its number of pages so far, and elapsed how long it has taken. The estimate is
// unknown without a comparable run.
func (c Course) Estimate(pages optional.Value[int64], elapsed time.Duration) optional.Value[Estimate] {
	window := c.window
	durations := measured(window, Duration.Measure)
	if len(durations) == 0 {
		return optional.Value[Estimate]{}
	}
	e := Estimate{
		Duration: usualOf(durations),
		Pages:    usualIn(measured(window, Pages.Measure)),
		Items:    usualIn(measured(window, Items.Measure)),
	}
	byPages := 0.0
	if usual, known := e.Pages.Get(); known && usual.Median > 0 {
		byPages = min(1, float64(pages.Or(0))/usual.Median)
	}
	took := elapsed.Seconds()
	e.LeftLow, e.Left, e.LeftHigh = left(e.Duration.Low, took, byPages), left(e.Duration.Median, took, byPages), left(e.Duration.High, took, byPages)
	if over := took - e.Duration.High; over > 0 {
		e.Overdue = seconds(over)
		e.LeftLow, e.Left, e.LeftHigh = 0, 0, 0
	}
	e.Done = min(maxDone, max(byPages, took/max(took+e.Left.Seconds(), 1)))
	if e.Overdue > 0 {
		e.Done = maxDone
	}
	return optional.Some(e)
}

// left returns how long a run is expected to take from now. At the beginning only the usual duration tells; the more of the usual
// pages are done, the more they tell.
func left(duration, took, byPages float64) time.Duration {
	byTime := max(0, duration-took)
	return seconds((1-byPages)*byTime + byPages*duration*(1-byPages))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
