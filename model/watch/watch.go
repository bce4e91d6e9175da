package watch

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Phase is how far a watch has come.
type Phase int

// The phases of a watch.
const (
	// PhaseDispatching: the run is asked for and has no id yet.
	PhaseDispatching Phase = iota
	// PhasePolling: the run has an id and is polled until it ends.
	PhasePolling
	// PhaseEnded: the run is completed, failed or cancelled.
	PhaseEnded
	// PhaseGaveUp: an answer came that asking again will not change.
	PhaseGaveUp
	// PhaseLost: the answer to the dispatch was lost, so a run may have started whose id is not known.
	PhaseLost
)

// Watch is all that is known of one run while it is watched, from the dispatch to its end. It is changed only by its
// methods, one for each thing that can happen, and never forgets what it knew: the id and the last good answer outlive
// any number of failures.
type Watch struct {
	recipeID text.Text
	runID    text.Text
	phase    Phase

	answer     optional.Value[run.Answer]
	answeredAt time.Time
	took       time.Duration
	items      item.Table
	problem    *run.Problem

	dispatchedAt time.Time
	// dispatchUnderWay is true while a dispatch was sent and nothing is known of what became of it.
	dispatchUnderWay bool
	usage            optional.Value[run.Usage]
	usageStages      stages // at which usage was settled, read or given up
	usageTries       int    // failed in a row
	usageProblem     *run.Problem
	// lastRunBefore is the account's newest run before the dispatch; known only where usage was read in time.
	lastRunBefore optional.Value[text.Text]

	timeline Timeline
	skew     time.Duration
}

// NewDispatchWatch begins the watch of a run that is yet to be dispatched.
func NewDispatchWatch(recipeID text.Text) Watch {
	return Watch{recipeID: recipeID, phase: PhaseDispatching}
}

// NewWatch begins the watch of a run that exists.
func NewWatch(runID text.Text) Watch {
	return Watch{runID: runID, phase: PhasePolling}
}

// OpenedWatch is the watch of a saved answer: over before it began.
func OpenedWatch(answer run.Answer) Watch {
	return Watch{
		runID: answer.Run.ID, recipeID: answer.Run.RecipeID,
		phase: PhaseEnded, answer: optional.Some(answer), items: answer.Items,
		usageStages: stageEnded,
	}
}

// OpenFailed ends the watch of a saved answer that could not be read; what could be is kept.
func (w *Watch) OpenFailed(answer run.Answer, problem *run.Problem) {
	*w = OpenedWatch(answer)
	w.problem, w.phase = problem, PhaseGaveUp
}

// Dispatching notes that the dispatch is being sent.
func (w *Watch) Dispatching(now time.Time) { w.dispatchedAt, w.dispatchUnderWay = now, true }

// DispatchUnanswered tells whether a dispatch was sent that nothing is known of. Whoever leaves now may leave a run
// behind.
func (w *Watch) DispatchUnanswered() bool { return w.dispatchUnderWay }

// Dispatched notes that the service accepted the run.
func (w *Watch) Dispatched(d run.Dispatch) {
	w.runID = d.RunID
	if !d.RecipeID.IsEmpty() {
		w.recipeID = d.RecipeID
	}
	w.phase, w.problem, w.usageProblem, w.dispatchUnderWay = PhasePolling, nil, nil, false
}

// DispatchFailed notes that the dispatch brought no run. Only one that surely did not arrive is sent again.
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

// Polled notes a good answer that came at time now, took so long after it was asked for.
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

// learnIDs fills in the ids that were not known. The id that was asked for stands, whatever the answer says.
func (w *Watch) learnIDs(run run.Run) {
	if w.runID.IsEmpty() {
		w.runID = run.ID
	}
	if w.recipeID.IsEmpty() {
		w.recipeID = run.RecipeID
	}
}

// skewTolerance is the difference of clocks that is not told apart from the network's delay and the whole seconds that
// the service's clock is sent in.
const skewTolerance = 3 * time.Second

// learnSkew compares the service's clock with ours, since a run's times are the service's. It answered between the
// request and now.
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
	// A small change is the rounding of the service's clock, and would make the elapsed time jump.
	if (skew - w.skew).Abs() >= skewTolerance {
		w.skew = skew
	}
}

// PollFailed notes a poll without a good answer. Items that had arrived stay: the result of a run does not change.
func (w *Watch) PollFailed(problem *run.Problem) {
	w.problem, w.usageProblem = problem, nil
	if !problem.Passing() {
		w.phase = PhaseGaveUp
	}
}

// Receiving notes the items of an answer that is still arriving. Those of an earlier try, of which more had come, stay.
func (w *Watch) Receiving(items item.Table) {
	if items.Len() >= w.items.Len() {
		w.items = items
	}
}

// RunID is the run's id; empty until it is known.
func (w *Watch) RunID() text.Text { return w.runID }

// RecipeID is the recipe's id; empty until it is known.
func (w *Watch) RecipeID() text.Text { return w.recipeID }

// Phase is how far the watch has come.
func (w *Watch) Phase() Phase { return w.phase }

// Over tells whether there is nothing more to wait for.
func (w *Watch) Over() bool {
	return w.phase == PhaseEnded || w.phase == PhaseGaveUp || w.phase == PhaseLost
}

// Answer is the last good answer, if there was one.
func (w *Watch) Answer() (run.Answer, bool) { return w.answer.Get() }

// Run is the run of the last good answer; the zero run before.
func (w *Watch) Run() run.Run { return w.answer.Or(run.Answer{}).Run }

// AnsweredAt is when the last good answer came, by our clock; zero before.
func (w *Watch) AnsweredAt() time.Time { return w.answeredAt }

// Took is how long the last good answer took.
func (w *Watch) Took() time.Duration { return w.took }

// Incomplete tells which limit kept a part of the last good answer from being read or kept; nil where none did.
func (w *Watch) Incomplete() *run.Problem { return w.answer.Or(run.Answer{}).Incomplete }

// Items are the run's items, as far as they have arrived.
func (w *Watch) Items() item.Table { return w.items }

// Problem is what went wrong with the newest request; nil when it went well.
func (w *Watch) Problem() *run.Problem { return w.problem }

// UsageProblem is why the account's usage could not be read, while the watch waits for that; else nil.
func (w *Watch) UsageProblem() *run.Problem { return w.usageProblem }

// Usage is the account's usage, where it was read.
func (w *Watch) Usage() (run.Usage, bool) { return w.usage.Get() }

// Timeline is how the counts grew.
func (w *Watch) Timeline() *Timeline { return &w.timeline }

// Now turns our clock's time into the service's.
func (w *Watch) Now(now time.Time) time.Time { return now.Add(w.skew) }

// Elapsed is how long the run has taken at our time now.
func (w *Watch) Elapsed(now time.Time) time.Duration { return w.Run().Elapsed(w.Now(now)) }

// Balance is the account's credits as last told by any answer.
func (w *Watch) Balance() optional.Value[int64] {
	if answer, answered := w.answer.Get(); answered && answer.CreditsRemaining.Known() {
		return answer.CreditsRemaining
	}
	return w.usage.Or(run.Usage{}).CreditsRemaining
}

// PageCap is how many pages this run may read, where usage tells it of this very run.
func (w *Watch) PageCap() optional.Value[int64] {
	last, known := w.usage.Or(run.Usage{}).LastRun.Get()
	if !known || w.runID.IsEmpty() || last.ID != w.runID {
		return optional.Value[int64]{}
	}
	return last.EffectiveCap
}

// LostRun judges, after the answer to a dispatch was lost, whether the account's newest run looks like the one that was
// dispatched. It is empty, and known, where usage shows that none was started.
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

// clockTolerance is how much the clocks of the service and of this machine may differ when only times tell whether a
// run is the one that was dispatched.
const clockTolerance = 2 * time.Minute
