package follow_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/follow"
	"sbwatch/internal/testrun"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/monitor"
)

// endless is a service whose runs never end. It counts the polls of each recipe; the first letter of a run's id is its
// recipe.
type endless struct {
	service

	polls map[string]int
}

func (s endless) Poll(_ context.Context, id string, _ func(item.Table)) (run.Answer, error) {
	s.polls[id[:1]]++
	answer := testrun.Running(1, 29)
	answer.Run.ID, answer.Run.RecipeID, answer.Run.StartedAt = text.NewText(id), text.NewText(id[:1]), s.began
	return answer, nil
}

// Runs that are expected to end soon are polled more often. Expected is called once for each recipe.
func TestRunsExpectedToEndArePolledMoreOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := monitor.New(2*time.Second, func() float64 { return 0.5 })
		runs.Limit(monitor.Limits{PerMinute: 20, Concurrent: 1}) // one at a time, so that the counts need no lock
		for _, id := range []string{"s1", "s2", "l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8", "u1"} {
			runs.Add(time.Now(), testrun.Watch(id))
		}
		s, errTimeout := endless{service{time.Now()}, map[string]int{}}, errors.New("time limit")
		var asked []string
		d := follow.Driver{
			Service: s, Monitor: runs, Reporter: &reporter{}, Now: time.Now, Timeout: 5 * time.Minute, TimedOut: errTimeout,
			Expected: func(_ context.Context, recipe text.Text) (time.Duration, bool) {
				asked = append(asked, recipe.Raw())
				return map[string]time.Duration{"s": time.Minute, "l": time.Hour}[recipe.Raw()], recipe.Raw() != "u"
			},
		}
		if err := d.Run(t.Context()); !errors.Is(err, errTimeout) {
			t.Error(err)
		}
		slices.Sort(asked)
		if !slices.Equal(asked, []string{"l", "s", "u"}) {
			t.Errorf("asked for recipes %q, want each one once", asked)
		}
		if short, long := float64(s.polls["s"])/2, float64(s.polls["l"])/8; short < 2*long {
			t.Errorf("%.1f polls of a run that may end, %.1f of another, want at least twice as many", short, long)
		}
	})
}

// A call of Expected that does not return does not delay polls. The end of Run cancels the call.
func TestExpectedMayHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := monitor.New(2*time.Second, func() float64 { return 0.5 })
		runs.Add(time.Now(), testrun.Watch("k7Xb9dRmQ2p"))
		began, r, hasReturned := time.Now(), &reporter{}, false
		d := follow.Driver{
			Service: service{began}, Monitor: runs, Reporter: r, Now: time.Now,
			Expected: func(ctx context.Context, _ text.Text) (time.Duration, bool) {
				<-ctx.Done()
				hasReturned = true
				return 0, false
			},
		}
		err := d.Run(t.Context())
		if took := time.Since(began); err != nil || r.ended != 1 || !hasReturned || took > 2*time.Minute {
			t.Errorf("%v after %v, %+v; Expected has returned: %t", err, took, r, hasReturned)
		}
	})
}
