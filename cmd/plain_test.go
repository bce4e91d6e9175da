package cmd

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"sbwatch/follow"
	"sbwatch/internal/testrun"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/report"
)

func TestPlainLinesFromDispatchToEnd(t *testing.T) {
	counts := [][2]int64{{0, 0}, {1, 29}, {1, 29}, {2, 58}}
	service := &fakeService{
		usage: func(int) (run.Usage, error) {
			return run.Usage{
				PagesPerRun: optional.Some[int64](500), CostPerPage: optional.Some[int64](2), CreditsRemaining: optional.Some[int64](12345),
			}, nil
		},
		dispatch: func(int) (run.Dispatch, error) {
			return run.Dispatch{RunID: text.NewText("k7Xb9dRmQ2p"), RecipeID: text.NewText("m3Yc2tFvN8q")}, nil
		},
		poll: func(n int) (run.Answer, error) {
			if n < len(counts) {
				return testrun.Running(counts[n][0], counts[n][1]), nil
			}
			return testrun.Completed("pagination stalled", "two\nlines \x1b[31m"), nil
		},
	}
	got := followOne(t, service, testrun.Dispatch("m3Yc2tFvN8q"), func(f *follower, _ *program) { f.reporter.TellCost = true })
	wantLines(t, "stdout", got.stdout, `
00:00:00  k7Xb9dRmQ2p  dispatched   recipe m3Yc2tFvN8q
00:00:00  k7Xb9dRmQ2p  running      0 pages     0 items   0 credits
00:00:02  k7Xb9dRmQ2p  running      1 page     29 items   2 credits
00:00:06  k7Xb9dRmQ2p  running      2 pages    58 items   4 credits
00:00:08  k7Xb9dRmQ2p  completed    0 pages     0 items   0 credits   drift 0.02   2 warnings   1:30
00:00:08  k7Xb9dRmQ2p  warning      pagination stalled
00:00:08  k7Xb9dRmQ2p  warning      two\nlines \x1b[31m
`)
	wantLines(t, "stderr", got.stderr, `
sbwatch: a run of m3Yc2tFvN8q costs up to 1,000 of your 12,345 credits: 500 pages at 2 credits per page
sbwatch: run k7Xb9dRmQ2p: completed without items: the page answered, but nothing on it matched the recipe: check the page; if it has changed, re-author the recipe
`)
	if got.code != report.Completed {
		t.Errorf("got exit code %d, want 0", got.code)
	}
}

func TestPlainUnknownCost(t *testing.T) {
	service := &fakeService{
		usage: func(int) (run.Usage, error) {
			return run.Usage{}, problem(run.ProblemService, "server error", 500)
		},
		dispatch: func(int) (run.Dispatch, error) { return run.Dispatch{RunID: text.NewText("k7Xb9dRmQ2p")}, nil },
		poll:     func(int) (run.Answer, error) { return testrun.Running(0, 0), nil },
	}
	got := followOne(t, service, testrun.Dispatch("m3Yc2tFvN8q"), func(f *follower, _ *program) {
		f.reporter.TellCost = true
		f.Timeout = time.Second
	})
	wantLines(t, "stderr", got.stderr, `
sbwatch: the cost of a run of m3Yc2tFvN8q is unknown: the usage of the account could not be read
sbwatch: the timeout passed before run k7Xb9dRmQ2p ended; the run continues: sbwatch watch k7Xb9dRmQ2p
`)
}

func TestPlainJSONLines(t *testing.T) {
	service := &fakeService{poll: func(n int) (run.Answer, error) {
		if n == 0 {
			return testrun.Running(1, 29), nil
		}
		return testrun.Completed("<b> \x1b]0;owned\a"), nil
	}}
	got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), func(f *follower, p *program) {
		f.reporter.Lines = report.NewJSONLines(p.Stdout)
	})
	wantLines(t, "stdout", got.stdout, `
{"run_id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"running","pages_extracted":1,"items_extracted":29,"credits_used":2,"drift":null,"mode":null,"warnings":null,"error":null,"elapsed_seconds":null}
{"run_id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"completed","pages_extracted":0,"items_extracted":0,"credits_used":0,"drift":0.02,"mode":"replay","warnings":["<b> \u001b]0;owned\u0007"],"error":null,"elapsed_seconds":90}
`)
}

func TestPlainHeartbeats(t *testing.T) {
	service := &fakeService{takes: 500 * time.Millisecond, poll: func(int) (run.Answer, error) { return testrun.Running(1, 29), nil }}
	for _, asJSON := range []bool{false, true} {
		service.calls = nil
		got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), func(f *follower, p *program) {
			f.Timeout = time.Hour
			if asJSON {
				f.reporter.Lines = report.NewJSONLines(p.Stdout)
			}
		})
		// There is one poll every 2.5 s, because the pause of 2 s begins when the answer arrives.
		if polls := len(service.calls["poll"]); polls < 1430 || polls > 1441 {
			t.Errorf("%d polls in an hour", polls)
		}
		signs := strings.Count(got.stdout, "\n")
		lines := signs
		if asJSON {
			signs = strings.Count(got.stderr, "run k7Xb9dRmQ2p: still running, 1 page, 29 items\n")
			if lines != 1 {
				t.Errorf("%d JSON lines for one state", lines)
			}
		}
		if signs < 118 || signs > 121 {
			t.Errorf("JSON %v: %d signs of life in an hour, want one each 30 s", asJSON, signs)
		}
		if got.code != report.TimedOut || got.took != time.Hour {
			t.Errorf("got exit code %d after %v, want 124 after an hour", got.code, got.took)
		}
		want := "the timeout passed before run k7Xb9dRmQ2p ended; the run continues: sbwatch watch k7Xb9dRmQ2p\n"
		if !strings.HasSuffix(got.stderr, want) {
			t.Errorf("last words %q, want %q", got.stderr, want)
		}
	}
}

func TestPlainReportsProblemOnce(t *testing.T) {
	limited := problem(run.ProblemRateLimited, "rate limited (60 a minute)", 429)
	limited.Code, limited.RequestID = text.NewText("rate_limited"), text.NewText("req_1")
	limited.Message = text.NewText("You are too fast.\x1b[2J")
	limited.RetryAfter = optional.Some(70 * time.Second)
	service := &fakeService{poll: func(n int) (run.Answer, error) {
		switch n {
		case 0:
			return testrun.Running(1, 29), nil
		case 1, 2:
			again := *limited
			return run.Answer{}, &again
		case 3, 4:
			return run.Answer{}, problem(run.ProblemService, "the service is in trouble", 502)
		default:
			return testrun.Completed(), nil
		}
	}}
	got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), nil)
	wantPrefix := `
sbwatch: rate limited (60 a minute), next try in 70 s (rate_limited, HTTP 429, req_1)
sbwatch: still failing after 30 s: rate limited (60 a minute), next try in 40 s (rate_limited, HTTP 429, req_1)
sbwatch: still failing after 60 s: rate limited (60 a minute), next try in 10 s (rate_limited, HTTP 429, req_1)
sbwatch: still failing after 90 s: rate limited (60 a minute), next try in 50 s (rate_limited, HTTP 429, req_1)
sbwatch: still failing after 2:00: rate limited (60 a minute), next try in 20 s (rate_limited, HTTP 429, req_1)
sbwatch: the service is in trouble, next try in 3.0 s (HTTP 502)
`
	if !strings.HasPrefix(got.stderr, strings.TrimPrefix(wantPrefix, "\n")) {
		t.Errorf("stderr:\n%s\nwant it to begin:\n%s", got.stderr, wantPrefix)
	}
	first := service.calls["poll"][1]
	for i, want := range []time.Duration{70 * time.Second, 140 * time.Second} {
		if at := service.calls["poll"][2+i].Sub(first); at != want {
			t.Errorf("try %d came %v after the first refusal, want %v", i+1, at, want)
		}
	}
	if got.code != report.Completed {
		t.Errorf("got exit code %d, want 0: failed polls do not end a watch", got.code)
	}
}

func TestPlainReportsRecovery(t *testing.T) {
	service := &fakeService{poll: func(n int) (run.Answer, error) {
		if n == 1 || n == 2 {
			return run.Answer{}, problem(run.ProblemNoConnection, "no connection", 0)
		}
		return testrun.Running(int64(n), 29), nil
	}}
	got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), func(f *follower, _ *program) { f.Timeout = 20 * time.Second })
	if want := "sbwatch: the service answers again, after 2 failed requests in 2.5 s\n"; !strings.Contains(got.stderr, want) {
		t.Errorf("got stderr %q, want %q in it", got.stderr, want)
	}
}

func TestPlainProblemsThatEndTheWatch(t *testing.T) {
	tests := map[string]struct {
		problem *run.Problem
		code    report.Outcome
	}{
		"no such run": {&run.Problem{
			Kind: run.ProblemRefused, What: text.NewText("run zzzzzzzzzzz"), Summary: text.NewText("no such run"),
			Code: text.NewText("not_found"), HTTPStatus: 404, RequestID: text.NewText("req_aB3xY9Kp"),
			NextStep: text.NewText("check the id, and which account the key belongs to"),
		}, report.Failed},
		"key refused": {problem(run.ProblemKey, "the key was refused", 401), report.KeyRefused},
		"redirect":    {problem(run.ProblemUnsafe, "redirected to another host", 302), report.Failed},
		"no credits":  {problem(run.ProblemCredits, "out of credits", 402), report.Failed},
		"quota":       {problem(run.ProblemQuota, "the quota is used up", 429), report.Failed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := &fakeService{poll: func(int) (run.Answer, error) { return run.Answer{}, test.problem }}
			got := followOne(t, service, testrun.Watch("zzzzzzzzzzz"), nil)
			if got.code != test.code {
				t.Errorf("got exit code %d, want %d", got.code, test.code)
			}
			if want := "sbwatch: " + test.problem.Error() + "\n"; got.stderr != want || got.stdout != "" {
				t.Errorf("stderr %q, stdout %q, want %q and nothing", got.stderr, got.stdout, want)
			}
			if n := len(service.calls["poll"]); n != 1 {
				t.Errorf("%d polls, want 1", n)
			}
		})
	}
}

func TestPlainLostDispatch(t *testing.T) {
	lastRun := func(id string) func(n int) (run.Usage, error) {
		return func(n int) (run.Usage, error) {
			if n == 0 {
				id := "before"
				return run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText(id)})}, nil
			}
			return run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText(id), Status: text.NewText("running")})}, nil
		}
	}
	down := func(int) (run.Usage, error) {
		return run.Usage{}, problem(run.ProblemNoConnection, "no connection", 0)
	}
	tests := map[string]struct {
		usage func(n int) (run.Usage, error)
		want  string
	}{
		"a new run":    {lastRun("k7Xb9dRmQ2p"), "The account's newest run, k7Xb9dRmQ2p (running), may be this run. To watch it: sbwatch watch --insecure k7Xb9dRmQ2p\n"},
		"no new run":   {lastRun("before"), "shows no new run so far. To check: sbwatch usage --insecure; only if there is no new run: sbwatch run --insecure m3Yc2tFvN8q\n"},
		"nobody knows": {down, "unknown whether a run has started. To check: sbwatch usage --insecure; only if"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := &fakeService{
				usage: test.usage,
				dispatch: func(int) (run.Dispatch, error) {
					return run.Dispatch{}, problem(run.ProblemLost, "the connection broke", 0)
				},
			}
			got := followOne(t, service, testrun.Dispatch("m3Yc2tFvN8q"), func(f *follower, _ *program) {
				f.reporter.Commands.Options = []string{"--insecure"}
			})
			if !strings.Contains(got.stderr, test.want) || !strings.Contains(got.stderr, "the connection broke") {
				t.Errorf("got stderr %q, want %q in it", got.stderr, test.want)
			}
			if n := len(service.calls["dispatch"]); n != 1 {
				t.Errorf("%d dispatches: each may cost", n)
			}
			if got.code != report.Failed {
				t.Errorf("got exit code %d, want 1", got.code)
			}
			if got.took > time.Minute {
				t.Errorf("took %v", got.took)
			}
		})
	}
}

func TestPlainDispatchIsRetriedIfNotSent(t *testing.T) {
	service := &fakeService{
		dispatch: func(n int) (run.Dispatch, error) {
			if n < 3 {
				return run.Dispatch{}, problem(run.ProblemNoConnection, "no connection", 0)
			}
			return run.Dispatch{RunID: text.NewText("k7Xb9dRmQ2p")}, nil
		},
		poll: func(int) (run.Answer, error) { return testrun.Completed(), nil },
	}
	got := followOne(t, service, testrun.Dispatch("m3Yc2tFvN8q"), nil)
	if got.code != report.Completed || len(service.calls["dispatch"]) != 4 {
		t.Errorf("got exit code %d after %d dispatches, want 0 after 4", got.code, len(service.calls["dispatch"]))
	}
}

func TestPlainLeavingWaitsForRunID(t *testing.T) {
	dispatched := func(int) (run.Dispatch, error) {
		return run.Dispatch{RunID: text.NewText("k7Xb9dRmQ2p")}, nil
	}
	tests := map[string]struct {
		takes          time.Duration
		stdout, stderr string
	}{
		"the answer comes in time": {
			1500 * time.Millisecond, "00:00:03  k7Xb9dRmQ2p  dispatched   recipe m3Yc2tFvN8q\n",
			"sbwatch: left before run k7Xb9dRmQ2p ended; the run continues: sbwatch watch k7Xb9dRmQ2p\n",
		},
		"no answer": {
			20 * time.Second, "",
			"sbwatch: left before the dispatch was answered: a run may have started: sbwatch usage\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := &fakeService{dispatch: dispatched, takes: test.takes}
			got := followOne(t, service, testrun.Dispatch("m3Yc2tFvN8q"), func(f *follower, _ *program) {
				f.Timeout = test.takes + 100*time.Millisecond // passes during the dispatch, after the usage request
			})
			stderr := strings.ReplaceAll(got.stderr, "the timeout passed", "left")
			if got.stdout != test.stdout || stderr != test.stderr || got.code != report.TimedOut {
				t.Errorf("got exit code %d, stdout %q, stderr %q, want 124, %q, %q", got.code, got.stdout, stderr, test.stdout, test.stderr)
			}
		})
	}
}

func TestPlainSignals(t *testing.T) {
	for signal, want := range map[syscall.Signal]report.Outcome{
		syscall.SIGINT: report.Left, syscall.SIGTERM: report.Terminated, syscall.SIGHUP: report.HungUp,
	} {
		t.Run(signal.String(), func(t *testing.T) {
			service := &fakeService{poll: func(int) (run.Answer, error) { return testrun.Running(1, 29), nil }}
			got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), func(_ *follower, p *program) {
				p.Signals = afterwards(time.Minute, signal)
			})
			if got.code != want || got.took < time.Minute || got.took > 2*time.Minute {
				t.Errorf("got exit code %d after %v, want %d after a minute", got.code, got.took, want)
			}
		})
	}
}

func TestPlainFailedRun(t *testing.T) {
	r := testrun.Of(run.StatusFailed, 3, 61)
	r.Error = text.NewText("page 4: element not found: a.next-page")
	service := &fakeService{poll: func(int) (run.Answer, error) {
		return run.Answer{Run: r, RequestID: text.NewText("req_aB3xY9Kp")}, nil
	}}
	got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), nil)
	wantLines(t, "stdout", got.stdout, "00:00:00  k7Xb9dRmQ2p  failed       3 pages    61 items   6 credits\n")
	wantLines(t, "stderr", got.stderr, "sbwatch: run k7Xb9dRmQ2p failed: page 4: element not found: a.next-page (req_aB3xY9Kp): to run it again: sbwatch run m3Yc2tFvN8q\n")
	if got.code != report.Failed {
		t.Errorf("got exit code %d, want 1", got.code)
	}
}

func TestPlainReportsStallOnce(t *testing.T) {
	service := &fakeService{poll: func(n int) (run.Answer, error) {
		return testrun.Running(int64(min(n, 10)), int64(min(n, 10)*29)), nil
	}}
	got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), func(f *follower, _ *program) { f.Timeout = 5 * time.Minute })
	if n := strings.Count(got.stderr, "nothing new for"); n != 1 {
		t.Errorf("a stall was said %d times:\n%s", n, got.stderr)
	}
}

func TestPlainUsageTimeoutAfterEnd(t *testing.T) {
	service := &fakeService{
		poll: func(int) (run.Answer, error) { return testrun.Completed(), nil },
		usage: func(int) (run.Usage, error) {
			limited := problem(run.ProblemRateLimited, "rate limited", 429)
			limited.RetryAfter = optional.Some(24 * time.Hour)
			return run.Usage{}, limited
		},
	}
	got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), nil)
	if got.code != report.Completed || got.took > follow.MaxUsageWait {
		t.Errorf("got exit code %d after %v, want 0 within %v", got.code, got.took, follow.MaxUsageWait)
	}
}

func TestPlainClosedPipe(t *testing.T) {
	tests := map[string]struct {
		answer run.Answer
		want   report.Outcome
	}{
		"under way": {testrun.Running(1, 29), report.Left},
		"completed": {testrun.Completed(), report.Completed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := &fakeService{poll: func(int) (run.Answer, error) { return test.answer, nil }}
			got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), func(f *follower, _ *program) {
				f.reporter.Lines = report.NewPlainLines(failingWriter{syscall.EPIPE})
			})
			if got.code != test.want || got.stderr != "" {
				t.Errorf("got exit code %d, stderr %q, want %d and nothing", got.code, got.stderr, test.want)
			}
		})
	}
}

func TestFullDiskIsReported(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{Process: Process{Stdout: failingWriter{syscall.ENOSPC}, Stderr: &stderr, Now: time.Now}}
	_, err := p.watchPlainly(t.Context(), session{
		service: &fakeService{t: t, poll: func(int) (run.Answer, error) { return testrun.Completed(), nil }},
		watch:   testrun.Watch("k7Xb9dRmQ2p"), flags: watchFlags{interval: time.Second},
	})
	if err == nil || !errors.Is(err, syscall.ENOSPC) || report.OutcomeOfError(err) != report.Failed {
		t.Fatalf("error %v, code %d", err, report.OutcomeOfError(err))
	}
	if want := "standard output: no space left on device"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestPlainColumnsGrow(t *testing.T) {
	service := &fakeService{poll: func(n int) (run.Answer, error) {
		counts := []int64{1, 999, 12345}
		if n >= len(counts) {
			return testrun.Completed(), nil
		}
		return testrun.Running(counts[n], counts[n]*100), nil
	}}
	got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), nil)
	wantLines(t, "stdout", got.stdout, `
00:00:00  k7Xb9dRmQ2p  running      1 page    100 items   2 credits
00:00:02  k7Xb9dRmQ2p  running    999 pages  99900 items  1998 credits
00:00:04  k7Xb9dRmQ2p  running    12345 pages  1234500 items  24690 credits
00:00:06  k7Xb9dRmQ2p  completed      0 pages        0 items      0 credits   drift 0.02   0 warnings   1:30
`)
}

func TestPlainWatchDoesNotDispatch(t *testing.T) {
	service := &fakeService{poll: func(int) (run.Answer, error) { return testrun.Completed(), nil }}
	followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), nil)
	if kinds := slices.Sorted(maps.Keys(service.calls)); !slices.Equal(kinds, []string{"poll", "usage"}) {
		t.Errorf("a watch called %v", kinds)
	}
}
