package emulator

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// TestRecipes watches a run of each recipe to its end, under a fake clock.
func TestRecipes(t *testing.T) {
	tests := []struct {
		recipe   string
		pages    int
		items    int
		duration time.Duration
		status   string
		credits  int
		drift    float64
		warnings int
	}{
		{"m3Yc2tFvN8q", 3, 87, 90 * time.Second, "completed", 6, 0.02, 0},
		{"catalogue01", 40, 1204, 120 * time.Second, "completed", 80, 0.07, 1},
		{"stalled0001", 12, 339, 60 * time.Second, "completed", 24, 0.09, 2},
		{"drifted0001", 8, 61, 45 * time.Second, "completed", 16, 0.61, 3},
		{"failing0001", 3, 61, 37 * time.Second, "failed", 0, 0, 0},
		{"cancelled01", 5, 140, 30 * time.Second, "cancelled", 0, 0, 0},
		{"empty000001", 1, 0, 10 * time.Second, "completed", 2, 0.34, 1},
		{"huge0000001", 400, 2_000, 60 * time.Second, "completed", 800, 0.01, 0},
	}
	for _, test := range tests {
		t.Run(test.recipe, func(t *testing.T) {
			bubble(t, Options{Items: 2_000}, func(t *testing.T, s *session) {
				last := watch(t, s, s.dispatch(test.recipe))
				run := last.Data
				if run.RunStatus != test.status || run.Pages != test.pages || run.Items != test.items || run.Credits != test.credits {
					t.Errorf("%s, %d pages, %d items, %d credits", run.RunStatus, run.Pages, run.Items, run.Credits)
				}
				if took := run.CompletedAt.Sub(*run.StartedAt); took != test.duration {
					t.Errorf("took %v", took)
				}
				if want := defaultCredits - test.credits; last.CreditsRemaining != want {
					t.Errorf("%d credits remain, want %d", last.CreditsRemaining, want)
				}
				if test.status != "completed" {
					if run.Result != nil || run.Error == "" {
						t.Errorf("result %v, error %q", run.Result, run.Error)
					}
					return
				}
				if run.Result.Drift != test.drift || len(run.Result.Warnings) != test.warnings || run.Error != "" {
					t.Errorf("drift %v, warnings %q, error %q", run.Result.Drift, run.Result.Warnings, run.Error)
				}
				if len(run.Result.Pages) != test.pages || len(last.items()) != test.items {
					t.Errorf("%d pages and %d items in the result", len(run.Result.Pages), len(last.items()))
				}
			})
		})
	}
}

// watch polls a run every second until the run ends. It checks that the counts in the answers never decrease.
func watch(t *testing.T, s *session, runID string) polled {
	t.Helper()
	statuses := []string{}
	var before polled
	for {
		now := s.poll(runID)
		if now.Data.Pages < before.Data.Pages || now.Data.Items < before.Data.Items || now.Status != "completed" || now.CreditsUsed != 0 {
			t.Fatalf("got %+v after %+v", now.Data, before.Data)
		}
		if len(statuses) == 0 || statuses[len(statuses)-1] != now.Data.RunStatus {
			statuses = append(statuses, now.Data.RunStatus)
		}
		if now.Data.CompletedAt != nil {
			if !slices.Equal(statuses[:len(statuses)-1], []string{"running"}) {
				t.Errorf("got statuses %q", statuses)
			}
			return now
		}
		if now.Data.Result != nil || now.Data.Error != "" || now.CreditsRemaining != defaultCredits || now.Data.Credits != 2*now.Data.Pages {
			t.Fatalf("running: %+v, %d credits remain", now.Data, now.CreditsRemaining)
		}
		before = now
		time.Sleep(time.Second)
	}
}

func TestRecipesAreDescribed(t *testing.T) {
	infos := Recipes()
	if len(infos) != 18 {
		t.Errorf("%d recipes", len(infos))
	}
	for _, info := range infos {
		if len(info.ID) != 11 || info.Pages < 1 || info.Duration <= 0 || info.Summary == "" || strings.Contains(info.Summary, "\n") {
			t.Errorf("%+v", info)
		}
	}
}

// TestStall checks that all pages of the stalled recipe arrive within 35 s, and that nothing new arrives in its last 25
// s.
func TestStall(t *testing.T) {
	bubble(t, Options{}, func(t *testing.T, s *session) {
		runID := s.dispatch("stalled0001")
		time.Sleep(36 * time.Second)
		quiet := s.poll(runID).Data
		if quiet.RunStatus != "running" || quiet.Pages != 12 {
			t.Errorf("after 36 s: %+v", quiet)
		}
		if end := s.finish(runID).Data; !strings.Contains(end.Result.Warnings[0], "limit of 50") || end.Pages != 12 {
			t.Errorf("at the end: %d pages, %q", end.Pages, end.Result.Warnings)
		}
	})
}

// TestPaceVaries checks that pages arrive irregularly, and differently in two runs.
func TestPaceVaries(t *testing.T) {
	bubble(t, Options{}, func(t *testing.T, s *session) {
		first, second := s.dispatch("catalogue01"), s.dispatch("catalogue01")
		gaps := map[int]int{}
		differ := false
		before := 0
		for range 110 {
			time.Sleep(time.Second)
			a, b := s.poll(first).Data, s.poll(second).Data
			gaps[a.Pages-before]++
			before = a.Pages
			differ = differ || a.Pages != b.Pages
		}
		if len(gaps) < 2 || !differ {
			t.Errorf("pages a second %v, runs differ: %v", gaps, differ)
		}
	})
}

func TestFinalAnswerDoesNotChange(t *testing.T) {
	for _, recipe := range []string{"catalogue01", "stalled0001", "hostile0001", "failing0001", "huge0000001"} {
		t.Run(recipe, func(t *testing.T) {
			bubble(t, Options{Items: 5_000}, func(t *testing.T, s *session) {
				runID := s.dispatch(recipe)
				data := func() []byte {
					body := s.do(http.MethodGet, "/v1/smartbrowse/runs/"+runID).body
					return body[:bytes.LastIndex(body, []byte(`,"credits_used":0,`))]
				}
				time.Sleep(5 * time.Minute)
				first := data()
				s.finish(s.dispatch(recipe)) // another run must not affect the answer
				time.Sleep(time.Hour)
				if !bytes.Equal(first, data()) {
					t.Error("the answer changed")
				}
			})
		})
	}
}

func TestSpeed(t *testing.T) {
	bubble(t, Options{Speed: 20}, func(t *testing.T, s *session) {
		runID := s.dispatch("m3Yc2tFvN8q")
		dispatched := time.Now()
		time.Sleep(4700 * time.Millisecond) // 90 s and the time in the queue, at twenty times the speed
		run := s.poll(runID).Data
		if run.RunStatus != "completed" || run.CompletedAt.Sub(*run.StartedAt) != 4500*time.Millisecond {
			t.Errorf("%s, from %v to %v", run.RunStatus, run.StartedAt, run.CompletedAt)
		}
		if !run.CreatedAt.Equal(dispatched) || run.StartedAt.Sub(dispatched) > 100*time.Millisecond {
			t.Errorf("created %v, started %v", run.CreatedAt, run.StartedAt)
		}
	})
}

// TestTimeLimit runs a recipe so slowly that the service would force-stop the run.
func TestTimeLimit(t *testing.T) {
	bubble(t, Options{Speed: 0.1}, func(t *testing.T, s *session) {
		r := s.finish(s.dispatch("catalogue01"))
		if r.Data.RunStatus != "cancelled" || r.Data.CompletedAt.Sub(*r.Data.StartedAt) != run.RunLimit ||
			r.Data.Error == "" || r.Data.Result != nil || r.CreditsRemaining != defaultCredits || r.Data.Pages < 10 {
			t.Errorf("%+v", r.Data)
		}
	})
}

// TestSeed checks that the same requests in the same order get the same answers, and different ones with another seed.
func TestSeed(t *testing.T) {
	script := func(seed uint64) []byte {
		var all []byte
		bubble(t, Options{Seed: seed}, func(_ *testing.T, s *session) {
			for _, recipe := range []string{"catalogue01", "stalled0001", "flaky000001", "catalogue01"} {
				runID := s.dispatch(recipe)
				for range 40 {
					time.Sleep(4 * time.Second)
					all = append(all, s.do(http.MethodGet, "/v1/smartbrowse/runs/"+runID).body...)
				}
			}
		})
		return all
	}
	one := script(1)
	if !bytes.Equal(one, script(1)) {
		t.Error("the same seed gave other answers")
	}
	if bytes.Equal(one, script(2)) {
		t.Error("another seed gave the same answers")
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	for want, options := range map[string]Options{
		"speed -1 is out of range":         {Speed: -1},
		"-1 items are out of range":        {Items: -1},
		"1000001 items are out of range":   {Items: 1_000_001},
		"limit per minute of 0 is too low": {LimitPerMin: optional.Some(0)},
		"credits of -1 is too low":         {Credits: optional.Some(-1)},
		"pages per run of 0 is too low":    {PagesPerRun: optional.Some(0)},
		"latency of -1s is out of range":   {Latency: -time.Second},
		"jitter of 1h0m0s is out of range": {Jitter: time.Hour},
	} {
		if _, err := New(options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}
