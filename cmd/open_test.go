package cmd

import (
	"context"
	"errors"
	"os"
	"strings"
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

// A file is opened once, even if several names stand for it.
func TestDistinctFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "a.json", "[]")
	writeFile(t, "b.json", "[]")
	if err := os.Symlink("a.json", "link.json"); err != nil {
		t.Skip(err)
	}
	for _, test := range []struct{ names, distinct, message string }{
		{"a.json b.json", "a.json b.json", ""},
		{"a.json ./a.json", "a.json", "./a.json is the same file as a.json: it is opened once"},
		{"link.json b.json a.json", "link.json b.json", "a.json is the same file as link.json: it is opened once"},
		{"b.json *.json", "b.json a.json", "2 names stand for files that were given before: each file is opened once"},
		{"a.json [b] a.json", "a.json [b]", "a.json was given twice: it is opened once"},
		{"k7Xb9dRmQ2p - k7Xb9dRmQ2p", "k7Xb9dRmQ2p -", "k7Xb9dRmQ2p was given twice: it is opened once"},
	} {
		distinct, message := distinctFiles(expandPatterns(strings.Fields(test.names)))
		if got := strings.Join(distinct, " "); got != test.distinct || message != test.message {
			t.Errorf("%s: got %s, %q; want %s, %q", test.names, got, message, test.distinct, test.message)
		}
	}
}
