package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"sbwatch/api/wire"
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

// figure is a line of the result: the times of sbwatch and of DuckDB in each round. The slice other is empty without
// DuckDB.
type figure struct {
	name        string
	ours, other []time.Duration
	target      float64
}

// garbage is the garbage collection target as a percentage of live memory. The dashboard uses the same target for a
// large table.
const garbage = 5

// peak is the peak memory of the process in bytes, from its start to the end of a step. target is the maximum ratio to
// the size of the file; 0 means no target.
type peak struct {
	when   string
	bytes  float64
	target float64
}

// memoryTarget is the maximum ratio of the memory of the dashboard to the size of the file.
const memoryTarget = 1.5

// measurement measures operations on the items of a file.
type measurement struct {
	rounds int
	other  *duckDB // nil without DuckDB
	items  item.Table
	// prepared is a cache with prepared columns.
	prepared query.Cache

	figures     []figure
	peaks       []peak
	otherMemory float64 // peak memory of DuckDB in bytes
}

// measureAll loads a file and measures the operations of a shape. The parameter theirs is the time that DuckDB took to
// load the file.
func (m *measurement) measureAll(ctx context.Context, s shape, name string, theirs time.Duration, only string) error {
	if err := m.load(ctx, name, theirs); err != nil {
		return err
	}
	all, err := s.operations()
	if err != nil {
		return err
	}
	for _, o := range all {
		if !slices.ContainsFunc(strings.Split(only, ","), func(part string) bool { return strings.Contains(o.name, part) }) {
			continue
		}
		if err := m.measure(ctx, o); err != nil {
			return err
		}
	}
	m.addPeak("with several caches", 0) // the dashboard has one cache
	if m.other != nil {
		m.otherMemory, err = m.other.memory()
	}
	return err
}

// load loads a file, profiles its items and prepares columns, as the dashboard does.
func (m *measurement) load(ctx context.Context, name string, theirs time.Duration) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	const room = 1 << 40 // large enough for all items
	began := time.Now()
	answer, err := read.Open(file, read.Options{Limits: wire.Limits{Body: room, Memory: room}, OnItems: func(item.Table) {}})
	if err != nil {
		return err
	}
	m.items = answer.Items
	var other []time.Duration
	if m.other != nil {
		other = append(other, theirs)
	}
	m.figures = append(m.figures, figure{"load", []time.Duration{time.Since(began)}, other, 1})
	debug.SetGCPercent(garbage)
	m.addPeak("loaded", memoryTarget)
	p, err := query.ProfileAndPrepare(ctx, m.items, pathsOf(m.items), &m.prepared, nil)
	if err != nil {
		return err
	}
	if err := query.Prepare(ctx, m.items, p.ScalarPaths(), &m.prepared, nil); err != nil {
		return err
	}
	m.figures = append(m.figures, figure{"load + profile and prepare", []time.Duration{time.Since(began)}, other, 0})
	m.addPeak("prepared", memoryTarget)
	return nil
}

// measure measures an operation with each kind of cache, in turns with DuckDB.
func (m *measurement) measure(ctx context.Context, o operation) error {
	var first, prepared, again, other []time.Duration
	for range m.rounds {
		runtime.GC()
		var cache query.Cache
		took, err := o.run(ctx, m.items, o.query1, &cache)
		if err != nil {
			return err
		}
		first = append(first, took)
		if m.other != nil {
			if took, err = m.other.run(o.name); err != nil {
				return err
			}
			other = append(other, took)
		}
		if o.query2.IsEmpty() {
			continue
		}
		if took, err = o.run(ctx, m.items, o.query2, &cache); err != nil {
			return err
		}
		again = append(again, took)
		if took, err = m.runPrepared(ctx, o); err != nil {
			return err
		}
		prepared = append(prepared, took)
	}
	if len(again) == 0 {
		m.figures = append(m.figures, figure{o.name + o.when, first, other, o.target})
		return nil
	}
	m.figures = append(m.figures,
		figure{o.name + ", first", first, other, o.target},
		figure{o.name + ", prepared", prepared, other, o.target},
		figure{o.name + ", again", again, other, o.target})
	return nil
}

// runPrepared runs query1 with prepared columns, but without the result of query1 in the cache.
func (m *measurement) runPrepared(ctx context.Context, o operation) (time.Duration, error) {
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

// run runs an operation and returns its duration.
func (o operation) run(ctx context.Context, items item.Table, q query.Query, cache *query.Cache) (time.Duration, error) {
	began := time.Now()
	var err error
	if o.function != nil {
		err = o.function(ctx, items)
	} else {
		_, err = query.Run(ctx, items, q, cache, nil)
	}
	return time.Since(began), err
}

// addPeak adds the peak memory of the process until now (VmHWM). It adds nothing if the system does not report it.
func (m *measurement) addPeak(when string, target float64) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if kilobytes, found := strings.CutPrefix(line, "VmHWM:"); found {
			if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kilobytes), "kB"))); err == nil {
				m.peaks = append(m.peaks, peak{when, float64(n << 10), target})
			}
		}
	}
}
