package cmd

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/follow"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// TestLeavingDuringDispatch leaves while a dispatch is in flight. The answer arrives in time, too late, or with a
// problem.
func TestLeavingDuringDispatch(t *testing.T) {
	for name, c := range map[string]struct {
		takes time.Duration
		err   error
		id    string
		phase watch.Phase
	}{
		"the answer comes in time": {1500 * time.Millisecond, nil, "newrun", watch.PhasePolling},
		"it comes too late":        {time.Minute, nil, "", watch.PhaseDispatching},
		"it is a refusal":          {time.Second, &run.Problem{Kind: run.ProblemCredits}, "", watch.PhaseGaveUp},
		"it was lost":              {time.Second, &run.Problem{Kind: run.ProblemLost}, "", watch.PhaseLost},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				keeper := keepDispatch(&slowDispatch{takes: c.takes, err: c.err})
				watch := watch.NewDispatchWatch(text.NewText("recipe"))
				watch.Dispatching(time.Now())
				go func() { _, _ = keeper.Dispatch(t.Context(), "recipe") }()
				began := time.Now()
				keeper.await(&watch)
				if waited := time.Since(began); waited > follow.DispatchGrace {
					t.Errorf("waited %v", waited)
				}
				if watch.RunID().Raw() != c.id || watch.Phase() != c.phase {
					t.Errorf("got run %q in phase %d", watch.RunID(), watch.Phase())
				}
				time.Sleep(c.takes)
			})
		})
	}
}

type slowDispatch struct {
	fakeService
	takes time.Duration
	err   error
}

func (s *slowDispatch) Dispatch(context.Context, string) (run.Dispatch, error) {
	time.Sleep(s.takes)
	return run.Dispatch{RunID: text.NewText("newrun")}, s.err
}
