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
	"sbwatch/model/item"
	"sbwatch/query"
)

// operation is a query, or another function of all items, to measure.
type operation struct {
	name   string
	target float64
	// query1 is measured with an empty cache and with prepared columns. query2 is another query on the same columns,
	// with a different result.
	query1, query2 query.Query
	// warmUp holds the queries that fill the cache with the columns of the operation before query2 is measured. If
	// there are none, the cache of query1 is used.
	warmUp []query.Query
	// function, if set, is measured instead of a query.
	function func(ctx context.Context, items item.Table) error
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

func measureOurs(ctx context.Context, s shape, name string, rounds int, only string) ([]figure, error) {
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
	all, err := s.operations()
	if err != nil {
		return nil, err
	}
	printMemory("loaded")
	m := measurement{items: answer.Items, rounds: rounds}
	if err := m.prepare(ctx); err != nil {
		return nil, err
	}
	printMemory("prepared")
	var figures []figure
	for _, o := range all {
		if !slices.ContainsFunc(strings.Split(only, ","), func(part string) bool { return strings.Contains(o.name, part) }) {
			continue
		}
		more, err := m.measure(ctx, o)
		if err != nil {
			return nil, err
		}
		figures = append(figures, more...)
	}
	printMemory("peak")
	return figures, nil
}

// measurement measures operations on a table. prepared is a cache with prepared columns.
type measurement struct {
	items    item.Table
	rounds   int
	prepared query.Cache
}

// prepare fills the cache m.prepared as the dashboard does after it has loaded and profiled the items, and prints how
// long this takes.
func (m *measurement) prepare(ctx context.Context) error {
	p, err := query.Profile(ctx, m.items, nil)
	if err != nil {
		return err
	}
	began := time.Now()
	err = query.Prepare(ctx, m.items, p.ScalarPaths(), &m.prepared, nil)
	_, _ = fmt.Printf("preparing after load: %s\n", seconds(time.Since(began).Seconds()))
	return err
}

// measure measures an operation with each kind of cache.
func (m *measurement) measure(ctx context.Context, o operation) ([]figure, error) {
	var first, prepared, again []float64
	for range m.rounds {
		runtime.GC()
		var cache query.Cache
		took, err := o.run(ctx, m.items, o.query1, &cache)
		if err != nil {
			return nil, err
		}
		first = append(first, took)
		if o.query2.IsEmpty() {
			continue
		}
		known, err := o.cacheOf(ctx, m.items, &cache)
		if err != nil {
			return nil, err
		}
		if took, err = o.run(ctx, m.items, o.query2, known); err != nil {
			return nil, err
		}
		again = append(again, took)
		if len(o.warmUp) > 0 {
			continue
		}
		// Without query2, the cache would still hold the result of query1.
		if _, err = o.run(ctx, m.items, o.query2, &m.prepared); err != nil {
			return nil, err
		}
		if took, err = o.run(ctx, m.items, o.query1, &m.prepared); err != nil {
			return nil, err
		}
		prepared = append(prepared, took)
	}
	switch {
	case len(again) == 0:
		return []figure{{o, "", report.Median(first), o.target}}, nil
	case len(prepared) == 0:
		return []figure{{o, ", first", report.Median(first), o.target}, {o, "", report.Median(again), o.target}}, nil
	}
	cold := 0.0 // with an empty cache, only regular expressions have a target
	if strings.HasPrefix(o.name, "regex") {
		cold = o.target
	}
	return []figure{
		{o, ", first", report.Median(first), cold},
		{o, ", prepared", report.Median(prepared), o.target},
		{o, ", again", report.Median(again), o.target},
	}, nil
}

// cacheOf returns a cache for measuring query2. The cache has the columns of the operation, but not its result. filled
// is the cache after query1.
func (o operation) cacheOf(ctx context.Context, items item.Table, filled *query.Cache) (*query.Cache, error) {
	if len(o.warmUp) == 0 {
		return filled, nil
	}
	var cache query.Cache
	for _, q := range o.warmUp {
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
	if o.function != nil {
		err = o.function(ctx, items)
	} else {
		_, err = query.Run(ctx, items, q, cache, nil)
	}
	return time.Since(began).Seconds(), err
}

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
