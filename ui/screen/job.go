package screen

import (
	"context"
	"strconv"
	"time"

	"sbwatch/work"
)

// Job is background work done by a command. Starting a job stops the previous one of the same Job.
type Job struct {
	// Generation counts the jobs started. Results of an older generation are ignored.
	Generation int
	// Progress is the progress of the job; nil before the first.
	Progress *work.Progress

	what  string             // what the job does, for the footer: "sorting"
	note  string             // text shown after the progress
	end   context.CancelFunc // cancels the job; nil if none is running
	began time.Time
}

// Begin stops the running job and starts another.
func (j *Job) Begin(e *Env, what string) (ctx context.Context, progress *work.Progress, generation int) {
	j.Stop()
	ctx, cancel := context.WithCancel(e.Life)
	j.what, j.end, j.Progress, j.began = what, cancel, new(work.Progress), e.Now
	j.Generation++
	return ctx, j.Progress, j.Generation
}

// Note sets a text to show after the job's progress.
func (j *Job) Note(words string) { j.note = words }

// Stop stops the running job, if any, and ignores its result.
func (j *Job) Stop() {
	j.Cancel()
	j.end = nil
	j.Generation++
}

// Cancel asks the job to stop early. Its result is still handled.
func (j *Job) Cancel() {
	if j.end != nil {
		j.end()
	}
}

// Done reports whether generation is that of the running job. If so, it marks the job as finished.
func (j *Job) Done(generation int) bool {
	if j.Generation != generation {
		return false
	}
	j.Stop()
	return true
}

// Runs reports whether a job is running.
func (j *Job) Runs() bool { return j.end != nil }

// shownAfter is how long a job runs before the footer mentions it.
const shownAfter = 150 * time.Millisecond

// Text describes the running job and its progress, or returns "" if it started only just now.
func (j *Job) Text(now time.Time) string {
	if !j.Runs() || now.Sub(j.began) < shownAfter {
		return ""
	}
	return j.what + " … " + Percent(j.Progress.Share()) + j.note
}

// Percent formats the share of unfinished work, at most 99%.
func Percent(share float64) string { return strconv.Itoa(min(99, int(100*share))) + " %" }
