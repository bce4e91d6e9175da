package query

import (
	"context"
	"errors"
	"slices"
	"testing"

	"sbwatch/model/filter"
	"sbwatch/model/item"
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

// TestPrepareLeavesTheCacheOfAnotherTable begins to prepare a table that is no longer shown.
func TestPrepareLeavesTheCacheOfAnotherTable(t *testing.T) {
	old, shown := catalogue(minPrepared), catalogue(minPrepared)
	cache := new(Cache)
	cache.column(shown, item.PathOf("sku"))
	columns, err := readColumns(t.Context(), old, []item.Path{item.PathOf("sku")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if cache.keepPrepared(old, columns[0]) || cache.items != shown {
		t.Error("the cache has taken a column of another table")
	}
}
