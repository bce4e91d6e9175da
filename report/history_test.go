package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sbwatch/history"
	"sbwatch/internal/golden"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// recorded returns the n-th nightly run of a recipe, with the coverage in percent of some columns.
func recorded(recipe string, n int, items int64, drift float64, coverage map[string]int) history.Summary {
	began := time.Date(2026, 10, n, 3, 0, 0, 0, time.UTC)
	r := history.Summary{Host: "api.webscrape.ai", Run: baseline.Run{
		ID: text.NewText(fmt.Sprintf("run%d", n)), RecipeID: text.NewText(recipe), Status: run.StatusCompleted,
		StartedAt: began, CompletedAt: began.Add(90 * time.Second),
		Pages: optional.Some(int64(3)), Items: optional.Some(items), Credits: optional.Some(int64(6)), Drift: optional.Some(drift),
	}}
	for _, name := range []string{"name", "price", "gone\x1b[31m"} {
		if share, has := coverage[name]; has {
			r.Columns = append(r.Columns, profile.ColumnSummary{
				Path: item.PlaceOf(item.PathOf(name)), Name: text.NewText(name), Of: 100, Covered: share, Missing: 100 - share,
				Types: map[string]int{"text": share}, Distinct: profile.Amount{N: share},
			})
		}
	}
	return r
}

// judged returns a recipe with runs, given oldest first.
func judged(recipe string, runs ...history.Summary) history.Judged {
	var all []baseline.Run
	j := history.Judged{Host: "api.webscrape.ai", ID: recipe, Count: len(runs)}
	for _, r := range runs {
		all = append(all, r.Run)
		j.Runs = append([]history.Summary{r}, j.Runs...)
	}
	for _, judgment := range baseline.Judge(all) {
		j.Judgments = append([]baseline.Judgment{judgment}, j.Judgments...)
	}
	return j
}

func broken() history.Judged {
	healthy := map[string]int{"name": 100, "price": 98, "gone\x1b[31m": 50}
	var runs []history.Summary
	for n := 1; n <= 4; n++ {
		runs = append(runs, recorded("m3Yc2tFvN8q", n, 100, 0.02, healthy))
	}
	last := recorded("m3Yc2tFvN8q", 5, 40, 0.61, map[string]int{"name": 100, "price": 20})
	last.Warnings, last.Broken = 2, 1
	return judged("m3Yc2tFvN8q", append(runs, last)...)
}

func TestWriteRecipes(t *testing.T) {
	failed := recorded("other", 2, 0, 0, nil)
	failed.Status, failed.Drift, failed.Items = run.StatusFailed, optional.Value[float64]{}, optional.Value[int64]{}
	elsewhere := judged("a\nb", recorded("a\nb", 3, 1204, 0.5, nil))
	elsewhere.Host = "127.0.0.1:8080"
	var out bytes.Buffer
	err := WriteRecipes(&out, []history.Judged{broken(), judged("other", recorded("other", 1, 10, 0.1, nil), failed), elsewhere}, HistoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, "recipes", out.String(), `
RECIPE                           RUNS  LAST RUN (UTC)    STATUS     ITEMS         DRIFT
m3Yc2tFvN8q on api.webscrape.ai     5  2026-10-05 03:00  completed     40  ████▄   0.61  ▁▁▁▁▅
  re-author the recipe: drift rose from 0.02 to 0.61 in this run, and data are missing: items 40, usually 100 (-60%); price: coverage 20%, usually 98%; gone\x1b[31m is gone; usually 50% of the items have it (compared with 4 runs)
other on api.webscrape.ai           2  2026-10-02 03:00  failed         –  █          –  ▁
a\nb on 127.0.0.1:8080              1  2026-10-03 03:00  completed  1,204  █       0.50  ▅
`)
}

// For a screen reader, each row of the tables is a sentence without the sparkline.
func TestWriteRecipesAsSentences(t *testing.T) {
	var out strings.Builder
	recipe := broken()
	options := HistoryOptions{Runs: 2, Sentences: true}
	if err := errors.Join(WriteRecipes(&out, []history.Judged{recipe}, options), WriteRecipe(&out, &recipe, options)); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "sentences-history", out.String())
	for line := range strings.Lines(out.String()) {
		if strings.ContainsAny(line, "▁▂▃▄▅▆▇█") || strings.Contains(strings.TrimSpace(line), "   ") {
			t.Errorf("not a sentence: %q", line)
		}
	}
}

func TestWriteRecipe(t *testing.T) {
	recipe := broken()
	var out bytes.Buffer
	if err := WriteRecipe(&out, &recipe, HistoryOptions{Runs: 2}); err != nil {
		t.Fatal(err)
	}
	wantLines(t, "recipe", out.String(), `
recipe m3Yc2tFvN8q: 5 runs since 2026-10-01
re-author the recipe: drift rose from 0.02 to 0.61 in this run, and data are missing: items 40, usually 100 (-60%); price: coverage 20%, usually 98%; gone\x1b[31m is gone; usually 50% of the items have it (compared with 4 runs)

STARTED (UTC)     RUN   STATUS     ITEMS  PAGES  DRIFT  CREDITS  TOOK
2026-10-05 03:00  run5  completed     40      3   0.61        6  1:30  2 warnings; 1 broken rule
2026-10-04 03:00  run4  completed    100      3   0.02        6  1:30

run run5 compared with 4 earlier runs
error    items 40, usually 100 (-60%)
error    drift 0.61, usually 0.02
error    price: coverage 20%, usually 98%
error    gone\x1b[31m is gone; usually 50% of the items have it

COLUMN        LAST RUN  USUALLY  COVERAGE
price              20%      98%  █▂        error: coverage
gone\x1b[31m      gone      50%  ▅▁        error: vanished
name              100%     100%  ██
`)
}

func TestSentencesAreWrapped(t *testing.T) {
	var out bytes.Buffer
	if err := WriteRecipes(&out, []history.Judged{broken()}, HistoryOptions{Width: 60}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for _, line := range lines[2:] {
		if !strings.HasPrefix(line, "  ") || len(line) > 60 {
			t.Errorf("the line %q does not fit 60 cells, or is not indented", line)
		}
	}
	if len(lines) != 6 {
		t.Errorf("got %d lines:\n%s", len(lines), out.String())
	}
}

func TestWriteRecipeJSON(t *testing.T) {
	recipe := broken()
	var out bytes.Buffer
	if err := WriteRecipeJSON(&out, &recipe, HistoryOptions{Runs: 10}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 5 {
		t.Fatalf("got %d lines, want one for each run", len(lines))
	}
	for _, want := range []string{
		`{"run_id":"run5","recipe_id":"m3Yc2tFvN8q","host":"api.webscrape.ai","run_status":"completed",`, `"broken_rules":1,`, `"compared_with":4,`,
		`{"change":"vanished","severity":"error","subject":"coverage","column":"gone\u001b[31m","worse":true,`, `"last_run":"run4"`,
		`"advice":{"advice":"re-author","text":"re-author the recipe: `, `"coverage":{"name":1,"price":0.2}}`,
	} {
		if !strings.Contains(lines[0], want) {
			t.Errorf("%s is not in %s", want, lines[0])
		}
	}
	if want := `"compared_with":0,"changes":[],"advice":null,`; !strings.Contains(lines[4], want) {
		t.Errorf("%s is not in %s", want, lines[4])
	}
}

func TestBaselineVerdict(t *testing.T) {
	healthy := map[string]int{"name": 100, "price": 98}
	normal := []history.Summary{recorded("r", 1, 100, 0.02, healthy), recorded("r", 2, 100, 0.02, healthy), recorded("r", 3, 100, 0.02, healthy)}
	cut := recorded("r", 4, 20, 0.02, healthy)
	cut.Cut = run.CutByPlan
	for name, test := range map[string]struct {
		recipe  history.Judged
		message string
		isWorse bool
	}{
		"re-author":     {broken(), "the recipe should be re-authored", true},
		"first run":     {judged("r", recorded("r", 1, 100, 0.02, healthy)), "nothing to compare with: no earlier run of recipe r is recorded", false},
		"as usual":      {judged("r", append(normal, recorded("r", 4, 101, 0.02, healthy))...), "", false},
		"fewer items":   {judged("r", append(normal, recorded("r", 4, 20, 0.02, healthy))...), "the run is much worse than usual: 1 error", true},
		"more items":    {judged("r", append(normal, recorded("r", 4, 400, 0.02, healthy))...), "", false},
		"cut short":     {judged("r", append(normal, cut)...), "the run is not compared with earlier runs, because the plan cut it short", false},
		"two runs only": {judged("r", normal[0], recorded("r", 4, 20, 0.02, healthy)), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			message, isWorse := BaselineVerdict(&test.recipe.Judgments[0])
			if message != test.message || isWorse != test.isWorse {
				t.Errorf("got %q, %v, want %q, %v", message, isWorse, test.message, test.isWorse)
			}
		})
	}
}
