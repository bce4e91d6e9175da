package baseline

import (
	"time"

	"sbwatch/model/optional"
)

// Estimate says how much of a run is done and how long the rest will take, based on earlier runs of its recipe.
type Estimate struct {
	// Pages, Items and Duration are the usual values. Pages and Items may be unknown.
	Pages, Items optional.Value[Usual]
	Duration     Usual // in seconds
	// Done is the completed share of the run, from 0 to 1. It stays below 1 until the run ends.
	Done float64
	// Left is the expected time until the run ends. LeftLow and LeftHigh are the bounds of that time. All are 0 if the
	// run is overdue.
	Left, LeftLow, LeftHigh time.Duration
	// Overdue is how much longer the run has taken than the longest usual duration.
	Overdue time.Duration
}

// ClaimsUsual reports whether there are enough earlier runs to call the values usual.
func (e Estimate) ClaimsUsual() bool { return e.Duration.Runs >= minRuns }

// maxDone is the largest value of Done while a run is under way.
const maxDone = 0.99

// Course describes how the runs of a recipe usually proceed. The zero value has no runs.
type Course struct{ window []*Run }

// Duration returns how long the runs usually take. The result is unknown if no run is comparable.
func (c Course) Duration() optional.Value[time.Duration] {
	durations := measured(c.window, Duration.Measure)
	if len(durations) == 0 {
		return optional.Value[time.Duration]{}
	}
	return optional.Some(seconds(usualOf(durations).Median))
}

// Estimate returns the estimate for a run. The parameter pages is the number of pages read so far, and elapsed is the
// time since the start of the run. The estimate is unknown if the recipe has no comparable run.
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
	e.LeftLow, e.Left, e.LeftHigh = timeLeft(e.Duration.Low, took, byPages), timeLeft(e.Duration.Median, took, byPages), timeLeft(e.Duration.High, took, byPages)
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

// timeLeft returns how much longer the run is expected to take. The parameter duration is the usual duration and
// elapsed is the time so far, both in seconds. byPages is the number of pages so far divided by the usual number of
// pages. The higher byPages is, the more the result depends on byPages instead of elapsed.
func timeLeft(duration, elapsed, byPages float64) time.Duration {
	byTime := max(0, duration-elapsed)
	return seconds((1-byPages)*byTime + byPages*duration*(1-byPages))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
