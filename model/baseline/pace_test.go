package baseline_test

import (
	"math"
	"testing"
	"time"

	"sbwatch/model/baseline"
)

func TestPace(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	// nightly returns a run in each of the last nights.
	nightly := func(nights int, credits int64) []baseline.Spent {
		var spent []baseline.Spent
		for i := range nights {
			spent = append(spent, baseline.Spent{At: now.Add(-9*time.Hour - time.Duration(i)*24*time.Hour), Credits: credits})
		}
		return spent
	}
	for name, c := range map[string]struct {
		spent   []baseline.Spent
		credits int64
		words   string
		basis   string
	}{
		"every night":          {nightly(30, 50), 470, "at this pace 9 days", "50 credits a day in 30 recorded runs over 30 days"},
		"since some nights":    {nightly(9, 50), 470, "at this pace 9 days", "50 credits a day in 9 recorded runs over 9 days"},
		"since many nights":    {nightly(300, 50), 470, "at this pace 9 days", "50 credits a day in 30 recorded runs over 30 days"},
		"little left":          {nightly(30, 50), 20, "at this pace less than a day", "50 credits a day in 30 recorded runs over 30 days"},
		"nothing left":         {nightly(30, 50), 0, "at this pace less than a day", "50 credits a day in 30 recorded runs over 30 days"},
		"seldom":               {nightly(30, 50)[27:], 470, "at this pace 94 days", "5 credits a day in 3 recorded runs over 30 days"},
		"plenty":               {nightly(30, 50), math.MaxInt64, "at this pace more than 2 years", "50 credits a day in 30 recorded runs over 30 days"},
		"hardly anything":      {nightly(30, 50)[29:], 1, "no forecast yet: 1 run in 30 days; a forecast needs 3 runs in 3 days", "2 credits a day in 1 recorded run over 30 days"},
		"new":                  {nightly(2, 50), 470, "no forecast yet: 2 runs in 2 days; a forecast needs 3 runs in 3 days", "50 credits a day in 2 recorded runs over 2 days"},
		"all today":            {[]baseline.Spent{{now, 2}, {now, 2}, {now, 2}, {now, 2}}, 470, "no forecast yet: 4 runs in 1 day; a forecast needs 3 runs in 3 days", "8 credits a day in 4 recorded runs over 1 day"},
		"free":                 {nightly(5, 0), 470, "no forecast: 5 runs cost nothing in 5 days", "0 credits a day in 5 recorded runs over 5 days"},
		"cheap":                {append(nightly(9, 0), baseline.Spent{now, 2}), 470, "at this pace more than 2 years", "less than 1 credit a day in 10 recorded runs over 9 days"},
		"nothing recorded":     {nil, 470, "no forecast: no run was recorded in the last 30 days", ""},
		"old, future, unknown": {[]baseline.Spent{{now.AddDate(0, -2, 0), 9}, {now.Add(time.Hour), 9}, {time.Time{}, 9}}, 470, "no forecast: no run was recorded in the last 30 days", ""},
		"more than can be":     {nightly(9, math.MaxInt64), 470, "at this pace less than a day", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := baseline.PaceOf(c.spent, now)
			if got := p.Words(c.credits); got != c.words {
				t.Errorf("got %q, want %q", got, c.words)
			}
			if got := p.Basis(); got != c.basis && c.basis != "" {
				t.Errorf("it is taken from %q, want %q", got, c.basis)
			}
		})
	}
}
