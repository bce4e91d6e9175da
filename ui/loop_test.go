package ui

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/headless"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// fakeService returns scripted answers and records the times of requests.
type fakeService struct {
	poll     func(n int) (run.Answer, error)
	dispatch func(n int) (run.Dispatch, error)
	usage    func(n int) (run.Usage, error)
	slow     time.Duration // duration of each answer

	mu                         sync.Mutex
	polls, dispatches, usages  []time.Time
	underWay, mostUnderWay     int
	polledID, dispatchedRecipe string
}

func (f *fakeService) enter(calls *[]time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	*calls = append(*calls, time.Now())
	f.underWay++
	f.mostUnderWay = max(f.mostUnderWay, f.underWay)
	return len(*calls)
}

func (f *fakeService) wait(ctx context.Context) error {
	defer func() {
		f.mu.Lock()
		f.underWay--
		f.mu.Unlock()
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(f.slow):
		return nil
	}
}

func (f *fakeService) Poll(ctx context.Context, id string, _ func(item.Table)) (run.Answer, error) {
	n := f.enter(&f.polls)
	f.polledID = id
	if err := f.wait(ctx); err != nil {
		return run.Answer{}, err
	}
	return f.poll(n)
}

func (f *fakeService) Dispatch(ctx context.Context, recipe string) (run.Dispatch, error) {
	n := f.enter(&f.dispatches)
	f.dispatchedRecipe = recipe
	if err := f.wait(ctx); err != nil {
		return run.Dispatch{}, err
	}
	return f.dispatch(n)
}

func (f *fakeService) Usage(ctx context.Context) (run.Usage, error) {
	n := f.enter(&f.usages)
	if err := f.wait(ctx); err != nil {
		return run.Usage{}, err
	}
	if f.usage == nil {
		return run.Usage{}, nil
	}
	return f.usage(n)
}

// pressed is a key press at a time after the start.
type pressed struct {
	after time.Duration
	key   rune
}

// play runs a dashboard for d, with commands in parallel to updates. It reports whether the dashboard quit.
func play(t *testing.T, config Config, service *fakeService, d time.Duration, keys ...pressed) (app *App, quit bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	config.Service = service
	config.Now = time.Now
	config.Jitter = func() float64 { return 0.5 }
	config.Width, config.Height = 80, 24
	config.Commands = commandLines{}
	if config.Interval == 0 {
		config.Interval = 2 * time.Second
	}
	app = New(ctx, config)
	player := headless.Start(app)
	for _, k := range keys {
		player.SendAfter(k.after, tea.KeyPressMsg{Code: k.key, Text: string(k.key)})
	}
	player.Run(d)
	cancel()
	player.Stop()
	synctest.Wait()
	return app, player.Quit
}

func running(began time.Time, pages, items int64) run.Answer {
	return run.Answer{Run: run.Run{
		StatusSent: text.NewText("running"), CreatedAt: began, StartedAt: began,
		Pages: optional.Some(pages), Items: optional.Some(items), Credits: optional.Some(2 * pages),
	}}
}

func completed(began time.Time) run.Answer {
	answer := running(began, 3, 87)
	answer.Run.StatusSent = text.NewText("completed")
	answer.Run.CompletedAt = began.Add(90 * time.Second)
	answer.Run.Result = optional.Some(run.Result{Drift: optional.Some(0.02), Warnings: optional.Some([]text.Text{})})
	return answer
}

func watching(id string) Config { return Config{Watch: watch.NewWatch(text.NewText(id))} }

func gaps(times []time.Time) []time.Duration {
	var out []time.Duration
	for i := range len(times) - 1 {
		out = append(out, times[i+1].Sub(times[i]))
	}
	return out
}

func TestAnHourOfPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		service := &fakeService{poll: func(n int) (run.Answer, error) { return running(began, int64(n), int64(29*n)), nil }}
		app, _ := play(t, watching("k7Xb9dRmQ2p"), service, time.Hour)
		if n := len(service.polls); n < 1795 || n > 1801 {
			t.Errorf("an hour of polls each 2 s made %d polls", n)
		}
		if service.mostUnderWay != 1 {
			t.Errorf("%d requests were under way at once", service.mostUnderWay)
		}
		if pages := app.runs[app.first].Watch().Run().Pages.Or(0); pages != int64(len(service.polls)) {
			t.Errorf("the screen is at page %d after %d polls", pages, len(service.polls))
		}
		if service.polledID != "k7Xb9dRmQ2p" {
			t.Errorf("polled run %q", service.polledID)
		}
	})
}

func TestASlowAnswerDelaysTheNextPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		service := &fakeService{slow: 7 * time.Second, poll: func(int) (run.Answer, error) { return running(began, 1, 1), nil }}
		play(t, watching("run"), service, 5*time.Minute)
		if service.mostUnderWay != 1 {
			t.Errorf("%d requests were under way at once", service.mostUnderWay)
		}
		for _, gap := range gaps(service.polls[2:]) {
			if gap != 9*time.Second {
				t.Errorf("a poll came %v after the one before, not an answer's 7 s and the interval's 2 s", gap)
			}
		}
	})
}

func TestFailedPollsAreWaitedOutAndForgetNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		failure := &run.Problem{Kind: run.ProblemNoConnection, Summary: text.NewText("no connection")}
		service := &fakeService{poll: func(n int) (run.Answer, error) {
			if n > 1 && n < 400 {
				return run.Answer{}, failure
			}
			return running(began, int64(n), 29), nil
		}}
		app, _ := play(t, watching("run"), service, time.Hour)
		if pages := app.runs[app.first].Watch().Run().Pages.Or(0); pages != 1 || app.runs[app.first].Watch().Problem() == nil {
			t.Errorf("after failures the screen is at page %d with problem %v, not at the last good one", pages, app.runs[app.first].Watch().Problem())
		}
		waits := gaps(service.polls)
		if longest := slices.Max(waits); longest > 30*time.Second {
			t.Errorf("waited %v between polls", longest)
		}
		if n := len(service.polls); n < 120 || n > 300 {
			t.Errorf("an hour of failures made %d polls", n)
		}
	})
}

func TestRetryAfterIsHonouredAndPollNowCutsItShort(t *testing.T) {
	limited := func(n int) (run.Answer, error) {
		if n == 1 {
			return run.Answer{}, &run.Problem{Kind: run.ProblemRateLimited, RetryAfter: optional.Some(time.Hour)}
		}
		return completed(time.Now()), nil
	}
	synctest.Test(t, func(t *testing.T) {
		service := &fakeService{poll: limited}
		play(t, watching("run"), service, 59*time.Minute)
		if len(service.polls) != 1 {
			t.Errorf("%d polls within the hour that the service asked to wait", len(service.polls))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		service := &fakeService{poll: limited}
		began := time.Now()
		app, _ := play(t, watching("run"), service, 2*time.Minute, pressed{time.Minute, 'p'})
		if len(service.polls) != 2 || service.polls[1].Sub(began) != time.Minute {
			t.Errorf("p after a minute did not poll: polls after %v", gaps(service.polls))
		}
		if app.runs[app.first].Watch().Phase() != watch.PhaseEnded {
			t.Error("the answer to the poll that p asked for was not taken")
		}
	})
}

func TestPollNowGivesUpAPollThatIsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		service := &fakeService{slow: 10 * time.Hour, poll: func(int) (run.Answer, error) { return completed(time.Now()), nil }}
		play(t, watching("run"), service, 2*time.Minute, pressed{time.Minute, 'p'})
		if len(service.polls) != 2 || service.polls[1].Sub(began) > time.Minute+time.Second {
			t.Errorf("polls after %v", gaps(service.polls))
		}
		if service.mostUnderWay != 1 {
			t.Errorf("%d polls were under way at once", service.mostUnderWay)
		}
	})
}

func TestImpatienceDoesNotStarveTheWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		service := &fakeService{slow: 1200 * time.Millisecond, poll: func(int) (run.Answer, error) { return running(began, 3, 87), nil }}
		var keys []pressed
		for d := 500 * time.Millisecond; d < 6*time.Second; d += 500 * time.Millisecond {
			keys = append(keys, pressed{d, 'p'})
		}
		app, _ := play(t, watching("run"), service, 10*time.Second, keys...)
		if items := app.runs[app.first].Watch().Run().Items.Or(0); items != 87 {
			t.Errorf("%d items are known after %d polls", items, len(service.polls))
		}
	})
}

func TestTriesByHandDoNotMakeTheNextOneLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &fakeService{poll: func(int) (run.Answer, error) {
			return run.Answer{}, &run.Problem{Kind: run.ProblemNoConnection, Summary: text.NewText("no connection")}
		}}
		var keys []pressed
		for d := 10 * time.Second; d < 20*time.Second; d += time.Second {
			keys = append(keys, pressed{d, 'p'})
		}
		app, _ := play(t, watching("run"), service, 20*time.Second, keys...)
		due, _ := app.monitor.Next()
		if wait := time.Until(due); wait > 16*time.Second {
			t.Errorf("after ten tries by hand the next is in %v", wait)
		}
	})
}

func TestADispatchIsNotRepeatedOnceItMayHaveArrived(t *testing.T) {
	for name, c := range map[string]struct {
		kind       run.ProblemKind
		dispatches int
		phase      watch.Phase
	}{
		"no connection":   {run.ProblemNoConnection, 3, watch.PhasePolling},
		"rate limited":    {run.ProblemRateLimited, 3, watch.PhasePolling},
		"a 5xx":           {run.ProblemService, 1, watch.PhaseLost},
		"a lost answer":   {run.ProblemLost, 1, watch.PhaseLost},
		"a garbled one":   {run.ProblemMalformed, 1, watch.PhaseLost},
		"out of credits":  {run.ProblemCredits, 1, watch.PhaseGaveUp},
		"monthly quota":   {run.ProblemQuota, 1, watch.PhaseGaveUp},
		"no such recipe":  {run.ProblemRefused, 1, watch.PhaseGaveUp},
		"unsafe redirect": {run.ProblemUnsafe, 1, watch.PhaseGaveUp},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				service := &fakeService{
					dispatch: func(n int) (run.Dispatch, error) {
						if n < 3 {
							return run.Dispatch{}, &run.Problem{Kind: c.kind}
						}
						return run.Dispatch{RunID: text.NewText("run3")}, nil
					},
					poll: func(int) (run.Answer, error) { return running(time.Now(), 1, 1), nil },
				}
				app, _ := play(t, Config{Watch: watch.NewDispatchWatch(text.NewText("recipe"))}, service, 10*time.Minute)
				if len(service.dispatches) != c.dispatches {
					t.Errorf("dispatched %d times, want %d", len(service.dispatches), c.dispatches)
				}
				if app.runs[app.first].Watch().Phase() != c.phase {
					t.Errorf("ended in phase %d, want %d", app.runs[app.first].Watch().Phase(), c.phase)
				}
			})
		})
	}
}

func TestALostDispatchIsLookedForInUsage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &fakeService{
			dispatch: func(int) (run.Dispatch, error) { return run.Dispatch{}, &run.Problem{Kind: run.ProblemLost} },
			usage: func(n int) (run.Usage, error) {
				id := "before"
				if n == 2 {
					return run.Usage{}, &run.Problem{Kind: run.ProblemNoConnection}
				}
				if n > 2 {
					id = "newrun"
				}
				return run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText(id)})}, nil
			},
		}
		app, _ := play(t, Config{Watch: watch.NewDispatchWatch(text.NewText("recipe"))}, service, time.Minute)
		if last, known := app.runs[app.first].Watch().LostRun().Get(); !known || last.ID.Raw() != "newrun" {
			t.Errorf("the run that was started is not pointed at: %v, %v", last, known)
		}
	})
}

func TestTheTimeoutEndsOnlyAWatchThatIsNotOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := watching("run")
		config.Timeout = time.Minute
		began := time.Now()
		app, quit := play(t, config, &fakeService{poll: func(int) (run.Answer, error) { return running(began, 1, 1), nil }}, time.Hour)
		if !quit || app.Left() != LeftByTimeout || app.env.Now.Sub(began) > time.Minute {
			t.Errorf("quit %v after %v, left %d", quit, app.env.Now.Sub(began), app.Left())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		config := watching("run")
		config.Timeout = time.Minute
		_, quit := play(t, config, &fakeService{poll: func(int) (run.Answer, error) { return completed(time.Now()), nil }}, time.Hour)
		if quit {
			t.Error("a completed run that is being browsed was closed by the timeout")
		}
	})
}

func TestACompletedRunIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &fakeService{poll: func(int) (run.Answer, error) { return completed(time.Now()), nil }}
		app, _ := play(t, watching("run"), service, time.Hour)
		if len(service.polls) != 1 || len(service.usages) != 1 {
			t.Errorf("%d polls and %d looks at usage, want one of each", len(service.polls), len(service.usages))
		}
		if app.nextTick() != nil {
			t.Error("the screen of a completed run still ticks")
		}
	})
}

func ctxForTests() context.Context { return context.Background() }

func noLoad(context.Context, func(item.Table)) (run.Answer, error) { return run.Answer{}, nil }
