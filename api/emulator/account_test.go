package emulator

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"sbwatch/model/optional"
)

// TestFirstLastRun checks the last run that usage reports before the first dispatch.
func TestFirstLastRun(t *testing.T) {
	tests := map[string]struct {
		options Options
		want    string // expected text in the answer to usage
		poll    int    // expected status of a poll of the sample run
		pages   int    // expected pages of the sample run
		items   int
	}{
		"by default": {
			Options{},
			`"last_run":{"id":"k7Xb9dRmQ2p","status":"completed","pages_extracted":3,"effective_cap":1000,"clamped_by_credits":false,`,
			http.StatusOK, 3, 87,
		},
		"a plan of 2 pages": {
			Options{PagesPerRun: optional.Some(2)},
			`"last_run":{"id":"k7Xb9dRmQ2p","status":"completed","pages_extracted":2,"effective_cap":2,`,
			http.StatusOK, 2, 58,
		},
		"a plan of 3 pages": {Options{PagesPerRun: optional.Some(3)}, `"pages_extracted":3,"effective_cap":3,`, http.StatusOK, 3, 87},
		"a fresh account":   {Options{Fresh: true}, `"runs_used_30d":0,`, http.StatusNotFound, 0, 0},
		"without a run":     {Options{Fresh: true, PagesPerRun: optional.Some(2)}, `"last_run":null}`, http.StatusNotFound, 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSession(t, test.options)
			if usage := s.do(http.MethodGet, "/v1/smartbrowse/usage"); usage.status != http.StatusOK || !bytes.Contains(usage.body, []byte(test.want)) {
				t.Errorf("HTTP %d: %s lacks %s", usage.status, usage.body, test.want)
			}
			if got := s.do(http.MethodGet, "/v1/smartbrowse/runs/"+SampleRunID); got.status != test.poll {
				t.Fatalf("poll: HTTP %d, want %d", got.status, test.poll)
			}
			if test.poll != http.StatusOK {
				return
			}
			if run := s.poll(SampleRunID); run.Data.Pages != test.pages || run.Data.Items != test.items || len(run.items()) != test.items || run.Data.Credits != 2*test.pages {
				t.Errorf("%d pages, %d and %d items, %d credits", run.Data.Pages, run.Data.Items, len(run.items()), run.Data.Credits)
			}
		})
	}
}

func TestFreshAccountHasALastRunAfterADispatch(t *testing.T) {
	bubble(t, Options{Fresh: true}, func(t *testing.T, s *session) {
		runID := s.dispatch("empty000001")
		if usage := s.do(http.MethodGet, "/v1/smartbrowse/usage"); !bytes.Contains(usage.body, []byte(`"last_run":{"id":"`+runID+`","status":"running",`)) {
			t.Errorf("%s", usage.body)
		}
	})
}

// TestNeverBackToQueued polls a run right after its dispatch. The answer to the dispatch says that the run is running,
// so no poll may say that it is queued.
func TestNeverBackToQueued(t *testing.T) {
	for _, speed := range []float64{0.001, 1, 100_000} {
		bubble(t, Options{Speed: speed}, func(t *testing.T, s *session) {
			runID := s.dispatch("catalogue01")
			for range 20 {
				if run := s.poll(runID).Data; run.RunStatus == "queued" || run.StartedAt == nil || run.StartedAt.Before(run.CreatedAt) {
					t.Fatalf("at speed %v: %s, created %v, started %v", speed, run.RunStatus, run.CreatedAt, run.StartedAt)
				}
				time.Sleep(50 * time.Millisecond)
			}
		})
	}
}

// TestHeadConsumesNoFault sends HEAD requests between the polls of a flaky run. The polls must get the same faults as
// without these requests.
func TestHeadConsumesNoFault(t *testing.T) {
	bubble(t, Options{}, func(t *testing.T, s *session) {
		runID := s.dispatch("flaky000001")
		for i := range 8 {
			for range 3 {
				if got := s.do(http.MethodHead, "/v1/smartbrowse/runs/"+runID); got.status != http.StatusOK || got.header.Get("Content-Type") != "application/json" {
					t.Fatalf("HEAD: HTTP %d, %v", got.status, got.header)
				}
			}
			want := []int{200, 429, 200, 429, 200, 500, 200, 502}[i]
			if got := s.do(http.MethodGet, "/v1/smartbrowse/runs/"+runID); got.status != want {
				t.Errorf("poll %d: HTTP %d, want %d", i, got.status, want)
			}
		}
	})
}

// TestOldestRunsAreForgotten dispatches more runs than the emulator keeps.
func TestOldestRunsAreForgotten(t *testing.T) {
	bubble(t, Options{Credits: optional.Some(100)}, func(t *testing.T, s *session) {
		s.emulator.maxRuns = 3
		var runs []string
		for range 4 {
			runs = append(runs, s.dispatch("empty000001"))
		}
		for _, runID := range runs {
			if got := s.poll(runID).Data.RunStatus; got != "running" {
				t.Errorf("a run under way is %s", got)
			}
		}
		time.Sleep(time.Minute)
		other := *s
		other.key = otherKey
		runs = append(runs, other.dispatch("empty000001"))
		for i, want := range []int{404, 404, 200, 200} {
			if got := s.do(http.MethodGet, "/v1/smartbrowse/runs/"+runs[i]); got.status != want {
				t.Errorf("run %d: HTTP %d, want %d", i, got.status, want)
			}
		}
		if got := other.poll(runs[4]); got.Data.RunStatus != "running" {
			t.Errorf("the new run is %s", got.Data.RunStatus)
		}
		usage := s.do(http.MethodGet, "/v1/smartbrowse/usage").body
		if !bytes.Contains(usage, []byte(`"runs_used_30d":4,`)) || !bytes.Contains(usage, []byte(`"credits_remaining":92,`)) {
			t.Errorf("forgotten runs are no longer counted or billed: %s", usage)
		}
		if len(s.emulator.runs) != 3 || len(s.emulator.accounts[ExampleKey].runs) != 3 { // two runs, and the run of the sample
			t.Errorf("%d and %d runs are kept", len(s.emulator.runs), len(s.emulator.accounts[ExampleKey].runs))
		}
	})
}
