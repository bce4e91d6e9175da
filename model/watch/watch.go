package watch

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Phase is the phase of a watch.
type Phase int

// The phases of a watch.
const (
	// PhaseDispatching means that the run is being requested and has no id yet.
	PhaseDispatching Phase = iota
	// PhasePolling means that the run has an id and is polled until it ends.
	PhasePolling
	// PhaseEnded means that the run has completed, failed or was cancelled.
	PhaseEnded
	// PhaseGaveUp means that the service gave an answer that a retry would not change.
	PhaseGaveUp
	// PhaseLost means that the answer to the dispatch was lost: a run with an unknown id may have started.
	PhaseLost
)

// Watch holds everything that is known about one run, from its dispatch to its end. Only its methods change it. There
// is one method for each event. Failures do not change the id and the last good answer.
type Watch struct {
	recipeID text.Text
	runID    text.Text
	phase    Phase

	answer     optional.Value[run.Answer]
	answeredAt time.Time
	took       time.Duration
	heldItems
	problem *run.Problem

	dispatchedAt time.Time
	// dispatchUnderWay is true from the time when a dispatch is sent until its outcome is known.
	dispatchUnderWay bool
	usage            optional.Value[run.Usage]
	usageStages      stages // stages in which usage was read, or in which all attempts to read it failed
	usageTries       int    // consecutive failed requests for usage
	usageProblem     *run.Problem
	// lastRunBefore is the account's newest run before the dispatch. It is unknown if usage was not read by then.
	lastRunBefore optional.Value[text.Text]

	timeline Timeline
	skew     time.Duration
}

// NewDispatchWatch returns a watch for a run that is not dispatched yet.
func NewDispatchWatch(recipeID text.Text) Watch {
	return Watch{recipeID: recipeID, phase: PhaseDispatching}
}

// NewWatch returns a watch for an existing run.
func NewWatch(runID text.Text) Watch {
	return Watch{runID: runID, phase: PhasePolling}
}

// OpenedWatch returns a watch for a saved answer. The watch has already ended.
func OpenedWatch(answer run.Answer) Watch {
	return Watch{
		runID: answer.Run.ID, recipeID: answer.Run.RecipeID,
		phase: PhaseEnded, answer: optional.Some(answer), heldItems: heldItems{items: answer.Items},
		usageStages: stageEnded,
	}
}

// OpenFailed ends the watch of a saved answer that could not be read completely. answer is the part that was read.
func (w *Watch) OpenFailed(answer run.Answer, problem *run.Problem) {
	*w = OpenedWatch(answer)
	w.problem, w.phase = problem, PhaseGaveUp
}

// Dispatching records that the dispatch is being sent.
func (w *Watch) Dispatching(now time.Time) { w.dispatchedAt, w.dispatchUnderWay = now, true }

// DispatchUnanswered reports whether a dispatch was sent whose outcome is unknown. If the program quits now, a run may
// start without being watched.
func (w *Watch) DispatchUnanswered() bool { return w.dispatchUnderWay }

// Dispatched records that the service accepted the run.
func (w *Watch) Dispatched(d run.Dispatch) {
	w.runID = d.RunID
	if !d.RecipeID.IsEmpty() {
		w.recipeID = d.RecipeID
	}
	w.phase, w.problem, w.usageProblem, w.dispatchUnderWay = PhasePolling, nil, nil, false
}

// DispatchFailed records that the dispatch failed. The dispatch will be repeated only if its request certainly did not
// reach the service.
func (w *Watch) DispatchFailed(problem *run.Problem) {
	w.problem, w.usageProblem, w.dispatchUnderWay = problem, nil, false
	switch {
	case problem.NeverArrived():
	case problem.MayHaveStarted():
		w.phase = PhaseLost
	default:
		w.phase = PhaseGaveUp
	}
}

// Polled records the answer to a poll, which arrived at time now. The parameter took is the time from the sending of
// the request to the arrival of the answer.
func (w *Watch) Polled(answer run.Answer, now time.Time, took time.Duration) {
	w.learnSkew(answer, now, took)
	w.learnIDs(answer.Run)
	w.timeline.Add(w.Now(now), answer.Run)
	w.answer, w.answeredAt, w.took, w.problem = optional.Some(answer), now, took, nil
	w.usageProblem = nil
	w.items = answer.Items
	if answer.Run.Status().Terminal() {
		w.phase = PhaseEnded
	}
}

// learnIDs takes the ids of the run and of the recipe from an answer. It does not change an id that is already known.
func (w *Watch) learnIDs(run run.Run) {
	if w.runID.IsEmpty() {
		w.runID = run.ID
	}
	if w.recipeID.IsEmpty() {
		w.recipeID = run.RecipeID
	}
}

// skewTolerance is the largest difference between the service's clock and ours that is ignored. Network delays, and
// times in whole seconds, can make clocks seem different.
const skewTolerance = 3 * time.Second

// learnSkew computes the difference between the service's clock and ours. The service read its clock at some time
// between the request and now.
func (w *Watch) learnSkew(answer run.Answer, now time.Time, took time.Duration) {
	served := answer.ServedAt
	if served.IsZero() {
		return
	}
	skew := time.Duration(0)
	if asked := now.Add(-took); served.Before(asked) {
		skew = served.Sub(asked)
	} else if served.After(now) {
		skew = served.Sub(now)
	}
	if skew.Abs() < skewTolerance {
		skew = 0
	}
	// Ignore small changes. They come from rounding and would make the elapsed time jump.
	if (skew - w.skew).Abs() >= skewTolerance {
		w.skew = skew
	}
}

// PollFailed records a failed poll. Items that have already arrived are kept, because the result of a run does not
// change.
func (w *Watch) PollFailed(problem *run.Problem) {
	w.problem, w.usageProblem = problem, nil
	if !problem.Passing() {
		w.phase = PhaseGaveUp
	}
}

// Receiving records the items of an answer that is still arriving. It ignores them if an earlier attempt has received
// more items.
func (w *Watch) Receiving(items item.Table) {
	if items.Len() >= w.items.Len() {
		w.items = items
	}
}

// DropItems frees the memory of the items of a run that has ended. [Watch.RestoreItems] restores the items.
func (w *Watch) DropItems() {
	if answer, answered := w.answer.Get(); answered && w.Over() {
		w.dropped = optional.Some(droppedItems{w.TotalItems(), w.isCapped()})
		answer.Items = item.Table{}
		w.answer, w.items = optional.Some(answer), item.Table{}
	}
}

// RestoreItems sets the items after [Watch.DropItems] has removed them from memory. It may be called repeatedly while
// items arrive.
func (w *Watch) RestoreItems(items item.Table) {
	if answer, answered := w.answer.Get(); answered && w.dropped.Known() {
		answer.Items = items
		w.answer, w.items = optional.Some(answer), items
	}
}

// RunID returns the id of the run, or an empty text while the id is unknown.
func (w *Watch) RunID() text.Text { return w.runID }

// RecipeID returns the id of the recipe, or an empty text while the id is unknown.
func (w *Watch) RecipeID() text.Text { return w.recipeID }

// Phase returns the phase of the watch.
func (w *Watch) Phase() Phase { return w.phase }

// Over reports whether the watch has ended.
func (w *Watch) Over() bool {
	return w.phase == PhaseEnded || w.phase == PhaseGaveUp || w.phase == PhaseLost
}

// Answer returns the last good answer, if any.
func (w *Watch) Answer() (run.Answer, bool) { return w.answer.Get() }

// Run returns the run in the last good answer, or the zero Run.
func (w *Watch) Run() run.Run { return w.answer.Or(run.Answer{}).Run }

// AnsweredAt returns when the last good answer arrived, by our clock. It returns the zero time if there was none.
func (w *Watch) AnsweredAt() time.Time { return w.answeredAt }

// Took returns how long the last good answer took, from the sending of its request to its arrival.
func (w *Watch) Took() time.Duration { return w.took }

// Incomplete says which limit prevented a part of the last good answer from being read. It returns nil if the answer is
// complete.
func (w *Watch) Incomplete() *run.Problem { return w.answer.Or(run.Answer{}).Incomplete }

// Problem returns the problem with the newest request, or nil.
func (w *Watch) Problem() *run.Problem { return w.problem }

// UsageProblem returns the reason why the account's usage could not be read. It returns nil if reading has not failed,
// or if the watch does not need the usage.
func (w *Watch) UsageProblem() *run.Problem { return w.usageProblem }

// Usage returns the account's usage, if it was read.
func (w *Watch) Usage() (run.Usage, bool) { return w.usage.Get() }

// Timeline returns the record of how the counts grew.
func (w *Watch) Timeline() *Timeline { return &w.timeline }

// Now converts a time by our clock to the service's.
func (w *Watch) Now(now time.Time) time.Time { return now.Add(w.skew) }

// Elapsed returns how long the run has taken at time now by our clock.
func (w *Watch) Elapsed(now time.Time) time.Duration { return w.Run().Elapsed(w.Now(now)) }

// Balance returns the account's credits, as reported by the newest answer that reports them.
func (w *Watch) Balance() optional.Value[int64] {
	if answer, answered := w.answer.Get(); answered && answer.CreditsRemaining.Known() {
		return answer.CreditsRemaining
	}
	return w.usage.Or(run.Usage{}).CreditsRemaining
}

// PageCap returns the run's maximum number of pages, if known.
func (w *Watch) PageCap() optional.Value[int64] {
	last, known := w.usage.Or(run.Usage{}).LastRun.Get()
	if !known || w.runID.IsEmpty() || last.ID != w.runID {
		return optional.Value[int64]{}
	}
	return last.EffectiveCap
}

// LostRun returns the run that a dispatch may have started, although the answer to the dispatch was lost: the account's
// newest run. If the newest run is older than the dispatch, the result is an empty LastRun, because no run was started.
// If the usage was not read after the dispatch, the result is unknown.
func (w *Watch) LostRun() optional.Value[run.LastRun] {
	usage, read := w.usage.Get()
	if w.phase != PhaseLost || !read || w.usageStages&stageLost == 0 {
		return optional.Value[run.LastRun]{}
	}
	last, _ := usage.LastRun.Get()
	before, knownBefore := w.lastRunBefore.Get()
	switch {
	case knownBefore && last.ID == before:
		return optional.Some(run.LastRun{})
	case knownBefore:
		return optional.Some(last)
	case last.CreatedAt.Before(w.dispatchedAt.Add(-clockTolerance)):
		return optional.Some(run.LastRun{})
	default:
		return optional.Some(last)
	}
}

// clockTolerance is the assumed maximum difference between the service's clock and ours. LostRun uses it to decide
// whether a run was created before the dispatch.
const clockTolerance = 2 * time.Minute
