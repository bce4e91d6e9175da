package run

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// RunLimit is the maximum duration of a run. The service stops a longer run and returns no items.
const RunLimit = 15 * time.Minute

// Status is the state of a run as this program understands it.
type Status int

// The statuses of a run. StatusUnknown stands for a status that this program does not know. Such a status is shown as
// the service sent it ([Run.StatusText]), and polling continues.
const (
	StatusUnknown Status = iota
	StatusQueued
	StatusRunning
	StatusCompleted
	StatusFailed
	StatusCancelled
)

// String returns the service's word for the status.
func (s Status) String() string {
	switch s {
	case StatusQueued:
		return "queued"
	case StatusRunning:
		return "running"
	case StatusCompleted:
		return "completed"
	case StatusFailed:
		return "failed"
	case StatusCancelled:
		return "cancelled"
	case StatusUnknown:
	}
	return "unknown"
}

// Terminal reports whether the status is final.
func (s Status) Terminal() bool {
	return s == StatusCompleted || s == StatusFailed || s == StatusCancelled
}

// Unsuccessful reports whether the run failed or was cancelled.
func (s Status) Unsuccessful() bool { return s == StatusFailed || s == StatusCancelled }

// ParseStatus returns the status for the service's word. For any other word, it returns StatusUnknown.
func ParseStatus(word string) Status {
	for s := StatusQueued; s <= StatusCancelled; s++ {
		if s.String() == word {
			return s
		}
	}
	return StatusUnknown
}

// Run is the state of one run in an answer of the service. Fields that the answer omits are zero or unknown.
type Run struct {
	ID       text.Text
	RecipeID text.Text
	// StatusSent is the status as sent by the service. It is empty if none was sent.
	StatusSent text.Text

	// Pages and Items are the counts so far. Credits is the cost of the run so far.
	Pages   optional.Value[int64]
	Items   optional.Value[int64]
	Credits optional.Value[int64]

	CreatedAt   time.Time
	StartedAt   time.Time
	CompletedAt time.Time

	// Error is the reason why a run failed or was cancelled.
	Error text.Text
	// Result is known once a run has completed.
	Result optional.Value[Result]
}

// Result is what a completed run returns in addition to its items.
type Result struct {
	// Mode is free text. So far it has always been "replay".
	Mode text.Text
	// Drift says how much the page has changed since the recipe was authored, from 0 to 1. The service may send any
	// number, though.
	Drift optional.Value[float64]
	// Warnings holds messages that are not errors. An empty list means that there are no warnings. An unknown list
	// means that the service sent no list.
	Warnings optional.Value[[]text.Text]
}

// Status returns the state of the run. If the service sent no status, the state is inferred from the other fields.
func (r Run) Status() Status {
	switch {
	case !r.StatusSent.IsEmpty():
		return ParseStatus(r.StatusSent.Raw())
	case !r.Error.IsEmpty():
		return StatusFailed
	case !r.CompletedAt.IsZero():
		return StatusCompleted
	case !r.StartedAt.IsZero():
		return StatusRunning
	default:
		return StatusQueued
	}
}

// StatusText returns the status as a printable word. A status that this program does not know is returned as the
// service sent it.
func (r Run) StatusText() string {
	if s := r.Status(); s != StatusUnknown {
		return s.String()
	}
	return r.StatusSent.String()
}

// Drift returns the drift of the result, if known.
func (r Run) Drift() optional.Value[float64] { return r.Result.Or(Result{}).Drift }

// Mode returns the mode of the result.
func (r Run) Mode() text.Text { return r.Result.Or(Result{}).Mode }

// Warnings returns the warnings of the result, if known.
func (r Run) Warnings() optional.Value[[]text.Text] { return r.Result.Or(Result{}).Warnings }

// Began returns the start time of the run or, if that is unknown, the time when the run was created. For a queued run
// it returns the zero time.
func (r Run) Began() time.Time {
	if r.StartedAt.IsZero() && r.Status() != StatusQueued {
		return r.CreatedAt
	}
	return r.StartedAt
}

// Elapsed returns how long a run has taken until now if it is running, or in total if it has finished. It returns 0
// before the start, and if the times are unknown.
func (r Run) Elapsed(now time.Time) time.Duration {
	began := r.Began()
	if began.IsZero() {
		return 0
	}
	end := now
	if r.Status().Terminal() {
		if r.CompletedAt.IsZero() {
			return 0
		}
		end = r.CompletedAt
	}
	return max(0, end.Sub(began))
}

// Duration returns how long a completed run took, if known.
func (r Run) Duration() optional.Value[time.Duration] {
	if r.Status() != StatusCompleted || r.Began().IsZero() || !r.CompletedAt.After(r.Began()) {
		return optional.Value[time.Duration]{}
	}
	return optional.Some(r.CompletedAt.Sub(r.Began()))
}

// Answer is the result of one poll.
type Answer struct {
	Run   Run
	Items item.Table
	// Envelope is the answer without its items, as indented JSON.
	Envelope  text.Text
	RequestID text.Text
	// Incomplete says which limit prevented a part of the answer from being read. It is nil if the answer is complete.
	Incomplete *Problem
	// Notes list what was skipped, repaired or guessed when the answer was read from a file.
	Notes Notes
	// CreditsRemaining is the balance of the account at the time of the answer.
	CreditsRemaining optional.Value[int64]
	// ServedAt is the time at which the service sent the answer, according to the service's clock, in whole seconds. It
	// is zero if unknown.
	ServedAt time.Time
}

// Dispatch is the answer to starting a run.
type Dispatch struct {
	RunID     text.Text
	RecipeID  text.Text
	CreatedAt time.Time
	RequestID text.Text
}
