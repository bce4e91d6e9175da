package query

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"sbwatch/model/compact"
	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/model/profile"
	"sbwatch/work"
)

func TestPreparedColumnsAnswerTheFirstQuestion(t *testing.T) {
	items := catalogue(minPrepared)
	expr, err := filter.Parse("rating > 2 and sku ~ 7")
	if err != nil {
		t.Fatal(err)
	}
	q := Query{Filters: []item.Filter{expr}}
	want, err := Run(t.Context(), items, q, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := new(Cache)
	paths := []item.Path{item.PathOf("rating"), item.PathOf("sku"), item.PathOf("rating")}
	if err := Prepare(t.Context(), items, paths, cache, nil); err != nil {
		t.Fatal(err)
	}
	if len(cache.columns) != 2 {
		t.Fatalf("%d columns were prepared, want 2", len(cache.columns))
	}
	var progress work.Progress
	got, err := Run(t.Context(), items, q, cache, &progress)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d rows, %v, want %d", len(got), err, len(want))
	}
	if len(cache.columns) != 2 {
		t.Error("the query has built columns again")
	}
}

func TestPrepareStaysWithinItsLimits(t *testing.T) {
	items := catalogue(minPrepared)
	var paths []item.Path
	for _, column := range items.Columns() {
		paths = append(paths, column.Path())
	}
	cache := new(Cache)
	if err := Prepare(t.Context(), items, paths, cache, nil); err != nil {
		t.Fatal(err)
	}
	if size := int64(cache.size()); size == 0 || size > items.Memory()/preparedShare {
		t.Errorf("prepared columns take %d bytes, of a table of %d bytes", size, items.Memory())
	}
	small := catalogue(100)
	if err := Prepare(t.Context(), small, paths, cache, nil); err != nil || cache.items != items {
		t.Errorf("a small table was prepared: %v", err)
	}
}

func TestPrepareWaitsForQueries(t *testing.T) {
	items := catalogue(minPrepared)
	cache := new(Cache)
	end := cache.begin()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- Prepare(ctx, items, []item.Path{item.PathOf("sku")}, cache, nil) }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v while a query runs, want %v", err, context.Canceled)
	}
	go func() { done <- Prepare(t.Context(), items, []item.Path{item.PathOf("sku")}, cache, nil) }()
	end()
	if err := <-done; err != nil || len(cache.columns) != 1 {
		t.Errorf("%d columns after the query, %v", len(cache.columns), err)
	}
}

// TestTheCacheIsLeftToTheNewerTable runs queries of an older table at the worst moments: after they were canceled, and
// while the cache already belongs to a newer table.
func TestTheCacheIsLeftToTheNewerTable(t *testing.T) {
	older, newer := catalogue(minPrepared), catalogue(minPrepared)
	sku := item.PathOf("sku")
	byRating := Query{Sort: []order.Key{{Path: item.PathOf("rating")}}}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, late := range map[string]func(cache *Cache){
		"a canceled query":      func(cache *Cache) { _, _ = Run(canceled, older, byRating, cache, nil) },
		"a canceled Prepare":    func(cache *Cache) { _ = Prepare(canceled, older, []item.Path{sku}, cache, nil) },
		"Prepare, once begun":   func(cache *Cache) { cache.use(canceled, older); cache.missing(older, []item.Path{sku}) },
		"a profile, once begun": func(cache *Cache) { preparing(canceled, older, []item.Path{sku}, cache) },
		"a query that ends": func(cache *Cache) {
			columns, err := readColumns(t.Context(), older, []item.Path{sku}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if cache.keepPrepared(older, columns[0]) {
				t.Error("the cache has taken a prepared column of the older table")
			}
			cache.keepColumn(older, columns[0])
			cache.keepMatching(older, nil, []uint32{1})
			if _, taken := cache.find(older, func(cached) bool { return true }); taken {
				t.Error("the cache has taken a column of the older table")
			}
		},
	} {
		cache := new(Cache)
		if _, err := Run(t.Context(), newer, byRating, cache, nil); err != nil {
			t.Fatal(err)
		}
		late(cache)
		if _, known := cache.ranks(newer, item.PathOf("rating"), nil); !known {
			t.Errorf("%s has emptied the cache of the newer table", name)
		}
	}
}

// oddities returns items with keys that are missing, repeated, escaped, nested or of mixed types, and items that are
// not objects.
func oddities(t *testing.T, n int) item.Table {
	t.Helper()
	shapes := []string{
		`{"id":%d,"few":"a","price":"$%d.50","seen":"2024-05-01T12:%02d:00Z","mixed":null,"object":{"x":1}}`,
		`{"id":%d,"few":"b","price":%d,"mixed":"text","text":"Walnut\u00e9 \"lamp\" %d"}`,
		`{"mixed":[%d],"few":"a","few":"c","price":"$%d","id":"%d"}`,
		` { "id" : %d , "seen" : "2024-05-01T12:%02d:30Z" , "f\u0065w" : "b", "text": "%d" } `,
		`[%d,%d,%d]`,
	}
	var b item.Builder
	for i := range n {
		if _, err := b.Append(fmt.Appendf(nil, shapes[i*i%len(shapes)], i, i%60, i%50)); err != nil {
			t.Fatal(err)
		}
	}
	return b.Items()
}

// TestProfileAndPrepare compares the profile and the columns with those of Profile and Prepare.
func TestProfileAndPrepare(t *testing.T) {
	for name, items := range map[string]item.Table{"catalog": catalogue(minPrepared), "oddities": oddities(t, minPrepared+5000)} {
		want, err := Profile(t.Context(), items, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range items.Columns() {
			path := column.Path()
			if column.Whole || !slices.Contains(want.ScalarPaths(), path) {
				continue // left to Prepare
			}
			var alone, shared Cache
			if err := Prepare(t.Context(), items, []item.Path{path}, &alone, nil); err != nil {
				t.Fatal(err)
			}
			got, err := ProfileAndPrepare(t.Context(), items, []item.Path{path}, &shared, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Summary(), want.Summary()) || !slices.EqualFunc(got.Findings, want.Findings, sameFinding) {
				t.Errorf("%s: the profile is %+v, want %+v", name, got.Summary(), want.Summary())
			}
			compareColumns(t, items, shared.column(items, path), alone.column(items, path))
		}
	}
}

func sameFinding(a, b profile.Finding) bool { return a.Text == b.Text && slices.Equal(a.Rows, b.Rows) }

// compareColumns compares the values of two columns, which may have their dictionaries in different orders.
func compareColumns(t *testing.T, items item.Table, got, want *compact.Column) {
	t.Helper()
	if got == nil || want == nil || got.Size() != want.Size() {
		t.Fatalf("the column has a wrong size, or there is none: %t, %t", got != nil, want != nil)
	}
	sameBits := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
	if !slices.EqualFunc(got.Floats(), want.Floats(), sameBits) || !slices.Equal(got.Times(), want.Times()) {
		t.Errorf("%v: the numbers or dates differ", got.Path())
	}
	one, other := got.Reader(), want.Reader()
	for row := range items.Len() {
		if a, b := one.Cell(row).Raw(), other.Cell(row).Raw(); !bytes.Equal(a, b) {
			t.Fatalf("%v of row %d is %s, want %s", got.Path(), row, a, b)
		}
	}
}

func TestProfileAndPrepareStaysWithinItsLimits(t *testing.T) {
	items := catalogue(minPrepared)
	var paths []item.Path
	for _, column := range items.Columns() {
		paths = append(paths, column.Path())
	}
	cache := new(Cache)
	if _, err := ProfileAndPrepare(t.Context(), items, paths, cache, nil); err != nil {
		t.Fatal(err)
	}
	prepared := cache.size()
	if prepared == 0 || int64(prepared) > items.Memory()/preparedShare {
		t.Errorf("prepared columns take %d bytes, of a table of %d bytes", prepared, items.Memory())
	}
	if err := Prepare(t.Context(), items, paths, cache, nil); err != nil {
		t.Fatal(err)
	}
	if size := int64(cache.size()); size > items.Memory()/preparedShare {
		t.Errorf("later, prepared columns take %d bytes, of a table of %d bytes", size, items.Memory())
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ProfileAndPrepare(canceled, catalogue(minPrepared), paths, cache, nil); !errors.Is(err, context.Canceled) || cache.items != items {
		t.Errorf("a canceled profile returned the error %v or used the cache", err)
	}
}

func TestProfileAndPrepareLeavesTablesWithFormulasToPrepare(t *testing.T) {
	open := func(*item.Evaluation) func(int) item.Cell {
		return func(int) item.Cell { return item.NewCell([]byte("1")) }
	}
	items, cache := catalogue(minPrepared).WithComputed("one", open), new(Cache)
	p, err := ProfileAndPrepare(t.Context(), items, []item.Path{item.PathOf("rating"), item.PathOf("one")}, cache, nil)
	if err != nil || len(p.Columns) != len(items.Columns()) || len(cache.columns) != 0 {
		t.Errorf("%d columns were prepared, %v", len(cache.columns), err)
	}
}

// TestCollectedValuesGiveTheSameResults runs queries of a table whose values were collected while it was read, and of
// the same table without these values. The cache is used again, and filled by Prepare in between.
func TestCollectedValuesGiveTheSameResults(t *testing.T) {
	var collected, plain item.Builder
	for row := range minPrepared + 77 {
		text := fmt.Appendf(nil, `{"brand":"b%d","id":%d,"seen":"20%02d-0%d-1%dT12:00:00Z","size":%d.5,"name":"%400d"}`,
			row%12, row*7919%10_007, row%29, 1+row%7, row%9, row%5, row)
		if row%11 == 0 {
			text = fmt.Appendf(nil, `{"id":null,"seen":"","name":"%400d","size":"unknown"}`, row)
		}
		for _, b := range []*item.Builder{&collected, &plain} {
			if _, err := b.Append(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	plain.Rewrite(1, func(dst, row []byte) []byte { return append(dst, row...) }, func() {})
	for _, column := range []string{"brand", "id", "seen"} {
		if _, ok := collected.Items().Vector(item.PathOf(column)); !ok {
			t.Fatalf("%s was not collected", column)
		}
	}
	cache := new(Cache)
	for _, state := range []string{"first", "again", "prepared"} {
		if state == "prepared" {
			paths := []item.Path{item.PathOf("id"), item.PathOf("seen"), item.PathOf("brand"), item.PathOf("size")}
			if err := Prepare(t.Context(), collected.Items(), paths, cache, nil); err != nil {
				t.Fatal(err)
			}
			if missing, _ := cache.missing(collected.Items(), paths); len(missing) > 0 {
				t.Errorf("%v were not prepared", missing)
			}
		}
		for _, line := range []string{"id >= 5000", "id = 17", "id ~ 99", "not id?", "brand = b3 and id < 100", "seen > 2015-01-01", "seen ~ 2013", "seen = 2013-03-12", "size > 2"} {
			for _, key := range []order.Key{{Path: item.PathOf("id")}, {Path: item.PathOf("seen"), Descending: true}, {Path: item.PathOf("brand")}, {Path: item.PathOf("size")}} {
				expr, err := filter.Parse(line)
				if err != nil {
					t.Fatal(err)
				}
				q := Query{Filters: []item.Filter{expr}, Sort: []order.Key{key, {Path: item.PathOf("name")}}}
				got, err := Run(t.Context(), collected.Items(), q, cache, nil)
				want, otherErr := Run(t.Context(), plain.Items(), q, nil, nil)
				if path := item.PathOf("id"); line == "id ~ 99" && cache.column(collected.Items(), path).HasSlowCells() {
					t.Errorf("%s: the cells of id are searched again for each filter", state)
				}
				if err != nil || otherErr != nil || !slices.Equal(got, want) {
					t.Fatalf("%s: %s by %v: %d rows, want %d; %v, %v", state, line, key.Path, len(got), len(want), err, otherErr)
				}
			}
		}
	}
}
