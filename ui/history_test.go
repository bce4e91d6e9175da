package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/golden"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/query"
	"sbwatch/ui/screen/history"
)

// fakeHistory holds runs of a single recipe. All of them have the same items.
type fakeHistory struct {
	runs  []RecordedRun
	items item.Table
	err   error // if not nil, no runs can be read
}

func (f *fakeHistory) Recipes(context.Context) ([]RecordedRecipe, error) {
	return []RecordedRecipe{{RecipeKey: RecipeKey{ID: "catalogue01"}, Runs: len(f.runs), LastAt: f.runs[len(f.runs)-1].At()}}, nil
}

func (f *fakeHistory) Runs(context.Context, RecipeKey, int) ([]RecordedRun, error) {
	if f.err != nil {
		return nil, f.err
	}
	return f.runs, nil
}

func (f *fakeHistory) Spent(context.Context, time.Time) (spent []baseline.Spent, err error) {
	for i := range f.runs {
		spent = append(spent, baseline.Spent{At: f.runs[i].At(), Credits: f.runs[i].Credits.Or(0)})
	}
	return spent, nil
}

func (f *fakeHistory) Open(_ context.Context, r RecordedRun, _ func(item.Table)) (run.Answer, error) {
	if f.err != nil {
		return run.Answer{}, f.err
	}
	answer := finished(result(r.Drift.Or(0)), f.items, time.Minute)
	answer.Run.ID, answer.Run.StartedAt, answer.Run.CompletedAt = r.ID, r.StartedAt, r.CompletedAt
	return answer, nil
}

// nightsOf returns a history of n nights. In each night, a run has completed with the given items.
func nightsOf(t *testing.T, n int, items item.Table) *fakeHistory {
	t.Helper()
	described, err := query.Profile(t.Context(), items, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeHistory{items: items}
	for i := range n {
		var r RecordedRun
		r.ID, r.RecipeID, r.Status = text.NewText(fmt.Sprintf("past%07d", i)), text.NewText("catalogue01"), run.StatusCompleted
		r.StartedAt = start.AddDate(0, 0, i-n)
		r.CompletedAt = r.StartedAt.Add(time.Duration(120+5*(i%5)) * time.Second)
		r.Pages, r.Items = optional.Some(int64(38+i%5)), optional.Some(int64(items.Len()+i%3))
		r.Drift, r.Credits = optional.Some(0.04+0.01*float64(i%3)), optional.Some(int64(80))
		r.Columns, r.HasItems = described.Summary().Columns, true
		f.runs = append(f.runs, r)
	}
	return f
}

// priced returns n products. The given percentage of them has no price.
func priced(t *testing.T, n, without int) item.Table {
	var rows []string
	for i := range n {
		price := fmt.Sprintf(`"price":%d,`, 10+i%50)
		if i*100 < without*n {
			price = ""
		}
		rows = append(rows, fmt.Sprintf(`{"name":"Lamp %d",%s"brand":"B%d"}`, i, price, i%3))
	}
	return itemsOf(t, rows)
}

// compares returns a dashboard with a completed run that is compared with earlier runs of its recipe.
func compares(t *testing.T, w, h int, drift float64, items item.Table) *stage {
	s := newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, History: nightsOf(t, 12, priced(t, 150, 0)),
	}, w, h).at(time.Minute)
	return s.follow(s.update(polledMsg{answer: finished(result(drift), items, time.Minute)}))
}

// underWay returns a dashboard with an active run whose recipe has 12 earlier runs.
func underWay(t *testing.T, w, h int, elapsed time.Duration, pages int64) *stage {
	s := newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, History: nightsOf(t, 12, priced(t, 150, 0)),
	}, w, h)
	for at := time.Second; at <= elapsed; at += 2 * time.Second {
		s.at(at)
		s.follow(s.update(polledMsg{answer: runAnswer("running", pages*int64(at)/int64(elapsed), 4*pages*int64(at)/int64(elapsed), 2)}))
	}
	return s.at(elapsed)
}

func TestHistoryFrames(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, w, h int) *stage{
		"history-broken":   func(t *testing.T, w, h int) *stage { return compares(t, w, h, 0.61, priced(t, 60, 100)).does("5") },
		"history-healthy":  func(t *testing.T, w, h int) *stage { return compares(t, w, h, 0.05, priced(t, 150, 0)).does("5") },
		"baseline-broken":  func(t *testing.T, w, h int) *stage { return compares(t, w, h, 0.61, priced(t, 60, 100)) },
		"baseline-healthy": func(t *testing.T, w, h int) *stage { return compares(t, w, h, 0.05, priced(t, 150, 0)) },
		"baseline-columns": func(t *testing.T, w, h int) *stage { return compares(t, w, h, 0.61, priced(t, 60, 60)).does("2") },
		"estimated":        func(t *testing.T, w, h int) *stage { return underWay(t, w, h, 91*time.Second, 31) },
		"overdue":          func(t *testing.T, w, h int) *stage { return underWay(t, w, h, 181*time.Second, 40) },
	} {
		for _, size := range [][2]int{{40, 10}, {60, 20}, {80, 24}, {120, 40}} {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				inNoTime(t, func(t *testing.T) {
					golden.Check(t, fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), frameOf(t, play(t, size[0], size[1])))
				})
			})
		}
	}
}

func TestVanishedColumnLeadsToTheLastRunThatHadIt(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := compares(t, 100, 30, 0.61, priced(t, 60, 100)).does("2")
		for range 5 {
			if frame := frameOf(t, s); strings.Contains(frame, "▸ ✗ price is gone") {
				break
			}
			s.does("j")
		}
		s.does("enter")
		if frame := frameOf(t, s); !strings.Contains(frame, "history › catalogue01 › past0000011") || !strings.Contains(frame, "Lamp 0") {
			t.Fatalf("enter opens:\n%s", frame)
		}
		s.does("f").types("price > 30").does("enter")
		if frame := frameOf(t, s); !strings.Contains(frame, "87 of 150") {
			t.Errorf("a filter on the recorded items:\n%s", frame)
		}
		s.does("esc", "esc")
		if frame := frameOf(t, s); !strings.Contains(frame, "price is gone") || strings.Contains(frame, "past0000011") {
			t.Errorf("esc does not lead back:\n%s", frame)
		}
		if len(s.runs) != 1 {
			t.Errorf("%d runs are open", len(s.runs))
		}
	})
}

func TestFewerValuesLeadToTheItemsWithout(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := compares(t, 100, 30, 0.61, priced(t, 150, 60)).does("2")
		for range 5 {
			if frame := frameOf(t, s); strings.Contains(frame, "▸ ✗ price: coverage 40%") {
				break
			}
			s.does("j")
		}
		s.does("enter")
		if frame := frameOf(t, s); s.run.Tab() != "items" || !strings.Contains(frame, "90 of 150") {
			t.Errorf("enter opens %s:\n%s", s.run.Tab(), frame)
		}
	})
}

func TestProgressBarShowsTheEstimate(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		bar := underWay(t, 80, 24, 61*time.Second, 20).View().ProgressBar
		if bar == nil || bar.State != tea.ProgressBarDefault || bar.Value < 40 || bar.Value > 60 {
			t.Errorf("half way the progress bar is %+v", bar)
		}
		bar = watchingRun(80, 24).running(41 * time.Second).View().ProgressBar
		if bar == nil || bar.State != tea.ProgressBarIndeterminate {
			t.Errorf("without a history the progress bar is %+v", bar)
		}
	})
}

func TestRunsWithoutAHistoryHaveNoTab(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		if frame := frameOf(t, browses(t, 100, 30, catalogue())); strings.Contains(frame, "History") {
			t.Errorf("without a history:\n%s", frame)
		}
	})
}

// TestHistoryDashboard walks from the list of recipes to a recipe, to one of its runs, and back.
func TestHistoryDashboard(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		a := NewHistory(ctxForTests(), Config{
			History: nightsOf(t, 12, priced(t, 150, 0)), Now: func() time.Time { return start }, Jitter: func() float64 { return 0.5 },
			Interval: time.Second, Width: 100, Height: 30,
		}, RecipeKey{})
		s := &stage{App: a}
		s.follow(a.Init())
		steps := []struct{ key, want string }{
			{"", "catalogue01"},
			{"enter", "history › catalogue01"},
			{"left", "run 11 of 12"},
			{"enter", "past0000010"},
			{"esc", "run 11 of 12"},
			{"esc", "1 recipe"},
		}
		for _, step := range steps {
			if step.key != "" {
				s.does(step.key)
			}
			if frame := a.View().Content; !strings.Contains(golden.Frame(t, strings.Split(frame, "\n"), 100, a.env.Painter.Method), step.want) {
				t.Errorf("after %q there is no %q:\n%s", step.key, step.want, frame)
			}
		}
		if w := a.Watches()[0]; w.Over() || !firstWatch(a).RunID().IsEmpty() {
			t.Error("a dashboard of the history has a run")
		}
	})
}

// TestReopeningReadsAgain checks that a recorded run or a recipe that could not be read is read again when it is opened
// again, although its screen is still open.
func TestReopeningReadsAgain(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		past := nightsOf(t, 12, priced(t, 150, 0))
		s := newStage(Config{
			Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, History: past,
		}, 100, 30).at(time.Minute)
		s.follow(s.update(polledMsg{answer: finished(result(0.02), priced(t, 150, 0), time.Minute)}))
		for _, test := range []struct {
			msg  tea.Msg
			want string
		}{
			{history.OpenMsg{Run: past.runs[3]}, "Lamp 0"},
			{history.OpenRecipeMsg{Recipe: history.RecipeKey{ID: "catalogue01", Host: "h"}}, "run 12 of 12"},
		} {
			past.err = errors.New("the disk is gone")
			for range 2 {
				s.follow(s.update(test.msg))
				if frame := frameOf(t, s); !strings.Contains(frame, "the disk is gone") {
					t.Fatalf("no error:\n%s", frame)
				}
			}
			past.err = nil
			s.follow(s.update(test.msg))
			if frame := frameOf(t, s); !strings.Contains(frame, test.want) || strings.Contains(frame, "the disk is gone") {
				t.Errorf("it was not read again:\n%s", frame)
			}
		}
	})
}

// TestTheHistoryTabReadsAgain checks that the History tab reads the history again each time it is opened, until that
// succeeds.
func TestTheHistoryTabReadsAgain(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		past := nightsOf(t, 12, priced(t, 150, 0))
		past.err = errors.New("the disk is gone")
		s := newStage(Config{
			Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, History: past,
		}, 100, 30).at(time.Minute)
		s.follow(s.update(polledMsg{answer: finished(result(0.02), priced(t, 150, 0), time.Minute)})).does("5")
		if frame := frameOf(t, s); !strings.Contains(frame, "the disk is gone") {
			t.Fatalf("no error:\n%s", frame)
		}
		past.err = nil
		if s.does("1", "5"); !strings.Contains(frameOf(t, s), "compared with") {
			t.Errorf("it was not read again:\n%s", frameOf(t, s))
		}
	})
}
