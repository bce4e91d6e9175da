// Package query asks a table of items questions that take a while, spread over all cores: filters, searches, sorts,
// profiles.
package query

import (
	"context"

	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/work"
)

// Query is what is asked of a table. The zero Query leaves it as it is.
type Query struct {
	// Filters choose items: those that all of them choose.
	Filters []item.Filter
	// Sort is by what they are ordered, the most important first.
	Sort []order.Key
}

// IsEmpty tells whether the query leaves a table as it is.
func (q Query) IsEmpty() bool { return len(q.Filters) == 0 && len(q.Sort) == 0 }

// Run gives the rows that a query chooses, in its order; nil for an empty query, which is all rows in theirs. Rows that
// the sort keys do not tell apart stay in the order of the table.
//
// cache, unless nil, keeps what it took to answer, for queries to come. The rows may be the cache's own: they must not be
// altered. progress, unless nil, is told of the work, in rows. The error is that of ctx; the work ends a few milliseconds
// after it.
func Run(ctx context.Context, items item.Table, q Query, cache *Cache, progress *work.Progress) ([]uint32, error) {
	if q.IsEmpty() {
		return nil, ctx.Err()
	}
	if cache == nil {
		cache = new(Cache)
	}
	rows, err := pick(ctx, items, q.Filters, cache, progress)
	if err != nil || len(q.Sort) == 0 {
		return rows, err
	}
	return sorted(ctx, items, rows, q.Sort, cache, progress)
}

// pick gives the rows that all filters choose; nil without filters.
func pick(ctx context.Context, items item.Table, filters []item.Filter, cache *Cache, progress *work.Progress) ([]uint32, error) {
	if len(filters) == 0 {
		return nil, ctx.Err()
	}
	known, rows := cache.picked(items, filters)
	if known == len(filters) {
		return rows, ctx.Err()
	}
	rows, err := pickFrom(ctx, items, filters[known:], candidates{rows: rows, all: known == 0, count: items.Len()}, progress)
	if err == nil {
		cache.keepPicked(items, filters, rows)
	}
	return rows, err
}

// candidates are the rows that filters choose from: some, or so many from a first one on.
type candidates struct {
	rows  []uint32
	all   bool
	first int
	count int
}

func (c candidates) len() int {
	if c.all {
		return c.count
	}
	return len(c.rows)
}

// part appends the candidates from one place up to another.
func (c candidates) part(rows []uint32, from, to int) []uint32 {
	if !c.all {
		return append(rows, c.rows[from:to]...)
	}
	for row := c.first + from; row < c.first+to; row++ {
		rows = append(rows, uint32(row)) //nolint:gosec // a table has fewer rows
	}
	return rows
}

// pickFrom gives those candidates that all filters choose.
func pickFrom(ctx context.Context, items item.Table, filters []item.Filter, from candidates, progress *work.Progress) ([]uint32, error) {
	return newStacks(items, filters).pick(ctx, from, progress)
}

// stack is the pickers of all filters, for one core.
type stack struct {
	pickers []item.Picker
	rows    [2][]uint32
}

// stacks makes stacks, and keeps them for the next work.
type stacks struct {
	items   item.Table
	filters []item.Filter
	idle    chan *stack
}

func newStacks(items item.Table, filters []item.Filter) *stacks {
	const mostCores = 256
	return &stacks{items: items, filters: filters, idle: make(chan *stack, mostCores)}
}

func (s *stacks) get() *stack {
	select {
	case one := <-s.idle:
		return one
	default:
	}
	one := &stack{}
	for _, filter := range s.filters {
		one.pickers = append(one.pickers, filter.Picker(s.items))
	}
	return one
}

func (s *stacks) put(one *stack) {
	select {
	case s.idle <- one:
	default:
	}
}

func (s *stacks) pick(ctx context.Context, from candidates, progress *work.Progress) ([]uint32, error) {
	parts := make([][]uint32, work.Parts(from.len()))
	begun := make(chan *stack, len(parts))
	err := work.Rows(ctx, from.len(), progress, func() *stack {
		one := s.get()
		begun <- one
		return one
	}, func(one *stack, part, first, last int) {
		one.rows[0] = from.part(one.rows[0][:0], first, last)
		for _, picker := range one.pickers {
			one.rows[1] = picker.Pick(one.rows[1][:0], one.rows[0])
			one.rows[0], one.rows[1] = one.rows[1], one.rows[0]
		}
		parts[part] = append([]uint32(nil), one.rows[0]...)
	})
	close(begun)
	for one := range begun {
		s.put(one)
	}
	if err != nil {
		return nil, err
	}
	return joined(parts), nil
}

// joined is never nil.
func joined(parts [][]uint32) []uint32 {
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	all := make([]uint32, 0, size)
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// First gives the first so many rows that the filters choose, from a row on, in the order of the table: those that a screen
// shows, before the whole table has been gone through. There are fewer only where the table has no more. The error is that
// of ctx.
func First(ctx context.Context, items item.Table, filters []item.Filter, from, most int) ([]uint32, error) {
	all := newStacks(items, filters)
	found := []uint32{}
	for size := work.PartRows; from < items.Len() && len(found) < most; size *= 2 {
		size = min(size, mostAtOnce)
		count := min(size, items.Len()-from)
		rows, err := all.pick(ctx, candidates{all: true, first: from, count: count}, nil)
		if err != nil {
			return nil, err
		}
		found = append(found, rows...)
		from += count
	}
	return found[:min(len(found), max(0, most))], ctx.Err()
}

// mostAtOnce is how many rows First looks at before it looks at what was found.
const mostAtOnce = 16 * work.PartRows
