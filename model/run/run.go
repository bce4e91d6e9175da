package run

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// RunLimit is the maximum duration of a run. The service returns nothing for a longer run.
const RunLimit = 15 * time.Minute

// Status is the state of a run as this program understands it.
type Status int

// The statuses of a run. StatusUnknown is a status that the service added later. It is shown as sent
// ([Run.StatusText]), and polling continues.
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

// Terminal reports whether a run with this status never changes again.
func (s Status) Terminal() bool {
	return s == StatusCompleted || s == StatusFailed || s == StatusCancelled
}

// Unsuccessful reports whether a run of this status ended without a result: it failed or was cancelled.
func (s Status) Unsuccessful() bool { return s == StatusFailed || s == StatusCancelled }

// ParseStatus returns the status for the service's word, or StatusUnknown.
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
	// StatusSent is the service's word for the status; empty if it sent none.
	StatusSent text.Text

	// Pages, Items and Credits are the counts so far. Credits are what the run has cost.
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

// Result is what a completed run returns besides its items.
type Result struct {
	// Mode is free text; always "replay" so far.
	Mode text.Text
	// Drift is how much the page has changed since the recipe was authored: 0 to 1, but any number may be sent.
	Drift optional.Value[float64]
	// Warnings are not fatal. An empty list differs from an unknown one.
	Warnings optional.Value[[]text.Text]
}

// Status returns the state of the run. If the service sent no status, it is inferred from the other fields.
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

// StatusText returns the status in words, printable. A status unknown to this program is returned as sent.
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

// Began returns when the run started. If the service did not say, it is when the run was created. It is zero for a
// queued run.
func (r Run) Began() time.Time {
	if r.StartedAt.IsZero() && r.Status() != StatusQueued {
		return r.CreatedAt
	}
	return r.StartedAt
}

// Elapsed returns how long the run has taken at time now, or took in total. It is 0 before the start of the run and if
// the times are unknown.
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
	// Incomplete describes the limit because of which part of the answer is missing; nil if the answer is complete.
	Incomplete *Problem
	// Notes say what was skipped, repaired or guessed when a file was read.
	Notes Notes
	// CreditsRemaining is the balance of the account at the time of the answer.
	CreditsRemaining optional.Value[int64]
	// ServedAt is the time of the answer by the service's clock, in whole seconds; zero if unknown.
	ServedAt time.Time
}

// Dispatch is the answer to starting a run.
type Dispatch struct {
	RunID     text.Text
	RecipeID  text.Text
	CreatedAt time.Time
	RequestID text.Text
}
