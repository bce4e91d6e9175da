package ui

import (
	"context"
	"strconv"
	"time"

	"sbwatch/work"
)

// job is work that goes on in a command, of which there is one of a kind at a time: a newer one ends the older.
type job struct {
	what       string // it does, for the foot of the screen: "sorting"
	generation int
	end        context.CancelFunc // nil while there is none
	progress   *work.Progress
	began      time.Time
}

// begin ends the job that goes on, and begins another.
func (j *job) begin(life context.Context, now time.Time, what string) (context.Context, *work.Progress, int) {
	j.stop()
	ctx, cancel := context.WithCancel(life)
	j.what, j.end, j.progress, j.began = what, cancel, new(work.Progress), now
	j.generation++
	return ctx, j.progress, j.generation
}

// stop ends the job that goes on, if there is one. Nothing that it still sends counts.
func (j *job) stop() {
	j.cancel()
	j.end = nil
	j.generation++
}

// cancel lets the job end before it is done. What it says of its end still counts.
func (j *job) cancel() {
	if j.end != nil {
		j.end()
	}
}

// done tells whether what was sent is of the job that goes on, which has ended with it.
func (j *job) done(generation int) bool {
	if j.generation != generation {
		return false
	}
	j.stop()
	return true
}

func (j *job) runs() bool { return j.end != nil }

// shownAfter is how long a job may take before the screen speaks of it.
const shownAfter = 150 * time.Millisecond

// shows tells whether the job has taken long enough to speak of.
func (j *job) shows(now time.Time) bool { return j.runs() && now.Sub(j.began) >= shownAfter }

// jobs is all work that may go on.
func (a *App) jobs() []*job {
	return []*job{&a.find.ordering, &a.find.searching, &a.emptying, &a.parting, &a.judge.keyWork, &a.exporting, &a.judge.work}
}

// works tells whether work goes on.
func (a *App) works() bool {
	for _, job := range a.jobs() {
		if job.runs() {
			return true
		}
	}
	return false
}

// workText tells what work has gone on for some time, and how far it has come.
func (a *App) workText() string {
	for _, job := range a.jobs() {
		if job.shows(a.now) {
			words := job.what + " … " + percent(job.progress.Share())
			if job == &a.exporting {
				words += "   esc gives it up"
			}
			return words
		}
	}
	return ""
}

// percent writes a share of something that is not done yet: never 100 %.
func percent(share float64) string { return strconv.Itoa(min(99, int(100*share))) + " %" }
