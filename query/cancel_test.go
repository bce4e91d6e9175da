package query

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/model/search"
)

// TestCancelingStopsWithinAFewRows cancels operations while they compute the values of a column. Few further values may
// be computed after that.
func TestCancelingStopsWithinAFewRows(t *testing.T) {
	expr, err := filter.Parse("slow > 5")
	if err != nil {
		t.Fatal(err)
	}
	everywhere, err := search.Parse("lamp 7")
	if err != nil {
		t.Fatal(err)
	}
	slow := item.PathOf("slow")
	run := func(q Query) func(context.Context, item.Table) error {
		return func(ctx context.Context, items item.Table) error {
			_, err := Run(ctx, items, q, new(Cache), nil)
			return err
		}
	}
	base := shopItems(t, 20_000)
	for name, do := range map[string]func(context.Context, item.Table) error{
		"filter": run(Query{Filters: []item.Filter{expr}}),
		"search": run(Query{Filters: []item.Filter{everywhere}}),
		"sort":   run(Query{Sort: []order.Key{{Path: slow}}}),
		"first": func(ctx context.Context, items item.Table) error {
			_, err := First(ctx, items, []item.Filter{expr}, 0, 20_000)
			return err
		},
		"profile": func(ctx context.Context, items item.Table) error {
			_, err := Profile(ctx, items, nil)
			return err
		},
		"duplicates": func(ctx context.Context, items item.Table) error {
			_, err := Duplicates(ctx, items, slow, nil)
			return err
		},
		"groups": func(ctx context.Context, items item.Table) error {
			_, err := Groups(ctx, items, nil, slow, []item.Path{slow}, nil)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const limit = 5000 // more than a sample has
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var computed, late atomic.Int64
				items := base.WithComputed("slow", func(*item.Evaluation) func(int) item.Cell {
					return func(row int) item.Cell {
						switch n := computed.Add(1); {
						case n == limit:
							cancel()
						case n > limit:
							late.Add(1)
						}
						return item.NewCell([]byte("12"))
					}
				})
				if err := do(ctx, items); !errors.Is(err, context.Canceled) {
					t.Errorf("got error %v, want that of the context", err)
				}
				synctest.Wait() // until the calls in the background have ended
				if n := late.Load(); n > 1000 {
					t.Errorf("%d values were computed after the operation was canceled", n)
				}
			})
		})
	}
}
