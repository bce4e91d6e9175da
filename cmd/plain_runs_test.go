package cmd

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/follow"
	"sbwatch/internal/testrun"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
)

// manyRuns is a service with several runs. The functions in polls get the number of previous polls of their run.
type manyRuns struct {
	polls map[string]func(n int) (run.Status, *run.Problem)
	count map[string]int
	takes time.Duration // duration of a dispatch
}

func (s *manyRuns) Usage(context.Context) (run.Usage, error) { return run.Usage{}, nil }

func (s *manyRuns) Dispatch(_ context.Context, recipeID string) (run.Dispatch, error) {
	time.Sleep(s.takes)
	return run.Dispatch{RunID: text.NewText("run-of-" + recipeID), RecipeID: text.NewText(recipeID)}, nil
}

func (s *manyRuns) Poll(_ context.Context, id string, _ func(item.Table)) (run.Answer, error) {
	n := s.count[id]
	s.count[id]++
	status, problem := s.polls[id](n)
	if problem != nil {
		return run.Answer{}, problem
	}
	r := testrun.Of(status, int64(n+1), 0)
	r.ID = text.NewText(id)
	if status == run.StatusFailed {
		r.Error = text.NewText("it broke")
	}
	return run.Answer{Run: r}, nil
}

// followAll watches several runs with one monitor. They start 100 ms apart, so that the order of events is fixed.
func followAll(t *testing.T, service *manyRuns, timeout time.Duration, watches ...watch.Watch) followed {
	t.Helper()
	var result followed
	synctest.Test(t, func(t *testing.T) {
		result, _ = followRuns(t, following{
			service: service, watches: watches, apart: 100 * time.Millisecond,
			change: func(f *follower, _ *program) { f.Timeout = timeout },
		})
	})
	return result
}

func always(status run.Status) func(int) (run.Status, *run.Problem) {
	return func(int) (run.Status, *run.Problem) { return status, nil }
}

func TestPlainTwoRuns(t *testing.T) {
	service := &manyRuns{count: map[string]int{}, polls: map[string]func(int) (run.Status, *run.Problem){
		"first": func(n int) (run.Status, *run.Problem) {
			switch n {
			case 0:
				return run.StatusRunning, nil
			case 1:
				return 0, problem(run.ProblemService, "server error", 502)
			default:
				return run.StatusFailed, nil
			}
		},
		"run-of-recipe": func(n int) (run.Status, *run.Problem) {
			switch n {
			case 0, 2:
				return run.StatusRunning, nil
			case 1:
				return 0, problem(run.ProblemService, "server error", 502)
			default:
				return run.StatusCompleted, nil
			}
		},
	}}
	got := followAll(t, service, 0, testrun.Watch("first"), testrun.Dispatch("recipe"))
	wantLines(t, "stdout", got.stdout, `
00:00:00  first        running      1 page      0 items   2 credits
00:00:00  run-of-recipe  dispatched   recipe recipe
00:00:00  run-of-recipe  running      1 page      0 items   2 credits
00:00:03  first        failed       3 pages     0 items   6 credits
00:00:03  run-of-recipe  running      3 pages     0 items   6 credits
00:00:05  run-of-recipe  completed    4 pages     0 items   8 credits   drift -
`)
	wantLines(t, "stderr", got.stderr, `
sbwatch: run first: server error, next try in 1.0 s (HTTP 502)
sbwatch: run run-of-recipe: server error, next try in 1.0 s (HTTP 502)
sbwatch: run first failed: it broke: to run it again: sbwatch run m3Yc2tFvN8q
sbwatch: run run-of-recipe: the service answers again, after 1 failed request in 1.0 s
sbwatch: run run-of-recipe: completed without items: the page answered, but nothing on it matched the recipe: check the page; if it has changed, re-author the recipe
`)
}

func TestPlainLeavingSeveralRuns(t *testing.T) {
	service := &manyRuns{
		takes: time.Second, count: map[string]int{},
		polls: map[string]func(int) (run.Status, *run.Problem){"first": always(run.StatusRunning), "done": always(run.StatusFailed)},
	}
	got := followAll(t, service, 500*time.Millisecond, testrun.Watch("first"), testrun.Watch("done"), testrun.Dispatch("a"), testrun.Dispatch("b"), testrun.Dispatch("c"))
	wantLines(t, "stderr", got.stderr, `
sbwatch: run done failed: it broke: to run it again: sbwatch run m3Yc2tFvN8q
sbwatch: the timeout passed before run first ended; the run continues: sbwatch watch first
sbwatch: the timeout passed before run run-of-a ended; the run continues: sbwatch watch run-of-a
sbwatch: the timeout passed before recipes b, c were dispatched: sbwatch run b c
`)
	if got.code != report.Failed {
		t.Errorf("got outcome %d, want %d of the failed run", got.code, report.Failed)
	}
	if got.took >= 500*time.Millisecond+follow.DispatchGrace {
		t.Errorf("took %v", got.took)
	}
}
