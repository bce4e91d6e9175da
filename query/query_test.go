package query

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/work"
)

// shopItems returns a table of n items with prices and ratings, some of which are null or missing.
func shopItems(tb testing.TB, n int) item.Table {
	tb.Helper()
	var b item.Builder
	for i := range n {
		k := i * 7919 % 1009
		row := fmt.Sprintf(`{"i":%d,"k":%d,"price":"$%d.%02d","name":"lamp %d","rating":%d}`, i, k, k, k%100, k%50, k%5)
		switch k % 10 {
		case 3:
			row = fmt.Sprintf(`{"i":%d,"k":%d,"price":null,"name":"lamp %d","rating":%d}`, i, k, k%50, k%5)
		case 4:
			row = fmt.Sprintf(`{"i":%d,"k":%d,"name":"lamp %d","rating":%d}`, i, k, k%50, k%5)
		}
		if _, err := b.Append([]byte(row)); err != nil {
			tb.Fatal(err)
		}
	}
	return b.Items()
}

// below matches items whose number is less than a bound.
type below struct {
	key   string
	bound int
}

func (f below) Title() string { return fmt.Sprintf("%s < %d", f.key, f.bound) }

func (f below) Picker(items item.Table) item.Picker {
	reader := items.Reader(item.PathOf(f.key))
	return item.PickEach(func(row int) bool { return number(reader.Cell(row)) < f.bound })
}

func number(c item.Cell) int {
	n, _ := strconv.Atoi(string(c.Raw()))
	return n
}

// price returns the price, in cents, that shopItems gives to k. Missing prices are greater than any price, and null
// comes before missing.
func price(k int) int {
	if k%10 == 3 || k%10 == 4 {
		return noPrice + k%10
	}
	return k*100 + k%100
}

const noPrice = 1 << 30

// valueIn returns the number that shopItems stores in a row under key.
func valueIn(row int, key string) int {
	k := row * 7919 % 1009
	switch key {
	case "i":
		return row
	case "rating":
		return k % 5
	case "price":
		return price(k)
	default:
		return k
	}
}

// reference answers a query on shopItems in the simplest possible way.
func reference(items item.Table, bounds []below, keys []order.Key) []uint32 {
	rows := []uint32{}
	for row := range items.Len() {
		if !slices.ContainsFunc(bounds, func(f below) bool { return valueIn(row, f.key) >= f.bound }) {
			rows = append(rows, uint32(row))
		}
	}
	slices.SortStableFunc(rows, func(a, b uint32) int {
		for _, key := range keys {
			name := key.Path.Name().Raw()
			x, y := valueIn(int(a), name), valueIn(int(b), name)
			result := cmp.Compare(x, y)
			if key.Descending && x < noPrice && y < noPrice {
				result = -result
			}
			if result != 0 {
				return result
			}
		}
		return 0
	})
	return rows
}

func TestRunMatchesReference(t *testing.T) {
	tables := []item.Table{shopItems(t, 0), shopItems(t, 50), shopItems(t, work.ChunkRows+17)}
	caches := make([]Cache, len(tables))
	rapid.Check(t, func(t *rapid.T) {
		which := rapid.SampledFrom([]int{0, 1, 1, 1, 1, 1, 2}).Draw(t, "table") // the large table is slow
		items := tables[which]
		var bounds []below
		var q Query
		for range rapid.IntRange(0, 3).Draw(t, "filters") {
			f := below{rapid.SampledFrom([]string{"k", "rating", "i"}).Draw(t, "by"), rapid.SampledFrom([]int{0, 3, 100, 900, 8000}).Draw(t, "bound")}
			bounds, q.Filters = append(bounds, f), append(q.Filters, f)
		}
		for range rapid.IntRange(0, 3).Draw(t, "keys") {
			path := item.PathOf(rapid.SampledFrom([]string{"k", "rating", "price"}).Draw(t, "key"))
			q.Sort = append(q.Sort, order.Key{Path: path, Descending: rapid.Bool().Draw(t, "descending")})
		}
		cache := &caches[which]
		if rapid.IntRange(0, 3).Draw(t, "cache") == 0 {
			cache = nil
		}
		rows, err := Run(context.Background(), items, q, cache, nil)
		if err != nil {
			t.Fatal(err)
		}
		if q.IsEmpty() {
			if rows != nil {
				t.Fatalf("an empty query returns %d rows", len(rows))
			}
			return
		}
		if want := reference(items, bounds, q.Sort); rows == nil || !slices.Equal(rows, want) {
			t.Fatalf("got %d rows %v, want %d rows %v", len(rows), rows[:min(20, len(rows))], len(want), want[:min(20, len(want))])
		}
		checkFirst(t, items, bounds)
	})
}

// checkFirst compares the result of First with the start of the full result.
func checkFirst(t *rapid.T, items item.Table, bounds []below) {
	var filters []item.Filter
	for _, f := range bounds {
		filters = append(filters, f)
	}
	from, limit := rapid.IntRange(0, items.Len()).Draw(t, "from"), rapid.IntRange(0, 2000).Draw(t, "limit")
	want := slices.DeleteFunc(reference(items, bounds, nil), func(row uint32) bool { return int(row) < from })
	got, err := First(context.Background(), items, filters, from, limit)
	if err != nil || !slices.Equal(got, want[:min(limit, len(want))]) {
		t.Fatalf("the first %d from %d are %d rows, %v", limit, from, len(got), err)
	}
}

// ending is a filter that ends a context when it is evaluated.
type ending struct {
	at     int
	cancel context.CancelFunc
}

func (*ending) Title() string { return "ending" }

func (f *ending) Picker(item.Table) item.Picker {
	return item.PickEach(func(row int) bool {
		if row == f.at {
			f.cancel()
		}
		return true
	})
}

func TestQueriesEndWithTheirContext(t *testing.T) {
	items := shopItems(t, 3*work.ChunkRows)
	ctx, cancel := context.WithCancel(t.Context())
	var cache Cache
	q := Query{Filters: []item.Filter{&ending{at: 0, cancel: cancel}}, Sort: []order.Key{{Path: item.PathOf("k")}}}
	rows, err := Run(ctx, items, q, &cache, nil)
	if !errors.Is(err, context.Canceled) || rows != nil {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if _, err := Run(ctx, items, Query{Sort: q.Sort}, &cache, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("sorting: %v", err)
	}
	if _, err := First(ctx, items, q.Filters, 0, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("the first rows: %v", err)
	}
	if _, err := Run(ctx, items, Query{}, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("an empty query: %v", err)
	}
	// An interrupted query must not leave anything in the cache.
	rows, err = Run(t.Context(), items, Query{Sort: q.Sort}, &cache, nil)
	if err != nil || !slices.Equal(rows, reference(items, nil, q.Sort)) {
		t.Errorf("after the interrupted query: %d rows, %v", len(rows), err)
	}
}

// counting is a filter that counts the rows that it examines.
type counting struct{ asked *int }

func (counting) Title() string { return "counting" }

func (f counting) Picker(item.Table) item.Picker {
	return item.PickEach(func(int) bool { *f.asked++; return true })
}

func TestCacheSkipsKnownFilters(t *testing.T) {
	items := shopItems(t, 500)
	first, second := new(int), new(int)
	var cache Cache
	run := func(filters ...item.Filter) {
		t.Helper()
		if rows, err := Run(t.Context(), items, Query{Filters: filters}, &cache, nil); err != nil || len(rows) != items.Len() {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
	}
	run(counting{first})
	run(counting{first})
	run(counting{first}, counting{second})
	if *first != 500 || *second != 500 {
		t.Errorf("the first filter saw %d rows, the second %d", *first, *second)
	}
	run(counting{second})
	if *second != 1000 {
		t.Errorf("the second filter alone saw %d rows in total", *second)
	}
}

func TestACacheIsBounded(t *testing.T) {
	const keys = maxColumns
	var b item.Builder
	for range 100 {
		var row bytes.Buffer
		row.WriteString(`{"k0":0`)
		for k := range keys {
			fmt.Fprintf(&row, `,"k%d":%d`, k+1, k)
		}
		row.WriteString("}")
		if _, err := b.Append(row.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	items := b.Items()
	var cache Cache
	for k := range keys {
		if _, err := Run(t.Context(), items, Query{Sort: []order.Key{{Path: item.PathOf(fmt.Sprintf("k%d", k))}}}, &cache, nil); err != nil {
			t.Fatal(err)
		}
		if len(cache.columns) > maxColumns || cache.size() > maxBytes {
			t.Fatalf("the cache keeps %d columns of %d bytes", len(cache.columns), cache.size())
		}
	}
	if _, known := cache.ranks(items, item.PathOf(fmt.Sprintf("k%d", keys-1)), nil); !known {
		t.Error("the last column is not cached")
	}
	if _, known := cache.ranks(items, item.PathOf("k0"), nil); known {
		t.Error("the first column is still cached")
	}
}

func BenchmarkSort(b *testing.B) {
	items := shopItems(b, 200_000)
	for _, name := range []string{"price", "name", "rating"} {
		q := Query{Sort: []order.Key{{Path: item.PathOf(name)}}}
		b.Run(name+" first", func(b *testing.B) {
			for b.Loop() {
				if _, err := Run(b.Context(), items, q, nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+" again", func(b *testing.B) {
			var cache Cache
			for b.Loop() {
				q.Sort[0].Descending = !q.Sort[0].Descending
				if _, err := Run(b.Context(), items, q, &cache, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
