package cmd

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/run"
)

// someItems returns a table with n items.
func someItems(t *testing.T, n int) item.Table {
	t.Helper()
	var b item.Builder
	for range n {
		if _, err := b.Append([]byte(`{"a":1} `)); err != nil {
			t.Fatal(err)
		}
	}
	return b.Items()
}

func TestBeginReadsFirstItems(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		before, between time.Duration // delays before the first items, and between them and the end
		first           int
	}{
		"at once":        {0, time.Second, 2},
		"all of it":      {0, 0, 2},
		"after a moment": {time.Second, time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				some, all := someItems(t, 2), someItems(t, 5)
				rest, first := begin(t.Context(), func(_ context.Context, onItems func(item.Table)) (run.Answer, error) {
					time.Sleep(c.before)
					onItems(some)
					time.Sleep(c.between)
					return run.Answer{Items: all}, broken
				})
				if n := first.Len(); n != c.first && (c.between > 0 || n != 5) {
					t.Errorf("got %d first items, want %d", n, c.first)
				}
				told := first.Len()
				answer, err := rest(t.Context(), func(items item.Table) { told = items.Len() })
				if answer.Items.Len() != 5 || !errors.Is(err, broken) || told < 2 {
					t.Errorf("got %d items at the end, %d reported before, error %v", answer.Items.Len(), told, err)
				}
			})
		})
	}
}

func TestReadingEndsWithTheDashboard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		rest, _ := begin(ctx, func(ctx context.Context, _ func(item.Table)) (run.Answer, error) {
			<-ctx.Done()
			return run.Answer{}, ctx.Err()
		})
		cancel()
		if _, err := rest(ctx, func(item.Table) {}); !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v", err)
		}
	})
}
