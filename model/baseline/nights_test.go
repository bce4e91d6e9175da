package baseline

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// night describes the site and the recipe at one nightly run of a simulated history.
type night struct {
	items    float64            // expected number of items
	noise    float64            // relative standard deviation of the number of items
	drift    float64            // expected drift
	coverage map[string]float64 // probability that an item has the column, if it is not the usual one
}

// usualCoverage returns the probability that an item of a healthy run has each column.
func usualCoverage() map[string]float64 {
	coverage := map[string]float64{"name": 1, "price": 0.99, "rating": 0.86, "old_price": 0.21, "badge": 0.04, "stock": 0.6}
	for i := range 14 {
		coverage[fmt.Sprintf("field%d", i)] = 0.05 + float64(i)/14
	}
	return coverage
}

// recordedRun returns the run of one night.
func recordedRun(n night, day int, rnd *rand.Rand) Run {
	items := int(math.Round(n.items * (1 + n.noise*rnd.NormFloat64())))
	items = max(items, 0)
	began := time.Date(2026, 9, 1, 3, 0, 0, 0, time.UTC).AddDate(0, 0, day)
	pages := int64(math.Ceil(float64(items) / 20))
	r := Run{
		ID: text.NewText(fmt.Sprintf("run%d", day)), Status: run.StatusCompleted,
		CreatedAt: began, StartedAt: began, CompletedAt: began.Add(time.Duration(20+2*pages) * time.Second),
		Items: optional.Some(int64(items)), Pages: optional.Some(pages), Credits: optional.Some(2 * pages),
		Drift: optional.Some(min(1, max(0, n.drift+0.01*rnd.NormFloat64()))),
	}
	usual := usualCoverage()
	for _, name := range slices.Sorted(maps.Keys(usual)) {
		chance := usual[name]
		if changed, ok := n.coverage[name]; ok {
			chance = changed
		}
		covered := 0
		for range items {
			if rnd.Float64() < chance {
				covered++
			}
		}
		if covered == 0 {
			continue
		}
		r.Columns = append(r.Columns, profile.ColumnSummary{
			Path: item.PlaceOf(item.PathOf(name)), Name: text.NewText(name), Of: items, Covered: covered,
			Types: map[string]int{"text": covered}, Distinct: profile.Amount{N: covered},
			Numbers: &profile.NumberSummary{Count: covered, Median: 20 + rnd.NormFloat64()},
		})
	}
	return r
}

// stories returns simulated histories of sixty nightly runs each. The number onset is the first night on which advice
// is expected, or 0 if none is. The number healthy is the number of nights before the first change.
func stories() map[string]struct {
	onset, healthy int
	want           AdviceKind
	night          func(day int) night
} {
	const redesign = 20
	healthy := night{items: 160, noise: 0.03, drift: 0.05}
	return map[string]struct {
		onset, healthy int
		want           AdviceKind
		night          func(day int) night
	}{
		"broken redesign": {redesign, redesign, AdviceReAuthor, func(day int) night {
			n := healthy
			if day >= redesign {
				n.drift, n.coverage = 0.6, map[string]float64{"price": 0}
			}
			return n
		}},
		"partly broken redesign": {redesign, redesign, AdviceReAuthor, func(day int) night {
			n := healthy
			if day >= redesign {
				n.drift, n.coverage = 0.4, map[string]float64{"price": 0.7}
			}
			return n
		}},
		"harmless redesign": {redesign, redesign, AdviceWatch, func(day int) night {
			n := healthy
			if day >= redesign {
				n.drift = 0.35
			}
			return n
		}},
		"fade": {25, redesign, AdviceSite, func(day int) night {
			n := healthy
			n.coverage = map[string]float64{"rating": max(0, 0.86-0.02*float64(max(0, day-20)))}
			return n
		}},
		"fade from the start": {5, 0, AdviceSite, func(day int) night {
			n := healthy
			n.coverage = map[string]float64{"rating": max(0, 0.95-0.02*float64(day))}
			return n
		}},
		"weekly": {0, 0, AdviceNone, func(day int) night {
			n := healthy
			if day%7 >= 5 {
				n.items *= 0.6
			}
			return n
		}},
		"weekly waves": {0, 0, AdviceNone, func(day int) night {
			n := healthy
			n.items *= 1 + 0.4*math.Sin(2*math.Pi*float64(day)/7)
			return n
		}},
		"empty on Sundays": {0, 0, AdviceNone, func(day int) night {
			n := healthy
			if day%7 == 5 {
				n.items = 0
			}
			return n
		}},
		"empty on Sundays, with drift": {0, 0, AdviceNone, func(day int) night {
			n := healthy
			if day%7 == 5 {
				n.items, n.drift = 0, 0.3
			}
			return n
		}},
		"growth": {0, 0, AdviceNone, func(day int) night {
			n := healthy
			n.items *= math.Pow(1.02, float64(day))
			return n
		}},
		"noise": {0, 0, AdviceNone, func(day int) night {
			n := healthy
			n.noise = 0.15
			return n
		}},
		"few items": {0, 0, AdviceNone, func(day int) night {
			return night{items: 12, noise: 0.2, drift: 0.05}
		}},
	}
}

// TestAdviceOverSixtyNights checks that in most histories advice comes within two runs of the onset, and that it rarely
// comes without a reason.
func TestAdviceOverSixtyNights(t *testing.T) {
	const seeds, nights = 5, 60
	healthy, alarms := 0, 0
	for name, story := range stories() {
		inTime := 0
		for seed := range uint64(seeds) {
			judgments := Judge(historyOf(story.night, nights, rand.New(rand.NewPCG(seed, 1))))
			if story.onset > 0 {
				inTime += advisedInTime(judgments[story.onset:story.onset+3], story.want)
				judgments = judgments[:min(story.onset, story.healthy)]
			}
			for _, j := range judgments {
				healthy++
				if j.Advice.Kind != AdviceNone {
					alarms++
				}
			}
		}
		if story.onset > 0 && inTime < seeds-1 {
			t.Errorf("%s: advice in time in %d of %d histories", name, inTime, seeds)
		}
	}
	if alarms*100 > healthy {
		t.Errorf("%d false alarms in %d healthy runs, want at most 1 in 100", alarms, healthy)
	}
}

// historyOf returns the runs of a number of nights.
func historyOf(story func(day int) night, nights int, rnd *rand.Rand) []Run {
	runs := make([]Run, nights)
	for day := range runs {
		runs[day] = recordedRun(story(day), day, rnd)
	}
	return runs
}

// advisedInTime returns 1 if one of the judgments has the expected advice, and 0 otherwise.
func advisedInTime(judgments []Judgment, want AdviceKind) int {
	for _, j := range judgments {
		if j.Advice.Kind == want {
			return 1
		}
	}
	return 0
}
