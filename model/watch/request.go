package watch

import (
	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Request says which request to send to the service next.
type Request int

// The requests of a watch.
const (
	RequestNone Request = iota
	RequestUsage
	RequestDispatch
	RequestPoll
)

// stages is a set of the stages in which a watch reads the account's usage.
type stages uint8

const (
	// stageDispatch is before the dispatch. Usage is read to check the API key, and to learn which run is the newest
	// before the new run is dispatched.
	stageDispatch stages = 1 << iota
	// stagePolling is during the run. Usage is read once, to learn the run's maximum number of pages.
	stagePolling
	// stageEnded is after the run has completed. Usage shows whether the run was cut short.
	stageEnded
	// stageLost is after the answer to a dispatch was lost. Usage shows whether a run was started.
	stageLost
)

// maxUsageTries is the maximum number of requests for usage after a run has ended.
const maxUsageTries = 5

// NextRequest returns the next request to send to the service. It returns RequestNone if no more requests are needed.
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

// usageStage returns the current stage of the watch, or 0 if usage is not needed now.
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

// SharesUsage reports whether the next request is for the account's usage, and the answer may be used for other watches
// too. It returns false before the dispatch, and after the answer to a dispatch was lost.
func (w *Watch) SharesUsage() bool {
	return w.NextRequest() == RequestUsage && (w.phase == PhasePolling || w.phase == PhaseEnded)
}

// UsageRead records the account's usage.
func (w *Watch) UsageRead(usage run.Usage) {
	stage := w.usageStage()
	if stage == stageDispatch && w.dispatchedAt.IsZero() {
		w.lastRunBefore = optional.Some(usage.LastRun.Or(run.LastRun{}).ID)
	}
	// Usage contains the limits of a run only while the run is the account's newest.
	if old := w.usage.Or(run.Usage{}); w.PageCap().Known() && usage.LastRun.Or(run.LastRun{}).ID != w.runID {
		usage.LastRun = old.LastRun
	}
	w.usage, w.usageProblem = optional.Some(usage), nil
	w.settleUsage(stage)
}

// UsageFailed records that usage could not be read. Before the dispatch, a refused API key or an unsafe connection ends
// the watch. Any other failure before the end of the run is ignored. After the run, the request is retried up to
// maxUsageTries times.
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
			w.usageProblem = nil // the watch no longer waits for usage
		}
	}
}

func (w *Watch) settleUsage(stage stages) {
	w.usageStages |= stage
	w.usageTries = 0
}
