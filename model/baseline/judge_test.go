package baseline

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// steady returns healthy runs, one per day.
func steady(days int) []Run {
	return historyOf(func(int) night { return night{items: 160, noise: 0.02, drift: 0.05} }, days, rand.New(rand.NewPCG(1, 2)))
}

// setColumn changes a column of a run. If change is nil, it removes the column.
func setColumn(r *Run, name string, change func(*profile.ColumnSummary)) {
	i := slices.IndexFunc(r.Columns, func(c profile.ColumnSummary) bool { return c.Name.Raw() == name })
	r.Columns = slices.Clone(r.Columns)
	if change == nil {
		r.Columns = slices.Delete(r.Columns, i, i+1)
		return
	}
	change(&r.Columns[i])
}

func TestChanges(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Run)
		want   []string // how the expected changes start, in order
	}{
		"nothing": {func(*Run) {}, nil},
		"fewer items": {
			func(r *Run) { r.Items = optional.Some(int64(61)) },
			[]string{"error: items 61, usually 157 to 163 (-6"},
		},
		"more items are no warning": {
			func(r *Run) { r.Items = optional.Some(int64(400)) },
			[]string{"note: items 400, usually 157 to 163 (+1"},
		},
		"a column is gone": {
			func(r *Run) { setColumn(r, "price", nil) },
			[]string{"error: price is gone; usually 98% of the items have it"},
		},
		"a rare column is gone": {func(r *Run) { setColumn(r, "badge", nil) }, nil},
		"a new column": {
			func(r *Run) {
				r.Columns = append(slices.Clone(r.Columns), profile.ColumnSummary{Name: text.NewText("sku"), Of: 160, Covered: 160})
			},
			[]string{"note: sku is new: 100% of the items have it"},
		},
		"coverage": {
			func(r *Run) {
				setColumn(r, "price", func(c *profile.ColumnSummary) { c.Covered, c.Types = 40, map[string]int{"text": 40} })
			},
			[]string{"error: price: coverage 2"},
		},
		"another type": {
			func(r *Run) {
				setColumn(r, "price", func(c *profile.ColumnSummary) { c.Types = map[string]int{"number": c.Covered} })
			},
			[]string{"error: price: type 0%, usually 100%"},
		},
		"prices in another currency": {
			func(r *Run) { setColumn(r, "price", func(c *profile.ColumnSummary) { c.Numbers.Median = 2000 }) },
			[]string{"warning: price: median 2,000, usually"},
		},
		"one value only": {
			func(r *Run) { setColumn(r, "name", func(c *profile.ColumnSummary) { c.Distinct.N = 1 }) },
			[]string{"warning: name: different values 1, usually"},
		},
		"drift": {func(r *Run) { r.Drift = optional.Some(0.61) }, []string{"error: drift 0.61, usually 0.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			runs := steady(15)
			c.change(&runs[14])
			var got []string
			for _, change := range JudgeLast(runs).Changes {
				got = append(got, change.Severity.String()+": "+change.String())
			}
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("changes %q, want them to begin %q", got, c.want)
			}
		})
	}
}

func TestVanishedColumnNamesItsLastRun(t *testing.T) {
	runs := steady(15)
	setColumn(&runs[13], "price", nil)
	setColumn(&runs[14], "price", nil)
	if got := JudgeLast(runs).Changes[0].LastRun.Raw(); got != "run12" {
		t.Errorf("the last run with a price is %q, want run12", got)
	}
}

func TestFewEarlierRunsClaimNothing(t *testing.T) {
	runs := steady(3)
	runs[2].Items, runs[2].Drift = optional.Some(int64(5)), optional.Some(0.9)
	j := JudgeLast(runs)
	if j.ClaimsUsual() || j.Earlier != 2 || j.Advice.Kind != AdviceNone || j.Severity() != Warning {
		t.Errorf("two earlier runs: %+v", j)
	}
	if got := j.Changes[0].String(); !strings.HasPrefix(got, "items 5, last run 1") {
		t.Errorf("the change reads %q", got)
	}
	if j := JudgeLast(runs[:1]); j.Earlier != 0 || len(j.Changes) != 0 {
		t.Errorf("no earlier run: %+v", j)
	}
}

func TestRunsCutShortSayNothingOfUsual(t *testing.T) {
	runs := steady(15)
	for i := range 14 {
		runs[i].Cut = run.CutByCredits
	}
	if j := JudgeLast(runs); j.Earlier != 0 {
		t.Errorf("compared with %d runs that were cut short", j.Earlier)
	}
}

func TestTenRunsInARowAreTheNewUsual(t *testing.T) {
	runs := steady(40)
	for i := 20; i < 40; i++ {
		runs[i].Drift = optional.Some(0.6)
	}
	judgments := Judge(runs)
	for i, want := range map[int]AdviceKind{19: AdviceNone, 20: AdviceWatch, 29: AdviceWatch, 30: AdviceNone, 39: AdviceNone} {
		if got := judgments[i].Advice; got.Kind != want {
			t.Errorf("night %d: %q, want %q", i, got.Text, want)
		}
	}
	if want := runs[20].At(); !judgments[25].Advice.Since.Equal(want) {
		t.Errorf("night 25 differs since %v, want %v", judgments[25].Advice.Since, want)
	}
}
