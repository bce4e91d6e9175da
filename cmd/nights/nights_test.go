package nights

import (
	"os"
	"strings"
	"testing"
	"time"

	"sbwatch/api/emulator"
	"sbwatch/model/baseline"
	"sbwatch/ui"
)

func TestNightsAreRecorded(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	past := Begin(t.Context(), Options{Emulator: emulator.Options{Seed: 1}, RecipeIDs: []string{"redesign001"}, Host: "demo", Now: now})
	runs, err := past.Reader.Runs(t.Context(), ui.RecipeKey{ID: "redesign001"}, 1000)
	if err != nil || len(runs) != CountEvolving {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	plain := make([]baseline.Run, len(runs))
	for i, r := range runs {
		plain[i] = r.Run
		if want := now.AddDate(0, 0, i-CountEvolving); r.At().YearDay() != want.YearDay() || !r.HasItems {
			t.Errorf("night %d took place at %v, items %v", i, r.At(), r.HasItems)
		}
	}
	if advice := baseline.JudgeLast(plain).Advice; advice.Kind != baseline.AdviceReAuthor || !strings.Contains(advice.Text, "price is gone") {
		t.Errorf("advice %q", advice.Text)
	}
	answer, err := past.Reader.Open(t.Context(), runs[3], nil)
	if err != nil || int64(answer.Items.Len()) != runs[3].Items.Or(0) || answer.Run.ID.Raw() != runs[3].ID.Raw() {
		t.Errorf("opened: %d items of %v, %v", answer.Items.Len(), runs[3].Items, err)
	}
	past.Close()
	if _, err := os.Stat(past.folder); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestClosingWhileRecording(t *testing.T) {
	past := Begin(t.Context(), Options{Emulator: emulator.Options{Seed: 1}, RecipeIDs: []string{"catalogue01"}, Host: "demo", Now: time.Now()})
	past.Close()
	if _, err := os.Stat(past.folder); past.folder != "" && !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}
