package cmd

import (
	"context"
	"time"

	"sbwatch/model/run"
	"sbwatch/model/watch"
	"sbwatch/ui"
)

// dispatchGrace is how long to wait, when leaving, for the answer to a dispatch: it holds the id of a run that costs
// money.
const dispatchGrace = 2 * time.Second

// dispatchKeeper is a service that keeps the answer to a dispatch for whoever was not there any more to take it.
type dispatchKeeper struct {
	ui.Service
	answered chan dispatchAnswer
}

type dispatchAnswer struct {
	dispatch run.Dispatch
	problem  *run.Problem
}

func keepDispatch(service ui.Service) *dispatchKeeper {
	return &dispatchKeeper{Service: service, answered: make(chan dispatchAnswer, 1)}
}

// Dispatch dispatches, and keeps the newest answer.
func (k *dispatchKeeper) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	dispatch, err := k.Service.Dispatch(ctx, recipeID)
	select {
	case <-k.answered:
	default:
	}
	k.answered <- dispatchAnswer{dispatch, run.ProblemOf(err)}
	return dispatch, err
}

// await gives a watch that was left during its dispatch the answer, if it comes in time.
func (k *dispatchKeeper) await(watch *watch.Watch) {
	if !watch.DispatchUnanswered() {
		return
	}
	select {
	case answer := <-k.answered:
		if answer.problem == nil {
			watch.Dispatched(answer.dispatch)
		} else {
			watch.DispatchFailed(answer.problem)
		}
	case <-time.After(dispatchGrace):
	}
}
