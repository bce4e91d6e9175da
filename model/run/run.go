package run

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// RunLimit is how long a run may take. The service returns nothing for a run that needs longer.
const RunLimit = 15 * time.Minute

// Status is what a run is doing, as this program understands it.
type Status int

// The statuses of a run. StatusUnknown is one that the service added later: it is shown as it was sent
// ([Run.StatusText]), and polled on.
const (
	StatusUnknown Status = iota
	StatusQueued
	StatusRunning
	StatusCompleted
	StatusFailed
	StatusCancelled
)

// String is the service's word for the status.
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

// Terminal tells whether a run of this status will never change again.
func (s Status) Terminal() bool {
	return s == StatusCompleted || s == StatusFailed || s == StatusCancelled
}

// Unsuccessful reports whether a run of this status ended without a result: it failed or was cancelled.
func (s Status) Unsuccessful() bool { return s == StatusFailed || s == StatusCancelled }

// ParseStatus reads the service's word for a status.
func ParseStatus(word string) Status {
	for s := StatusQueued; s <= StatusCancelled; s++ {
		if s.String() == word {
			return s
		}
	}
	return StatusUnknown
}

// Run is the state of one run, as one answer of the service tells it. Whatever the answer left out is the zero
// value or not [Optional.Known].
type Run struct {
	ID       text.Text
	RecipeID text.Text
	// StatusSent is the service's own word for the status; empty when it sent none.
	StatusSent text.Text

	// Pages, Items and Credits are counted so far while the run is under way. Credits are the run's spend.
	Pages   optional.Value[int64]
	Items   optional.Value[int64]
	Credits optional.Value[int64]

	CreatedAt   time.Time
	StartedAt   time.Time
	CompletedAt time.Time

	// Error says why a run failed or was cancelled.
	Error text.Text
	// Result is known once a run has completed.
	Result optional.Value[Result]
}

// Result is what a completed run says of itself, beside its items.
type Result struct {
	// Mode is free text; "replay" in every sample.
	Mode text.Text
	// Drift is how much the page has changed since the recipe was authored: 0 to 1, though anything may be sent.
	Drift optional.Value[float64]
	// Warnings are the run's own, not fatal. None are different from unknown ones.
	Warnings optional.Value[[]text.Text]
}

// Status judges what the run is doing. A run without a status is judged by what is there, because the published
// sample has none.
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

// StatusText is the status in words, a word that this program does not know included.
func (r Run) StatusText() string {
	if s := r.Status(); s != StatusUnknown {
		return s.String()
	}
	return r.StatusSent.String()
}

// Drift is the drift of the result, where one was sent.
func (r Run) Drift() optional.Value[float64] { return r.Result.Or(Result{}).Drift }

// Mode is the mode of the result.
func (r Run) Mode() text.Text { return r.Result.Or(Result{}).Mode }

// Warnings are the warnings of the result, where they were sent.
func (r Run) Warnings() optional.Value[[]text.Text] { return r.Result.Or(Result{}).Warnings }

// Began is when the run's clock started: when it was started, or, where that is not told of a run that has begun, when
// it was created. It is zero for a run that is still queued.
func (r Run) Began() time.Time {
	if r.StartedAt.IsZero() && r.Status() != StatusQueued {
		return r.CreatedAt
	}
	return r.StartedAt
}

// Elapsed is how long the run has taken at time now, or took in all. It is 0 before the run began, or when the
// answer does not say.
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

// Answer is what one poll of a run brought.
type Answer struct {
	Run   Run
	Items item.Table
	// Envelope is the answer without its items: JSON, indented.
	Envelope  text.Text
	RequestID text.Text
	// Incomplete tells which limit kept a part of the answer from being read or kept; nil where all of it is here.
	Incomplete *Problem
	// CreditsRemaining is the account's balance when the service answered.
	CreditsRemaining optional.Value[int64]
	// ServedAt is the service's clock when it answered, in whole seconds; zero where it did not say.
	ServedAt time.Time
}

// Dispatch is what the service answers when it accepts a run.
type Dispatch struct {
	RunID     text.Text
	RecipeID  text.Text
	CreatedAt time.Time
	RequestID text.Text
}
