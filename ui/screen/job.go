package screen

import (
	"context"
	"strconv"
	"time"

	"sbwatch/work"
)

// Job is work that goes on in a command, of which there is one of a kind at a time: a newer one ends the older.
type Job struct {
	// Generation counts the jobs of the kind. What an older one still sends does not count.
	Generation int
	// Progress is how far the job is; nil before the first.
	Progress *work.Progress

	what  string             // it does, for the foot of the screen: "sorting"
	note  string             // behind that
	end   context.CancelFunc // nil while there is none
	began time.Time
}

// Begin ends the job that goes on, and begins another.
func (j *Job) Begin(e *Env, what string) (ctx context.Context, progress *work.Progress, generation int) {
	j.Stop()
	ctx, cancel := context.WithCancel(e.Life)
	j.what, j.end, j.Progress, j.began = what, cancel, new(work.Progress), e.Now
	j.Generation++
	return ctx, j.Progress, j.Generation
}

// Note adds a few words to what the job says of itself.
func (j *Job) Note(words string) { j.note = words }

// Stop ends the job that goes on, if there is one. Nothing that it still sends counts.
func (j *Job) Stop() {
	j.Cancel()
	j.end = nil
	j.Generation++
}

// Cancel lets the job end before it is done. What it says of its end still counts.
func (j *Job) Cancel() {
	if j.end != nil {
		j.end()
	}
}

// Done reports whether what was sent is of the job that goes on, which has ended with it.
func (j *Job) Done(generation int) bool {
	if j.Generation != generation {
		return false
	}
	j.Stop()
	return true
}

// Runs reports whether there is a job.
func (j *Job) Runs() bool { return j.end != nil }

// shownAfter is how long a job may take before the screen speaks of it.
const shownAfter = 150 * time.Millisecond

// Text returns what the job does and how far it is; "" before it has taken long enough to speak of.
func (j *Job) Text(now time.Time) string {
	if !j.Runs() || now.Sub(j.began) < shownAfter {
		return ""
	}
	return j.what + " … " + Percent(j.Progress.Share()) + j.note
}

// Percent writes a share of something that is not done yet: never 100 %.
func Percent(share float64) string { return strconv.Itoa(min(99, int(100*share))) + " %" }
