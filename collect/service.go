package collect

import (
	"context"
	"errors"
	"time"

	"sbwatch/follow"
	"sbwatch/history"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/monitor"
)

// guardedService is a service that stores the state "dispatching" of a recipe before it dispatches the recipe. It also
// counts requests.
type guardedService struct {
	follow.Service
	collector *Collector
}

// dispatchRetry is the pause before another attempt to store the state of a recipe. The recipe is not dispatched until
// its state is stored.
const dispatchRetry = time.Second

// Dispatch dispatches a recipe. It returns an error if the recipe is not, or is no longer, a task of this collector.
// Before the dispatch, it stores that the recipe is being dispatched. If the process then dies, no collector dispatches
// the recipe again.
func (s guardedService) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	c := s.collector
	t, known := c.recipe(recipeID)
	if !known {
		return run.Dispatch{}, notSent(recipeID, history.ErrLeaseLost)
	}
	t.State, t.DispatchedAt = history.TaskDispatching, c.config.Now()
	if err := c.storeFirst(ctx, t); err != nil {
		return run.Dispatch{}, notSent(recipeID, err)
	}
	dispatch, err := s.Service.Dispatch(ctx, recipeID)
	problem := run.ProblemOf(err)
	c.config.Metrics.answered("dispatch", problem)
	switch {
	case problem == nil:
		t.State, t.RunID = history.TaskWatching, dispatch.RunID.Raw()
		c.store(ctx, t)
	case problem.NeverArrived():
		t.State = history.TaskToDispatch
		c.store(ctx, t)
	}
	return dispatch, err
}

// recipe returns the task of a recipe that this collector must dispatch. It returns false for any other recipe.
func (c *Collector) recipe(id string) (history.Task, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, known := c.recipes[id]
	return t, known
}

// storeFirst stores the state of a task, and repeats the attempt until it succeeds. It fails if another collector has
// taken the task, or if this collector is stopped.
func (c *Collector) storeFirst(ctx context.Context, t history.Task) error {
	for {
		select {
		case <-c.stopping:
			return errors.New("stopped before the dispatch")
		default:
		}
		limited, cancel := context.WithTimeout(ctx, storeTimeout)
		err := c.config.Tasks.ChangeTask(limited, c.config.Job, c.config.Owner, t)
		cancel()
		switch {
		case err == nil:
			return nil
		case errors.Is(err, history.ErrLeaseLost):
			c.callPollLoop(func(now time.Time) []monitor.Event {
				c.runs.drop(now, t.TaskKey)
				return nil
			})
			return err
		}
		c.renewed(history.Held{}, err)
		select {
		case <-time.After(dispatchRetry):
		case <-c.stopping:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// notSent returns the problem for a dispatch that was not sent.
func notSent(recipeID string, err error) *run.Problem {
	return &run.Problem{
		Kind: run.ProblemNoConnection, What: text.NewText("recipe " + recipeID), Summary: text.NewText("not dispatched: " + err.Error()), Cause: err,
	}
}

// Poll polls a run.
func (s guardedService) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	c := s.collector
	sent := c.config.Now()
	answer, err := s.Service.Poll(ctx, runID, onItems)
	now := c.config.Now()
	problem := run.ProblemOf(err)
	c.config.Metrics.answered("poll", problem)
	c.config.Metrics.polled(now, now.Sub(sent), answer, problem)
	if problem == nil {
		c.mu.Lock()
		c.health.polledAt = now
		c.mu.Unlock()
	}
	return answer, err
}

// Usage reads the account's usage.
func (s guardedService) Usage(ctx context.Context) (run.Usage, error) {
	usage, err := s.Service.Usage(ctx)
	problem := run.ProblemOf(err)
	s.collector.config.Metrics.answered("usage", problem)
	if problem == nil {
		s.collector.config.Metrics.credits(usage.CreditsRemaining)
	}
	return usage, err
}
