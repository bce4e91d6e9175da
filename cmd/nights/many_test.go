package nights

import (
	"testing"
	"time"

	"sbwatch/api/emulator"
	"sbwatch/model/text"
	"sbwatch/ui"
)

// TestNightsOfSeveralRecipes checks that each recipe has recorded runs, with ids that no other recipe has.
func TestNightsOfSeveralRecipes(t *testing.T) {
	recipes := []string{"empty000001", "redesign001", "failing0001", "cancelled01"}
	past := Begin(t.Context(), Options{Emulator: emulator.Options{Seed: 1, Speed: 6}, RecipeIDs: recipes, Host: "demo", Now: time.Now()})
	defer past.Close()
	ids := map[string]bool{}
	for i, recipe := range recipes {
		runs, err := past.Reader.Runs(t.Context(), ui.RecipeKey{ID: recipe}, 1000)
		if want := []int{Count, CountEvolving, Count, Count}[i]; err != nil || len(runs) != want {
			t.Errorf("%s: %d runs, %v, want %d", recipe, len(runs), err, want)
		}
		for _, r := range runs {
			if ids[r.ID.Raw()] {
				t.Errorf("%s: another recipe has run %s, too", recipe, r.ID)
			}
			ids[r.ID.Raw()] = true
		}
	}
	if took, known := past.Reader.Duration(t.Context(), text.NewText("redesign001")); !known || took < 2*time.Second || took > 5*time.Second {
		t.Errorf("a run usually takes %v (known: %t), want about 3 s at this speed", took, known)
	}
	if _, known := past.Reader.Duration(t.Context(), text.NewText("unknown0001")); known {
		t.Error("the time of a recipe without runs is known")
	}
}
