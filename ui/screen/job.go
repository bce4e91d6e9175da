package screen

import (
	"context"
	"strconv"
	"time"

	"sbwatch/work"
)

// Job is work in a command. There is one of a kind at a time: a newer job cancels the older one.
type Job struct {
	// Generation counts the jobs of the kind. Results of older ones are ignored.
	Generation int
	// Progress is the progress of the job, nil before the first one.
	Progress *work.Progress

	what  string             // what the job does: "sorting"
	note  string             // after that
	end   context.CancelFunc // nil while there is none
	began time.Time
}

// Begin cancels the running job and starts another.
func (j *Job) Begin(e *Env, what string) (ctx context.Context, progress *work.Progress, generation int) {
	j.Stop()
	ctx, cancel := context.WithCancel(e.Life)
	j.what, j.end, j.Progress, j.began = what, cancel, new(work.Progress), e.Now
	j.Generation++
	return ctx, j.Progress, j.Generation
}

// Note adds words to the description of the job.
func (j *Job) Note(words string) { j.note = words }

// Stop cancels the running job. Its result is ignored.
func (j *Job) Stop() {
	j.Cancel()
	j.end = nil
	j.Generation++
}

// Cancel cancels the running job. Its result still counts.
func (j *Job) Cancel() {
	if j.end != nil {
		j.end()
	}
}

// Done reports whether a result is of the running job, and ends the job.
func (j *Job) Done(generation int) bool {
	if j.Generation != generation {
		return false
	}
	j.Stop()
	return true
}

// Runs reports whether a job is running.
func (j *Job) Runs() bool { return j.end != nil }

// shownAfter is how long a job may take before it is shown.
const shownAfter = 150 * time.Millisecond

// Text describes the job and its progress, "" if it has not taken long enough to be shown.
func (j *Job) Text(now time.Time) string {
	if !j.Runs() || now.Sub(j.began) < shownAfter {
		return ""
	}
	return j.what + " … " + Percent(j.Progress.Share()) + j.note
}

// Percent formats the progress of something unfinished: never 100 %.
func Percent(share float64) string { return strconv.Itoa(min(99, int(100*share))) + " %" }
