package query

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/work"
)

// TestSortsAreTheSameInAllWays compares sorts that read columns in different ways: while they are loaded, from the
// cache, and without a compact form.
func TestSortsAreTheSameInAllWays(t *testing.T) {
	forms := map[string]func(i int) string{
		"numbers": func(i int) string { return fmt.Sprintf("%d.%d", i*7919%1009-500, i) },
		"prices":  func(i int) string { return fmt.Sprintf(`"$%d.%02d"`, i*7919%1009, i%100) },
		"dates":   func(i int) string { return fmt.Sprintf(`"2024-%02d-%02dT%02d:%02d:00Z"`, 1+i%12, 1+i%28, i%24, i*7%60) },
		"times": func(i int) string {
			return fmt.Sprintf(`"2024-05-%02dT10:%02d:%02d.%09dZ"`, 1+i%28, i%60, i%60, i*7919%1_000_000_000)
		},
		"texts": func(i int) string { return fmt.Sprintf(`"Lamp %d, %s"`, i*7919%1009, []string{"brass", "Oak"}[i%2]) },
		"few":   func(i int) string { return fmt.Sprintf(`"brand %d"`, i*7919%1009%20) },
	}
	odd := []string{"null", `""`, `"x"`, "12", "[1]", `"2024-05-01"`, "true", "123456789012345678901", `"\u0041"`}
	for name, form := range forms {
		var b item.Builder
		for i := range 3000 {
			value := form(i)
			if i%37 == 0 {
				value = odd[i/37%len(odd)]
			}
			if _, err := b.Append(fmt.Appendf(nil, `{"i":%d,"v":%s}`, i, value)); err != nil {
				t.Fatal(err)
			}
		}
		items, path := b.Items(), item.PathOf("v")
		for _, descending := range []bool{false, true} {
			column := order.NewColumn(items, path, nil)
			s := sorting{ctx: t.Context(), items: items, count: items.Len(), progress: new(work.Progress)}
			if err := errors.Join(s.loadRows(column), sortLoaded(t.Context(), column, s.progress)); err != nil {
				t.Fatal(err)
			}
			want, _, err := s.pass(column.Ranks(), nil, nil, descending)
			if err != nil {
				t.Fatal(err)
			}
			checkSorts(t, name, items, order.Key{Path: path, Descending: descending}, want)
		}
	}
}

func checkSorts(t *testing.T, name string, items item.Table, key order.Key, want []uint32) {
	t.Helper()
	var filtered Cache
	expr, err := filter.Parse("v > 100")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), items, Query{Filters: []item.Filter{expr}}, &filtered, nil); err != nil {
		t.Fatal(err)
	}
	for _, cache := range []*Cache{nil, &filtered} {
		got, err := Run(t.Context(), items, Query{Sort: []order.Key{key}}, cache, nil)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s, descending %t, known %t: %v, in another order", name, key.Descending, cache != nil, err)
		}
	}
}
