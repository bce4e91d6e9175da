package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"sbwatch/api/wire"
	"sbwatch/bench/report"
	"sbwatch/files/read"
	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/model/search"
	"sbwatch/query"
)

// operation is a query, or another function of all items, to measure.
type operation struct {
	name   string
	target float64
	// first is the query. again is a second query on the same columns with a different result.
	first, again query.Query
	// know lists queries that fill the cache with the columns before again is measured. If it is empty, the cache of
	// first is used.
	know []query.Query
	// other is measured instead of a query if it is set.
	other func(ctx context.Context, items item.Table) error
}

// figure is the time of an operation in seconds.
type figure struct {
	operation operation
	when      string
	seconds   float64
	target    float64
}

// garbage is the garbage collection target as a percentage of live memory, as in the dashboard for a table of this
// size.
const garbage = 5

func measureOurs(ctx context.Context, name string, rounds int, only string) ([]figure, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	const room = 1 << 40 // large enough for all items
	answer, err := read.Open(file, read.Options{Limits: wire.Limits{Body: room, Memory: room}, OnItems: func(item.Table) {}})
	if err != nil {
		return nil, err
	}
	debug.SetGCPercent(garbage)
	all, err := operations()
	if err != nil {
		return nil, err
	}
	printMemory("loaded")
	var figures []figure
	for _, o := range all {
		if !slices.ContainsFunc(strings.Split(only, ","), func(part string) bool { return strings.Contains(o.name, part) }) {
			continue
		}
		var first, again []float64
		for range rounds {
			runtime.GC()
			var cache query.Cache
			took, err := o.run(ctx, answer.Items, o.first, &cache)
			if err != nil {
				return nil, err
			}
			first = append(first, took)
			if o.other == nil {
				known, err := o.cacheOf(ctx, answer.Items, &cache)
				if err != nil {
					return nil, err
				}
				took, err = o.run(ctx, answer.Items, o.again, known)
				if err != nil {
					return nil, err
				}
				again = append(again, took)
			}
		}
		switch {
		case o.other != nil || strings.HasPrefix(o.name, "regex"):
			figures = append(figures, figure{o, "", report.Median(first), o.target})
		case len(o.know) > 0:
			figures = append(figures, figure{o, ", first", report.Median(first), o.target}, figure{o, "", report.Median(again), o.target})
		default:
			figures = append(figures, figure{o, ", first", report.Median(first), 0}, figure{o, "", report.Median(again), o.target})
		}
	}
	printMemory("peak")
	return figures, nil
}

// cacheOf returns the cache for the second measurement. It holds the columns of the operation but not its result. after
// is the cache that the first measurement filled.
func (o operation) cacheOf(ctx context.Context, items item.Table, after *query.Cache) (*query.Cache, error) {
	if len(o.know) == 0 {
		return after, nil
	}
	var cache query.Cache
	for _, q := range o.know {
		if _, err := query.Run(ctx, items, q, &cache, nil); err != nil {
			return nil, err
		}
	}
	return &cache, nil
}

// run runs an operation and returns its duration in seconds.
func (o operation) run(ctx context.Context, items item.Table, q query.Query, cache *query.Cache) (float64, error) {
	began := time.Now()
	var err error
	if o.other != nil {
		err = o.other(ctx, items)
	} else {
		_, err = query.Run(ctx, items, q, cache, nil)
	}
	return time.Since(began).Seconds(), err
}

// operations returns all operations. The queries of DuckDB have the same names.
func operations() ([]operation, error) {
	var all []operation
	for _, f := range []struct {
		name         string
		target       float64
		first, again string
	}{
		{"filter-number", 1.5, "rating >= 4", "rating >= 3.5"},
		{"filter-brand", 1.5, "brand = Acme", "brand = Globe"},
		{"filter-three", 1, "rating >= 3 and brand = Acme and reviews < 20000", "rating >= 2 and brand = Globe and reviews < 30000"},
		{"filter-price", 1.5, "price >= 1000", "price >= 500"},
		{"filter-deep", 5, "deep.a.b.c.d.e >= 150", "deep.a.b.c.d.e >= 100"},
		{"filter-contains", 1.5, `description ~ "solar leather"`, `description ~ "river solar"`},
		{"regex-no-literal", 1, `description ~ "re:[aeiou]{3}[^ ]* [0-9]{6}"`, `description ~ "re:[aeiou]{3}[^ ]* [0-9]{5}"`},
		{"regex-alternation", 1, `description ~ "re:solar lamp|river table|coffee set"`, `description ~ "re:solar lamp|river table|coffee oak"`},
	} {
		first, err := filter.Parse(f.first)
		if err != nil {
			return nil, err
		}
		again, err := filter.Parse(f.again)
		if err != nil {
			return nil, err
		}
		all = append(all, operation{name: f.name, target: f.target, first: filtered(first), again: filtered(again)})
	}
	everywhere, err := search.Parse("re:[aeiou]{3}[^ ]* [0-9]{6}")
	if err != nil {
		return nil, err
	}
	all = append(all, operation{name: "regex-all", target: 1, first: filtered(everywhere)})
	sorts, err := sortOperations()
	if err != nil {
		return nil, err
	}
	return append(append(all, sorts...),
		operation{name: "profile", target: 1.5, other: func(ctx context.Context, items item.Table) error {
			_, err := query.Profile(ctx, items, nil)
			return err
		}},
		operation{name: "duplicates", target: 1, other: func(ctx context.Context, items item.Table) error {
			_, err := query.Duplicates(ctx, items, item.PathOf("sku"), nil)
			return err
		}},
		operation{name: "duplicates-items", target: 1, other: func(ctx context.Context, items item.Table) error {
			_, err := query.Duplicates(ctx, items, item.Path{}, nil)
			return err
		}}), nil
}

// sortOperations returns the operations that sort.
func sortOperations() ([]operation, error) {
	var all []operation
	for _, s := range []struct{ name, column string }{
		{"sort-brand", "brand"},
		{"sort-number", "reviews"},
		{"sort-date", "seen"},
		{"sort-name", "name"},
		{"sort-description", "description"},
		{"sort-name-collated", "name"},
		{"sort-description-collated", "description"},
	} {
		f, err := filter.Parse(s.column + " = x")
		if err != nil {
			return nil, err
		}
		q := sorted(order.Key{Path: item.PathOf(s.column)})
		all = append(all, operation{name: s.name, target: 1, first: q, again: q, know: []query.Query{filtered(f)}})
	}
	q := sorted(order.Key{Path: item.PathOf("price"), Descending: true}, order.Key{Path: item.PathOf("name")})
	both, err := filter.Parse("price = x or name = x")
	if err != nil {
		return nil, err
	}
	return append(all, operation{name: "sort-price-name", target: 1.2, first: q, again: q, know: []query.Query{filtered(both)}}), nil
}

func filtered(f item.Filter) query.Query { return query.Query{Filters: []item.Filter{f}} }

func sorted(keys ...order.Key) query.Query { return query.Query{Sort: keys} }

// printMemory prints the peak memory of the process (VmHWM). It prints nothing if the system does not report it.
func printMemory(when string) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if kilobytes, found := strings.CutPrefix(line, "VmHWM:"); found {
			if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kilobytes), "kB"))); err == nil {
				_, _ = fmt.Printf("memory, %s: %d MB\n", when, n>>10)
			}
		}
	}
}
