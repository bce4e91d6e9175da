package watch

import (
	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Request is what a watch asks the service for next.
type Request int

// The requests of a watch.
const (
	RequestNone Request = iota
	RequestUsage
	RequestDispatch
	RequestPoll
)

// stages are the moments at which a watch wants to know the account's usage, as a set of bits.
type stages uint8

const (
	// stageDispatch: before the dispatch, to know the newest run until then, and that the key is good.
	stageDispatch stages = 1 << iota
	// stagePolling: once while the run is under way, for the most pages that it may read.
	stagePolling
	// stageEnded: after the run completed, to know whether it was cut short.
	stageEnded
	// stageLost: after the answer to the dispatch was lost, to know whether a run was started.
	stageLost
)

// maxUsageTries is how often usage is asked for after the end of a run before that is given up.
const maxUsageTries = 5

// NextRequest is what to ask the service for when the watch's turn comes. It is RequestNone when there is nothing more
// to know.
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

// usageStage is the moment that the watch is at, if usage is of interest at it.
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

// UsageRead notes the account's usage.
func (w *Watch) UsageRead(usage run.Usage) {
	stage := w.usageStage()
	if stage == stageDispatch && w.dispatchedAt.IsZero() {
		w.lastRunBefore = optional.Some(usage.LastRun.Or(run.LastRun{}).ID)
	}
	w.usage, w.usageProblem = optional.Some(usage), nil
	w.settleUsage(stage)
}

// UsageFailed notes that usage could not be read. Before and during a run that is no matter, unless it shows that no
// other request would fare better; afterwards it is tried a few times more.
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
