package cmd

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/model"
)

// TestLeavingDuringADispatch leaves while the answer to a dispatch is on its way: in time, too late, with a problem.
func TestLeavingDuringADispatch(t *testing.T) {
	for name, c := range map[string]struct {
		takes time.Duration
		err   error
		id    string
		phase model.Phase
	}{
		"the answer comes in time": {1500 * time.Millisecond, nil, "newrun", model.PhasePolling},
		"it comes too late":        {time.Minute, nil, "", model.PhaseDispatching},
		"it is a refusal":          {time.Second, &model.Problem{Kind: model.ProblemCredits}, "", model.PhaseGaveUp},
		"it was lost":              {time.Second, &model.Problem{Kind: model.ProblemLost}, "", model.PhaseLost},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				keeper := keepDispatch(&slowDispatch{takes: c.takes, err: c.err})
				watch := model.NewDispatchWatch(model.NewText("recipe"))
				watch.Dispatching(time.Now())
				go func() { _, _ = keeper.Dispatch(t.Context(), "recipe") }()
				began := time.Now()
				keeper.await(&watch)
				if waited := time.Since(began); waited > dispatchGrace {
					t.Errorf("waited %v", waited)
				}
				if watch.RunID().Raw() != c.id || watch.Phase() != c.phase {
					t.Errorf("run %q in phase %d", watch.RunID(), watch.Phase())
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

func (s *slowDispatch) Dispatch(context.Context, string) (model.Dispatch, error) {
	time.Sleep(s.takes)
	return model.Dispatch{RunID: model.NewText("newrun")}, s.err
}
