package ui

import (
	"time"

	modelrun "sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/screen/overview"
)

// news tells the user what happened to all runs at once: the computer slept, the clock was set back, the service was out
// of reach, or it refused the key. What happens to one run is on its line and on its screen.
type news struct {
	// outage is why the service cannot be reached; nil while it can be. The rest is about the same time.
	outage   *modelrun.Problem
	since    time.Time
	failures int
}

const (
	// newsTime is how long a line of news is shown: long enough for someone who has just opened a laptop. For newsKept,
	// not even a key replaces it.
	newsTime = time.Minute
	newsKept = 3 * time.Second
	// shortOutage is the length up to which the end of an outage is not worth a line.
	shortOutage = 15 * time.Second
)

// tell shows a line about what happened.
func (v *several) tell(line string) { v.env.Toast.Keep(line, v.env.Now, newsTime, newsKept) }

// clockEvents tells about a jump of the clock.
func (v *several) clockEvents(events []monitor.Event) {
	for _, event := range events {
		switch {
		case v.monitor.AllDone():
		case event.Kind == monitor.Slept:
			v.tell("the computer slept or sbwatch was stopped for " + text.Wait(event.For) + "; polling continues")
		case event.Kind == monitor.ClockSetBack:
			v.tell("the clock was set back by " + text.Wait(event.For) + "; polling continues")
		}
	}
}

// runEvents tells about the events of an answer that concern all runs.
func (v *several) runEvents(events []monitor.Event) {
	refused := 0
	var problem *modelrun.Problem
	for _, event := range events {
		switch event.Kind {
		case monitor.ProblemFound:
			v.failed(event.Problem)
		case monitor.Recovered:
			v.answersAgain()
		case monitor.Ended:
			runEnded(v.App, event.Key)
			if isKeyRefused(event.Problem) {
				refused++
				problem = event.Problem
			}
		case monitor.Dispatched, monitor.Changed, monitor.Slept, monitor.ClockSetBack:
		}
	}
	if refused > 0 && v.isMany {
		v.tell(problem.Short() + ": the watch of " + text.Counted(int64(v.refusedRuns()), "run") + " has ended")
	}
}

func isKeyRefused(problem *modelrun.Problem) bool {
	return problem != nil && problem.Kind == modelrun.ProblemKey
}

// refusedRuns returns how many watches have ended because the key was refused.
func (v *several) refusedRuns() int {
	n := 0
	for _, key := range v.monitor.Keys() {
		if w := v.monitor.Watch(key); w.Phase() == watch.PhaseGaveUp && isKeyRefused(w.Problem()) {
			n++
		}
	}
	return n
}

// failed notes a request that did not reach the service.
func (v *several) failed(problem *modelrun.Problem) {
	if problem.Kind != modelrun.ProblemNoConnection {
		return
	}
	if v.news.outage == nil {
		v.news = news{since: v.env.Now}
	}
	v.news.outage = problem
	v.news.failures++
}

// answersAgain tells about the end of an outage, once for all runs.
func (v *several) answersAgain() {
	past := v.news
	v.news = news{}
	if took := v.env.Now.Sub(past.since); past.outage != nil && took >= shortOutage {
		v.tell("the service answers again, after " + text.Counted(int64(past.failures), "failed request") + " in " + text.Wait(took))
	}
}

// Outage returns since when and why the service cannot be reached.
func (v *several) Outage() (overview.Outage, bool) {
	if v.news.outage == nil || !v.monitor.Unreachable() {
		return overview.Outage{}, false
	}
	return overview.Outage{Since: v.news.since, Reason: v.news.outage.Short()}, true
}
