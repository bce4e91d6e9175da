package ui

import (
	"time"

	"sbwatch/model/optional"
	modelrun "sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/screen/overview"
)

// news holds the state for messages about all runs, such as that the computer slept or that the service cannot be
// reached. Events of a single run are shown in its line of the overview and on its screen.
type news struct {
	// outage is the reason why the service cannot be reached. It is nil while the service can be reached. since is the
	// start of the outage. failures is the number of failed requests.
	outage   *modelrun.Problem
	since    time.Time
	failures int
}

const (
	// newsTime is how long a message is shown. It is long enough for a user who has just opened a laptop. newsKept is
	// the part of that time in which a key press does not remove the message.
	newsTime = time.Minute
	newsKept = 3 * time.Second
	// minOutage is the minimum length of an outage whose end is reported.
	minOutage = 15 * time.Second
)

func (v *several) tell(line string) { v.env.Toast.Keep(line, v.env.Now, newsTime, newsKept) }

// clockEvents shows a message if the clock has jumped.
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

// runEvents handles the events that an answer of the service has caused. It shows messages about events that affect all
// runs.
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

// refusedRuns returns the number of watches that have ended because the service refused the API key.
func (v *several) refusedRuns() int {
	n := 0
	for _, key := range v.monitor.Keys() {
		if w := v.monitor.Watch(key); w.Phase() == watch.PhaseGaveUp && isKeyRefused(w.Problem()) {
			n++
		}
	}
	return n
}

// failed records the problem of a request that did not reach the service. It ignores other problems.
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

// answersAgain shows a message that an outage has ended. It shows none if the outage took less than minOutage.
func (v *several) answersAgain() {
	past := v.news
	v.news = news{}
	if took := v.env.Now.Sub(past.since); past.outage != nil && took >= minOutage {
		v.tell("the service answers again, after " + text.Counted(int64(past.failures), "failed request") + " in " + text.Wait(took))
	}
}

// Polling describes the polls of all runs.
func (v *several) Polling() overview.Polling {
	polling := overview.Polling{PausedUntil: v.monitor.PausedUntil(), Turn: v.monitor.Interval()}
	if v.news.outage != nil && v.monitor.Unreachable() {
		polling.Outage = optional.Some(overview.Outage{Since: v.news.since, Reason: v.news.outage.Short()})
	}
	return polling
}
