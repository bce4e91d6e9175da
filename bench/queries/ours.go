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

// operation is an operation to measure: a query or another function of all items.
type operation struct {
	name   string
	when   string // how it is measured, such as ", preparing"
	target float64
	// query1 is measured with an empty cache and with prepared columns. query2 is measured with the cache that query1
	// has filled. It uses the same columns, but has a different result.
	query1, query2 query.Query
	// paths is set if the operation is a sort. It holds the paths of the sort keys.
	paths []item.Path
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

// garbage is the garbage collection target as a percentage of live memory. The dashboard uses the same target for a
// large table.
const garbage = 5

func measureOurs(ctx context.Context, s shape, name string, rounds int, only string) ([]figure, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	const room = 1 << 40 // large enough for all items
	began := time.Now()
	answer, err := read.Open(file, read.Options{Limits: wire.Limits{Body: room, Memory: room}, OnItems: func(item.Table) {}})
	if err != nil {
		return nil, err
	}
	loaded := time.Since(began).Seconds()
	debug.SetGCPercent(garbage)
	all, err := s.operations()
	if err != nil {
		return nil, err
	}
	printMemory("loaded")
	m := measurement{items: answer.Items, rounds: rounds}
	figures, err := m.prepare(ctx, loaded)
	if err != nil {
		return nil, err
	}
	printMemory("prepared")
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

// prepare fills the cache m.prepared as the dashboard does after loading. It returns two times in seconds: loaded,
// which is the time of loading, and the total time of loading, profiling and preparing.
func (m *measurement) prepare(ctx context.Context, loaded float64) ([]figure, error) {
	began := time.Now()
	p, err := query.ProfileAndPrepare(ctx, m.items, pathsOf(m.items), &m.prepared, nil)
	if err != nil {
		return nil, err
	}
	if err := query.Prepare(ctx, m.items, p.ScalarPaths(), &m.prepared, nil); err != nil {
		return nil, err
	}
	load, prepared := operation{name: "load", target: 1}, loaded+time.Since(began).Seconds()
	return []figure{{load, "", loaded, 1}, {load, " + profile and prepare", prepared, 0}}, nil
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
		if took, err = o.run(ctx, m.items, o.query2, &cache); err != nil {
			return nil, err
		}
		again = append(again, took)
		if took, err = m.runPrepared(ctx, o); err != nil {
			return nil, err
		}
		prepared = append(prepared, took)
	}
	switch {
	case len(again) == 0:
		return []figure{{o, o.when, report.Median(first), o.target}}, nil
	case len(prepared) == 0:
		return []figure{{o, ", first", report.Median(first), o.target}, {o, "", report.Median(again), o.target}}, nil
	}
	return []figure{
		{o, ", first", report.Median(first), o.target},
		{o, ", prepared", report.Median(prepared), o.target},
		{o, ", again", report.Median(again), o.target},
	}, nil
}

// runPrepared runs query1 with prepared columns, but without the result of query1 in the cache.
func (m *measurement) runPrepared(ctx context.Context, o operation) (float64, error) {
	cache := &m.prepared
	if len(o.paths) > 0 { // a sort would leave its result in the cache
		cache = new(query.Cache)
		if err := query.Prepare(ctx, m.items, o.paths, cache, nil); err != nil {
			return 0, err
		}
	} else if _, err := o.run(ctx, m.items, o.query2, cache); err != nil { // replaces the result of query1
		return 0, err
	}
	return o.run(ctx, m.items, o.query1, cache)
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
