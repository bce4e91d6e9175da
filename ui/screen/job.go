package screen

import (
	"context"
	"strconv"
	"time"

	"sbwatch/work"
)

// Job is work that a command does in the background. Starting a Job again stops its previous work.
type Job struct {
	// Generation counts how often the job was started. Results of an earlier start are ignored.
	Generation int
	// Progress is the progress of the work. It is nil until the job is started.
	Progress *work.Progress

	what  string             // what the job does, for the footer, such as "sorting"
	note  string             // text shown after the progress
	end   context.CancelFunc // cancels the work; nil if none is running
	began time.Time
}

// Begin stops the running work and starts new work. ctx ends when the new work is stopped, and generation identifies
// the new work. The parameter what describes the new work in the footer, such as "sorting".
func (j *Job) Begin(e *Env, what string) (ctx context.Context, progress *work.Progress, generation int) {
	j.Stop()
	ctx, cancel := context.WithCancel(e.Life)
	j.what, j.end, j.Progress, j.began = what, cancel, new(work.Progress), e.Now
	j.Generation++
	return ctx, j.Progress, j.Generation
}

// Note sets a text to show after the job's progress.
func (j *Job) Note(words string) { j.note = words }

// Stop cancels the running work. Its result will be ignored.
func (j *Job) Stop() {
	j.Cancel()
	j.end = nil
	j.Generation++
}

// Cancel cancels the running work. Unlike after Stop, the result of the work is still handled.
func (j *Job) Cancel() {
	if j.end != nil {
		j.end()
	}
}

// Done reports whether the running work has the given generation. If so, it marks the work as finished.
func (j *Job) Done(generation int) bool {
	if j.Generation != generation {
		return false
	}
	j.Stop()
	return true
}

// Runs reports whether work is running.
func (j *Job) Runs() bool { return j.end != nil }

// shownAfter is how long work must run before the footer mentions it.
const shownAfter = 150 * time.Millisecond

// Text describes the running work and its progress, such as "sorting … 42%". It returns "" if no work is running or if
// the work began less than 150 ms ago.
func (j *Job) Text(now time.Time) string {
	if !j.Runs() || now.Sub(j.began) < shownAfter {
		return ""
	}
	return j.what + " … " + Percent(j.Progress.Share()) + j.note
}

// Percent formats the progress of work that is still running, such as "42%" for the share 0.42. Even for the share 1,
// the result is "99%".
func Percent(share float64) string { return strconv.Itoa(min(99, int(100*share))) + "%" }
