package cmd

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/api/wire"
	"sbwatch/internal/emulated"
	"sbwatch/internal/testrun"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
	"sbwatch/ui"
)

// account is a service that records the requests it receives. It can also fail.
type account struct {
	ui.Service
	// fails returns the problem with which the service answers a request that is sent now. If fails or its result is
	// nil, the emulator answers the request.
	fails func() *run.Problem

	mu         sync.Mutex
	sent       []time.Time
	polls      map[string][]time.Time
	dispatched []string
	refused    int // number of requests that were answered with 429
}

func (a *account) note(err error) {
	if problem := run.ProblemOf(err); problem != nil && problem.Kind == run.ProblemRateLimited {
		a.mu.Lock()
		a.refused++
		a.mu.Unlock()
	}
}

// failure records a request, and returns the problem with which the service answers it, or nil.
func (a *account) failure() error {
	a.mu.Lock()
	a.sent = append(a.sent, time.Now())
	a.mu.Unlock()
	if a.fails != nil {
		if problem := a.fails(); problem != nil {
			return problem
		}
	}
	return nil
}

func (a *account) Usage(ctx context.Context) (run.Usage, error) {
	if err := a.failure(); err != nil {
		return run.Usage{}, err
	}
	usage, err := a.Service.Usage(ctx)
	a.note(err)
	return usage, err
}

func (a *account) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	if err := a.failure(); err != nil {
		return run.Dispatch{}, err
	}
	dispatch, err := a.Service.Dispatch(ctx, recipeID)
	a.note(err)
	if err == nil {
		a.mu.Lock()
		a.dispatched = append(a.dispatched, recipeID)
		a.mu.Unlock()
	}
	return dispatch, err
}

func (a *account) Poll(ctx context.Context, id string, onItems func(item.Table)) (run.Answer, error) {
	a.mu.Lock()
	if a.polls == nil {
		a.polls = map[string][]time.Time{}
	}
	a.polls[id] = append(a.polls[id], time.Now())
	a.mu.Unlock()
	if err := a.failure(); err != nil {
		return run.Answer{}, err
	}
	answer, err := a.Service.Poll(ctx, id, onItems)
	a.note(err)
	return answer, err
}

// mostInAMinute returns the highest number of requests in any minute.
func (a *account) mostInAMinute() int {
	most := 0
	for i, from := range a.sent {
		end, _ := slices.BinarySearchFunc(a.sent, from.Add(time.Minute), func(t, limit time.Time) int { return t.Compare(limit) })
		most = max(most, end-i)
	}
	return most
}

func newAccount(t *testing.T, options emulator.Options) *account {
	t.Helper()
	return &account{Service: emulated.Client(t, options, func(o *api.Options) {
		o.Limits = wire.Limits{Body: 1 << 30, Memory: 1 << 30, CountOnly: true}
	})}
}

// dispatchAll dispatches n runs of the given recipes in turn, with a pause after each dispatch. Then it waits a minute,
// and returns watches of the runs.
func (a *account) dispatchAll(t *testing.T, n int, pause time.Duration, recipes ...string) []watch.Watch {
	t.Helper()
	var watches []watch.Watch
	for i := range n {
		dispatch, err := a.Service.Dispatch(t.Context(), recipes[i%len(recipes)])
		if err != nil {
			t.Fatal(err)
		}
		watches = append(watches, watch.NewWatch(dispatch.RunID))
		time.Sleep(pause)
	}
	time.Sleep(time.Minute)
	return watches
}

// followMany watches runs as the commands watch and run do. The parameter now returns the current time; if it is nil,
// the clock of the synctest bubble is used.
func followMany(t *testing.T, service ui.Service, limits monitor.Limits, now func() time.Time, watches ...watch.Watch) (followed, *monitor.Monitor) {
	t.Helper()
	return followRuns(t, following{service: service, now: now, watches: watches, change: func(f *follower, _ *program) {
		f.Monitor.Limit(limits)
		f.Timeout = 4 * time.Hour
	}})
}

// endings returns how many runs ended with each status.
func endings(runs *monitor.Monitor) string {
	counts := map[string]int{}
	for _, key := range runs.Keys() {
		w := runs.Watch(key)
		word := w.Run().StatusText()
		if w.Phase() != watch.PhaseEnded {
			word = fmt.Sprintf("phase %d", w.Phase())
		}
		counts[word]++
	}
	return fmt.Sprint(counts)
}

// TestManyRunsWithinTheLimits watches many runs of an account whose requests the service limits.
func TestManyRunsWithinTheLimits(t *testing.T) {
	for name, test := range map[string]struct {
		runs, perMinute, concurrent int // number of runs, and the limits of the service
	}{
		"known limits":           {200, 60, 5},
		"lower limits":           {60, 30, 2},
		"one request at a time":  {60, 60, 1},
		"much lower per minute":  {20, 10, 5},
		"no limit is ever named": {100, 100_000, 100_000},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				service := newAccount(t, emulator.Options{
					Speed: 0.25, LimitPerMin: optional.Some(test.perMinute), MaxConcurrent: optional.Some(test.concurrent),
					Latency: 50 * time.Millisecond, Jitter: 200 * time.Millisecond,
				})
				pause := time.Minute/time.Duration(min(60, test.perMinute)) + 300*time.Millisecond
				watches := service.dispatchAll(t, test.runs, pause, "catalogue01", "failing0001", "cancelled01", "empty000001", "drifted0001")
				got, all := followMany(t, service, monitor.Limits{PerMinute: 60, Concurrent: 5}, nil, watches...)
				t.Logf("%d requests, %d refused, at most %d in a minute, in %v: %s", len(service.sent), service.refused, service.mostInAMinute(), got.took, endings(all))
				if service.refused > 3 {
					t.Errorf("%d requests were refused, want at most 3", service.refused)
				}
				if most := service.mostInAMinute(); most > 60 {
					t.Errorf("%d requests in a minute, want at most 60", most)
				}
				checkStates(t, service, all, pause)
				checkShares(t, service, time.Duration(test.runs)*time.Minute/time.Duration(min(60, test.perMinute)))
				if got.code != report.Failed {
					t.Errorf("got outcome %v, want that of the failed runs", got.code)
				}
			})
		})
	}
}

// checkStates compares the final state of each watch with the state of its run in the service.
func checkStates(t *testing.T, service *account, all *monitor.Monitor, pause time.Duration) {
	t.Helper()
	for _, key := range all.Keys() {
		time.Sleep(pause)
		w := all.Watch(key)
		answer, err := service.Service.Poll(t.Context(), w.RunID().Raw(), nil)
		if r := answer.Run; err != nil || r.Status() != w.Run().Status() || r.Pages != w.Run().Pages {
			t.Errorf("run %s ended as %v with %v pages, want %v with %v (%v)", w.RunID(), w.Run().Status(), w.Run().Pages, r.Status(), r.Pages, err)
		}
	}
}

// checkShares checks that no run waited for its next poll for more than twice the given duration.
func checkShares(t *testing.T, service *account, fair time.Duration) {
	t.Helper()
	for id, polls := range service.polls {
		for i := range polls[1:] {
			if wait := polls[i+1].Sub(polls[i]); wait > 2*fair {
				t.Errorf("run %s was not polled for %v, its fair share is %v", id, wait, fair)
			}
		}
	}
}

// TestManyDispatches dispatches recipes within the limits, one after another.
func TestManyDispatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := newAccount(t, emulator.Options{
			LimitPerMin: optional.Some(60), MaxConcurrent: optional.Some(2), Credits: optional.Some(700), Latency: 100 * time.Millisecond,
		})
		var watches []watch.Watch
		for range 10 {
			watches = append(watches, testrun.Dispatch("m3Yc2tFvN8q"), testrun.Dispatch("catalogue01"))
		}
		got, all := followMany(t, service, monitor.Limits{PerMinute: 60, Concurrent: 5}, nil, watches...)
		t.Logf("%d requests, %d refused, in %v, %s", len(service.sent), service.refused, got.took, endings(all))
		refusals := strings.Count(got.stderr, "insufficient_credits")
		if service.refused > 3 || service.mostInAMinute() > 60 {
			t.Errorf("%d requests were refused, %d were sent in a minute", service.refused, service.mostInAMinute())
		}
		if len(service.dispatched)+refusals != len(watches) {
			t.Errorf("%d recipes were dispatched and %d refused, want %d in all", len(service.dispatched), refusals, len(watches))
		}
		for i, key := range all.Keys() {
			if w := all.Watch(key); !w.Over() || w.RunID().IsEmpty() && w.Phase() != watch.PhaseGaveUp {
				t.Errorf("run %d of %s has no end", i, w.RecipeID())
			}
		}
	})
}

// TestManyRunsThroughTrouble checks that each problem is reported once, that all runs end in the right state, and that
// there is no burst of requests afterwards.
func TestManyRunsThroughTrouble(t *testing.T) {
	const runs = 20
	for name, test := range map[string]struct {
		fails  func(at time.Duration) *run.Problem
		clock  func(at time.Duration) time.Duration // returns the error of the clock at a time since the start
		lines  []string                             // regular expressions, each for one line on standard error
		states string
		code   report.Outcome
	}{
		"network gone for an hour": {
			fails: func(at time.Duration) *run.Problem {
				if at < 10*time.Second || at > time.Hour {
					return nil
				}
				return problem(run.ProblemNoConnection, "no connection to api.webscrape.ai", 0)
			},
			lines: []string{
				`^sbwatch: no connection to api.webscrape.ai, next try in 1\.\d s; 20 runs wait$`,
				`^sbwatch: the service answers again, after \d+ failed requests in (59:\d\d|1:00:\d\d)$`,
			},
			states: "map[completed:20]",
		},
		"key revoked midway": {
			fails: func(at time.Duration) *run.Problem {
				if at < 20*time.Second {
					return nil
				}
				return &run.Problem{Kind: run.ProblemKey, What: text.NewText("run x"), Summary: text.NewText("the API key was refused"), HTTPStatus: 401}
			},
			lines:  []string{`^sbwatch: run (x|\w{11}): the API key was refused \(HTTP 401\)$`, `^sbwatch: runs (\w{11}, ){19}\w{11} may still be running: sbwatch watch( \w{11}){20}$`},
			states: "map[phase 3:20]",
			code:   report.KeyRefused,
		},
		"the computer slept": {
			clock: func(at time.Duration) time.Duration {
				if at < 20*time.Second {
					return 0
				}
				return 8 * time.Hour
			},
			lines:  []string{`^sbwatch: nothing was polled for 8:00:\d\d: the computer slept or sbwatch was stopped$`},
			states: "map[completed:20]",
		},
		"the clock was set back": {
			clock: func(at time.Duration) time.Duration {
				if at < 20*time.Second {
					return 0
				}
				return -time.Hour
			},
			lines:  []string{`^sbwatch: the clock was set back by (59:\d\d|1:00:00)$`},
			states: "map[completed:20]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				service := newAccount(t, emulator.Options{Speed: 0.5, Latency: 50 * time.Millisecond})
				watches := service.dispatchAll(t, runs, time.Second, "catalogue01")
				started := time.Now()
				if test.fails != nil {
					service.fails = func() *run.Problem { return test.fails(time.Since(started)) }
				}
				now := func() time.Time { return time.Now().UTC() }
				if test.clock != nil {
					// Without its monotonic reading, the time jumps as the clock does.
					now = func() time.Time { return time.Now().UTC().Round(0).Add(test.clock(time.Since(started))) }
				}
				got, all := followMany(t, service, monitor.Limits{PerMinute: 60, Concurrent: 5}, now, watches...)
				t.Logf("%d requests in %v, at most %d in a minute", len(service.sent), got.took, service.mostInAMinute())
				for _, line := range test.lines {
					if n := len(regexp.MustCompile("(?m)"+line).FindAllString(got.stderr, -1)); n != 1 {
						t.Errorf("%d lines match %s, want 1, in\n%s", n, line, got.stderr)
					}
				}
				if states := endings(all); states != test.states || got.code != test.code {
					t.Errorf("the runs ended as %s with outcome %d, want %s and %d", states, got.code, test.states, test.code)
				}
				if most := service.mostInAMinute(); most > 60 {
					t.Errorf("%d requests in a minute, want at most 60", most)
				}
				if lines := strings.Count(got.stderr, "\n"); lines > len(test.lines)+150 {
					t.Errorf("%d lines on standard error", lines)
				}
				if got.took > 2*time.Hour {
					t.Errorf("the watch took %v", got.took)
				}
			})
		})
	}
}
