package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/internal/inmemory"
	"sbwatch/model/optional"
)

// checkRefusal checks the status, code, details and Retry-After of an error answer.
func checkRefusal(t *testing.T, got response, status int, code, details, retryAfter string) {
	t.Helper()
	var envelope struct {
		Error struct {
			Code    string
			Details json.RawMessage
		}
	}
	decode(t, got.body, &envelope)
	if got.status != status || envelope.Error.Code != code || string(envelope.Error.Details) != details || got.header.Get("Retry-After") != retryAfter {
		t.Errorf("HTTP %d, Retry-After %q: %s", got.status, got.header.Get("Retry-After"), got.body)
	}
}

func TestLimitPerMinute(t *testing.T) {
	bubble(t, Options{LimitPerMin: optional.Some(3)}, func(t *testing.T, s *session) {
		poll := func() response { return s.do(http.MethodGet, "/v1/smartbrowse/runs/k7Xb9dRmQ2p") }
		for range 3 {
			if got := poll(); got.status != http.StatusOK {
				t.Fatalf("within the limit: HTTP %d", got.status)
			}
			time.Sleep(10 * time.Second)
		}
		const details = `{"reason":"rate_limit_per_min","limit_per_min":3}`
		checkRefusal(t, poll(), 429, "rate_limited", details, "30")
		time.Sleep(29500 * time.Millisecond)
		checkRefusal(t, poll(), 429, "rate_limited", details, "1")
		checkRefusal(t, s.do(http.MethodPost, "/v1/smartbrowse/recipes/catalogue01/run"), 429, "rate_limited", details, "1")
		time.Sleep(time.Second)
		if got := poll(); got.status != http.StatusOK {
			t.Errorf("after Retry-After: HTTP %d", got.status)
		}
		checkRefusal(t, poll(), 429, "rate_limited", details, "10")
		s.key = otherKey
		if got := poll(); got.status != http.StatusOK {
			t.Errorf("with another key: HTTP %d", got.status)
		}
	})
}

// TestMaxConcurrent keeps a request in progress by not reading its answer.
func TestMaxConcurrent(t *testing.T) {
	bubble(t, Options{MaxConcurrent: optional.Some(1), Items: 10_000}, func(t *testing.T, s *session) {
		runID := s.dispatch("huge0000001")
		s.finish(runID)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://emulator.test/v1/smartbrowse/runs/"+runID, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-API-Key", ExampleKey)
		open, err := inmemory.Transport(s.emulator).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		checkRefusal(t, s.do(http.MethodGet, "/v1/smartbrowse/usage"), 429, "rate_limited",
			`{"reason":"max_concurrent_requests","max_concurrent":1}`, "1")
		if err := open.Body.Close(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // until the handler has received the request
		if got := s.do(http.MethodGet, "/v1/smartbrowse/usage"); got.status != http.StatusOK {
			t.Errorf("after the other request: HTTP %d", got.status)
		}
	})
}

func TestQuotaOfRuns(t *testing.T) {
	bubble(t, Options{RunsPerMonth: optional.Some(2)}, func(t *testing.T, s *session) {
		again := func() response { return s.do(http.MethodPost, "/v1/smartbrowse/recipes/empty000001/run") }
		s.dispatch("empty000001")
		time.Sleep(24 * time.Hour)
		s.dispatch("empty000001")
		checkRefusal(t, again(), 429, "rate_limited", `{"reason":"sb_runs_per_month","used":2,"limit":2,"window":"30d"}`, "")
		if got := s.do(http.MethodGet, "/v1/smartbrowse/usage"); got.status != http.StatusOK {
			t.Errorf("usage: HTTP %d", got.status)
		}
		time.Sleep(29 * 24 * time.Hour)
		if got := again(); got.status != http.StatusAccepted {
			t.Errorf("a month later: HTTP %d", got.status)
		}
	})
}

func TestNotEnoughCredits(t *testing.T) {
	bubble(t, Options{Credits: optional.Some(1)}, func(t *testing.T, s *session) {
		checkRefusal(t, s.do(http.MethodPost, "/v1/smartbrowse/recipes/empty000001/run"), 402, "insufficient_credits",
			`{"balance":1,"required":2}`, "")
	})
}

// TestShortenedRuns checks that a low balance and the plan both shorten runs, and that usage reports the cause.
func TestShortenedRuns(t *testing.T) {
	tests := []struct {
		name, recipe  string
		options       Options
		pages, cap    int
		status        string
		clamped       bool
		warnings      int
		creditsRemain int
	}{
		{"credits for 5 pages", "catalogue01", Options{Credits: optional.Some(11)}, 5, 5, "completed", true, 0, 1},
		{"a plan of 7 pages", "catalogue01", Options{PagesPerRun: optional.Some(7)}, 7, 7, "completed", false, 0, 999_986},
		{"plan and credits alike", "catalogue01", Options{PagesPerRun: optional.Some(7), Credits: optional.Some(14)}, 7, 7, "completed", false, 0, 0},
		{"a thin balance that suffices", "m3Yc2tFvN8q", Options{Credits: optional.Some(9)}, 3, 4, "completed", true, 0, 3},
		{"just enough", "m3Yc2tFvN8q", Options{Credits: optional.Some(6)}, 3, 3, "completed", true, 0, 0},
		{"cut before it drifts", "drifted0001", Options{PagesPerRun: optional.Some(2)}, 2, 2, "completed", false, 2, 999_996},
		{"cut before it stalls", "stalled0001", Options{PagesPerRun: optional.Some(12)}, 12, 12, "completed", false, 0, 999_976},
		{"stalls anyway", "stalled0001", Options{PagesPerRun: optional.Some(13)}, 12, 13, "completed", false, 2, 999_976},
		{"cut before it fails", "failing0001", Options{PagesPerRun: optional.Some(3)}, 3, 3, "completed", false, 0, 999_994},
		{"fails anyway", "failing0001", Options{PagesPerRun: optional.Some(4)}, 3, 4, "failed", false, 0, 1_000_000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, test.options, func(t *testing.T, s *session) {
				run := s.finish(s.dispatch(test.recipe))
				if run.Data.Pages != test.pages || run.Data.RunStatus != test.status || run.CreditsRemaining != test.creditsRemain {
					t.Errorf("%d pages, %s, %d credits remain", run.Data.Pages, run.Data.RunStatus, run.CreditsRemaining)
				}
				if result := run.Data.Result; result != nil && (len(result.Pages) != test.pages || len(result.Warnings) != test.warnings ||
					len(run.items()) != run.Data.Items) {
					t.Errorf("%d pages, %d of %d items, %q", len(result.Pages), len(run.items()), run.Data.Items, result.Warnings)
				}
				var usage struct {
					Data struct {
						LastRun struct {
							EffectiveCap int  `json:"effective_cap"`
							Clamped      bool `json:"clamped_by_credits"`
						} `json:"last_run"`
					}
				}
				decode(t, s.do(http.MethodGet, "/v1/smartbrowse/usage").body, &usage)
				if last := usage.Data.LastRun; last.EffectiveCap != test.cap || last.Clamped != test.clamped {
					t.Errorf("usage: %+v", last)
				}
			})
		})
	}
}

// TestConcurrentRunsCannotOverdraw dispatches several runs on the same balance.
func TestConcurrentRunsCannotOverdraw(t *testing.T) {
	bubble(t, Options{Credits: optional.Some(8)}, func(t *testing.T, s *session) {
		first, second := s.dispatch("m3Yc2tFvN8q"), s.dispatch("m3Yc2tFvN8q")
		s.finish(first)
		time.Sleep(5 * time.Second)
		if run := s.finish(second); run.CreditsRemaining != 0 || run.Data.Credits != 6 {
			t.Errorf("%d credits remain, %d used", run.CreditsRemaining, run.Data.Credits)
		}
	})
}

// TestAccounts checks that one key cannot see the runs of another.
func TestAccounts(t *testing.T) {
	bubble(t, Options{Credits: optional.Some(100)}, func(t *testing.T, s *session) {
		runID := s.dispatch("m3Yc2tFvN8q")
		s.finish(runID)
		s.key = otherKey
		if got := s.do(http.MethodGet, "/v1/smartbrowse/runs/"+runID); got.status != http.StatusNotFound {
			t.Errorf("another account's run: HTTP %d", got.status)
		}
		if sample := s.poll(SampleRunID); sample.CreditsRemaining != 100 {
			t.Errorf("%d credits remain", sample.CreditsRemaining)
		}
	})
}

// TestManyClients lets the race detector observe many clients at the same time.
func TestManyClients(t *testing.T) {
	s := newSession(t, Options{Speed: 100_000, LimitPerMin: optional.Some(100_000), MaxConcurrent: optional.Some(1_000)})
	var wg sync.WaitGroup
	var mu sync.Mutex
	runs := map[string]bool{}
	for i := range 16 {
		wg.Go(func() {
			client := *s
			for range 10 {
				got := client.do(http.MethodPost, "/v1/smartbrowse/recipes/"+Recipes()[i%len(Recipes())].ID+"/run")
				var envelope struct {
					Data struct {
						RunID string `json:"run_id"`
					}
				}
				if err := json.Unmarshal(got.body, &envelope); err != nil || got.status != http.StatusAccepted {
					t.Errorf("%v: HTTP %d %s", err, got.status, got.body)
					return
				}
				mu.Lock()
				if runs[envelope.Data.RunID] {
					t.Errorf("run id %s is used twice", envelope.Data.RunID)
				}
				runs[envelope.Data.RunID] = true
				mu.Unlock()
				client.do(http.MethodGet, "/v1/smartbrowse/usage")
			}
		})
	}
	wg.Wait()
	if used := string(s.do(http.MethodGet, "/v1/smartbrowse/usage").body); !strings.Contains(used, `"runs_used_30d":160,`) {
		t.Error(used)
	}
}
