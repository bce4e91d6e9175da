package watch

import (
	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Request is what to ask the service next.
type Request int

// The requests of a watch.
const (
	RequestNone Request = iota
	RequestUsage
	RequestDispatch
	RequestPoll
)

// stages is a set of the points at which a watch reads the account's usage.
type stages uint8

const (
	// stageDispatch is before the dispatch, to learn the newest run so far and to check the key.
	stageDispatch stages = 1 << iota
	// stagePolling is once during the run, to learn its maximum number of pages.
	stagePolling
	// stageEnded is after the run has completed, to learn whether it was cut short.
	stageEnded
	// stageLost is after a lost answer to a dispatch, to learn whether a run was started.
	stageLost
)

// maxUsageTries is how often usage is requested after the end of a run before giving up.
const maxUsageTries = 5

// NextRequest returns what to ask the service next. It is RequestNone if nothing is left to learn.
func (w *Watch) NextRequest() Request {
	if stage := w.usageStage(); stage != 0 && w.usageStages&stage == 0 {
		return RequestUsage
	}
	switch w.phase {
	case PhaseDispatching:
		return RequestDispatch
	case PhasePolling:
		return RequestPoll
	case PhaseEnded, PhaseGaveUp, PhaseLost:
	}
	return RequestNone
}

// usageStage returns the current stage if usage has not been read at it, or 0.
func (w *Watch) usageStage() stages {
	switch {
	case w.phase == PhaseDispatching:
		return stageDispatch
	case w.phase == PhasePolling && w.answer.Known():
		return stagePolling
	case w.phase == PhaseEnded && w.Run().Status() == run.StatusCompleted:
		return stageEnded
	case w.phase == PhaseLost:
		return stageLost
	default:
		return 0
	}
}

// SharesUsage reports whether NextRequest is the account's usage, and any answer will do that was requested after the run
// was dispatched. The answer then serves several watches. A dispatch, and one whose answer was lost, need their own.
func (w *Watch) SharesUsage() bool {
	return w.NextRequest() == RequestUsage && (w.phase == PhasePolling || w.phase == PhaseEnded)
}

// UsageRead records the account's usage.
func (w *Watch) UsageRead(usage run.Usage) {
	stage := w.usageStage()
	if stage == stageDispatch && w.dispatchedAt.IsZero() {
		w.lastRunBefore = optional.Some(usage.LastRun.Or(run.LastRun{}).ID)
	}
	// Only usage read while this was the newest run has its limits.
	if old := w.usage.Or(run.Usage{}); w.PageCap().Known() && usage.LastRun.Or(run.LastRun{}).ID != w.runID {
		usage.LastRun = old.LastRun
	}
	w.usage, w.usageProblem = optional.Some(usage), nil
	w.settleUsage(stage)
}

// UsageFailed records that usage could not be read. Before and during a run this is ignored unless it means that other
// requests would fail as well. Afterwards it is retried up to maxUsageTries times.
func (w *Watch) UsageFailed(problem *run.Problem) {
	stage := w.usageStage()
	w.usageTries++
	w.usageProblem = problem
	switch {
	case stage == stageDispatch && (problem.Kind == run.ProblemKey || problem.Kind == run.ProblemUnsafe):
		w.DispatchFailed(problem)
	case stage == stageDispatch, stage == stagePolling, !problem.Passing(), w.usageTries >= maxUsageTries:
		w.settleUsage(stage)
		if problem.Kind != run.ProblemRateLimited {
			w.usageProblem = nil // nothing waits for it
		}
	}
}

func (w *Watch) settleUsage(stage stages) {
	w.usageStages |= stage
	w.usageTries = 0
}
