package emulator

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"
)

// nightlyRun holds what a client sees of one nightly run.
type nightlyRun struct {
	created       time.Time
	items         int
	drift         float64
	price, rating float64 // coverage of these columns
}

// nightsOf dispatches a recipe once for each night and returns the runs.
func nightsOf(t *testing.T, recipe string, nights int, options Options) []nightlyRun {
	t.Helper()
	var runs []nightlyRun
	bubble(t, options, func(t *testing.T, s *session) {
		for range nights {
			answer := s.finish(s.dispatch(recipe))
			run := nightlyRun{created: answer.Data.CreatedAt, items: answer.Data.Items, drift: answer.Data.Result.Drift}
			if len(answer.items()) != run.items || answer.Data.Pages != len(answer.Data.Result.Pages) {
				t.Fatalf("%d of %d items", len(answer.items()), run.items)
			}
			for _, raw := range answer.items() {
				var item map[string]any
				if err := json.Unmarshal(raw, &item); err != nil {
					t.Fatal(err)
				}
				if item["price"] != nil {
					run.price += 1 / float64(run.items)
				}
				if item["rating"] != nil {
					run.rating += 1 / float64(run.items)
				}
			}
			runs = append(runs, run)
		}
	})
	return runs
}

// TestNights checks that each recipe that evolves behaves as the help text says.
func TestNights(t *testing.T) {
	within := func(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }
	tests := map[string]func(n int, run nightlyRun) bool{
		"redesign001": func(n int, run nightlyRun) bool {
			after := n >= 21
			return after == (run.price == 0) && after == (run.drift > 0.4) && within(float64(run.items), 240, 4) && run.rating > 0.85
		},
		"newlook0001": func(n int, run nightlyRun) bool {
			return n >= 21 == (run.drift > 0.3) && run.price > 0.9 && run.rating > 0.85 && within(float64(run.items), 240, 4)
		},
		"fading00001": func(n int, run nightlyRun) bool {
			return within(run.rating, max(0, 0.92-0.02*float64(n-1)), 0.06) && run.price > 0.9
		},
		"seasons0001": func(n int, run nightlyRun) bool { // the first night is a Monday
			return within(float64(run.items), []float64{216, 228, 240, 264, 312, 276, 168}[(n-1)%7], 5)
		},
		"growing0001": func(n int, run nightlyRun) bool {
			return within(float64(run.items), 240*math.Pow(1.01, float64(n-1)), 8)
		},
		"sundays0001": func(n int, run nightlyRun) bool { return n%7 == 0 == (run.items == 0) },
		"noisy000001": func(_ int, run nightlyRun) bool {
			return within(float64(run.items), 240, 21) && within(run.drift, 0.05, 0.05) && run.price > 0.8 && run.rating > 0.8
		},
	}
	for recipe, check := range tests {
		t.Run(recipe, func(t *testing.T) {
			t.Parallel()
			for i, run := range nightsOf(t, recipe, 30, Options{Seed: 1, Speed: 1000}) {
				if !check(i+1, run) {
					t.Errorf("night %d: %+v", i+1, run)
				}
			}
		})
	}
}

// TestGrowthEnds checks that the number of pages of a run is limited, even if its recipe was dispatched very often.
func TestGrowthEnds(t *testing.T) {
	for _, r := range nightlyRecipes(newProductWriter()) {
		plan := r.scriptOf(runSettings{ordinal: 1_000_000})
		if len(plan.pages) > nightlyLimit {
			t.Errorf("%s: %d pages, want at most %d", r.id, len(plan.pages), nightlyLimit)
		}
	}
}

// TestNightsDependOnTheSeed checks that the same seed gives the same nightly runs.
func TestNightsDependOnTheSeed(t *testing.T) {
	nights := func(seed uint64) string {
		return fmt.Sprint(nightsOf(t, "noisy000001", 10, Options{Seed: seed, Speed: 100}))
	}
	if one := nights(1); one != nights(1) || one == nights(2) {
		t.Error("the same seed gave other nights, or another seed the same")
	}
}

// TestFirstNight checks the dates of runs and that weekly seasons follow them.
func TestFirstNight(t *testing.T) {
	saturday := time.Date(2026, time.March, 7, 15, 0, 0, 0, time.UTC)
	for i, run := range nightsOf(t, "sundays0001", 10, Options{FirstNight: saturday, Speed: 100}) {
		if want := time.Date(2026, time.March, 7+i, 0, 0, 0, 0, time.UTC); !day(run.created).Equal(want) {
			t.Errorf("night %d is on %v, want %v", i+1, run.created, want)
		}
		if sunday := run.created.Weekday() == time.Sunday; sunday != (run.items == 0) {
			t.Errorf("%v: %d items", run.created.Weekday(), run.items)
		}
	}
	bubble(t, Options{FirstNight: saturday}, func(t *testing.T, s *session) {
		run := s.finish(s.dispatch("catalogue01")).Data
		if took := run.CompletedAt.Sub(*run.StartedAt); took != 2*time.Minute || run.StartedAt.Before(run.CreatedAt) {
			t.Errorf("created %v, took %v", run.CreatedAt, took)
		}
	})
}
