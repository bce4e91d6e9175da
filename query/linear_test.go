package query

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/model/search"
)

// TestQueriesOfDistinctTextsTakeLinearTime compares two sizes of a table in which all texts differ and begin the same.
func TestQueriesOfDistinctTextsTakeLinearTime(t *testing.T) {
	const few, times = 3000, 16
	texts := func(rows int) item.Table {
		var b item.Builder
		for i := range rows {
			if _, err := b.Append(fmt.Appendf(nil, `{"t":"https://shop.example.com/a/long/path/that/all/items/share/%d"}`, i*7919%1_000_003)); err != nil {
				t.Fatal(err)
			}
		}
		return b.Items()
	}
	small, large := texts(few), texts(few*times)
	for name, do := range operations(t) {
		took := func(items item.Table) time.Duration {
			shortest := time.Hour
			for range 3 {
				began := time.Now()
				if err := do(items); err != nil {
					t.Fatal(err)
				}
				shortest = min(shortest, time.Since(began))
			}
			return shortest
		}
		if one, more := took(small), took(large); more > times*10*one+50*time.Millisecond {
			t.Errorf("%s: %v, of %d times the rows %v", name, one, times, more)
		}
	}
}

// operations returns operations on a table with texts in column t.
func operations(t *testing.T) map[string]func(item.Table) error {
	t.Helper()
	expr, err := filter.Parse(`t = "https://x" or t ~ "re:(s|sh)+a$"`)
	if err != nil {
		t.Fatal(err)
	}
	everywhere, err := search.Parse(`re:(a|aa)+$`)
	if err != nil {
		t.Fatal(err)
	}
	run := func(q Query) func(item.Table) error {
		return func(items item.Table) error {
			_, err := Run(context.Background(), items, q, new(Cache), nil)
			return err
		}
	}
	return map[string]func(item.Table) error{
		"filter": run(Query{Filters: []item.Filter{expr}}),
		"search": run(Query{Filters: []item.Filter{everywhere}}),
		"sort":   run(Query{Sort: []order.Key{{Path: item.PathOf("t")}}}),
		"profile": func(items item.Table) error {
			_, err := Profile(context.Background(), items, nil)
			return err
		},
		"duplicates": func(items item.Table) error {
			_, err := Duplicates(context.Background(), items, item.PathOf("t"), nil)
			return err
		},
	}
}
