// Package query runs long operations on a table of items, on all cores: filtering, searching, sorting, profiling and
// finding duplicates.
//
// A [Query] combines filters and sort keys. [Run] returns the numbers of the rows that match it. A [Cache] speeds up
// later queries of the same table. All functions report progress in rows. They return as soon as their context ends; work
// that is still running in other goroutines then ends soon.
package query

import (
	"context"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/work"
)

// Query selects and orders the rows of a table. The zero Query selects all rows in their original order.
type Query struct {
	// Filters are the filters that an item must match, all of them.
	Filters []item.Filter
	// Sort lists the sort keys, the most significant first.
	Sort []order.Key
}

// IsEmpty reports whether q has neither filters nor sort keys.
func (q Query) IsEmpty() bool { return len(q.Filters) == 0 && len(q.Sort) == 0 }

// Run returns the numbers of the rows that match q, in the order of its sort keys. It returns nil for an empty query,
// which means all rows in their original order. The sort is stable.
//
// cache may be nil. Otherwise, Run uses it and adds its results to it. The returned rows may belong to the cache, so do
// not modify them. progress may be nil. If ctx ends, Run returns the error of ctx at once.
func Run(ctx context.Context, items item.Table, q Query, cache *Cache, progress *work.Progress) ([]uint32, error) {
	if q.IsEmpty() {
		return nil, ctx.Err()
	}
	if cache == nil {
		cache = new(Cache)
	}
	return work.Do(ctx, func() ([]uint32, error) {
		defer cache.begin()()
		cache.use(ctx, items)
		rows, err := pick(ctx, items, q.Filters, cache, progress)
		if err != nil || len(q.Sort) == 0 {
			return rows, err
		}
		return sorted(ctx, items, rows, q.Sort, cache, progress)
	})
}

// pick returns the rows that match all filters, or nil if there are no filters.
func pick(ctx context.Context, items item.Table, filters []item.Filter, cache *Cache, progress *work.Progress) ([]uint32, error) {
	if len(filters) == 0 {
		return nil, ctx.Err()
	}
	known, rows := cache.matching(items, filters)
	if known == len(filters) {
		return rows, ctx.Err()
	}
	from := candidates{rows: rows, all: known == 0, count: items.Len()}
	columns, err := columnsOf(ctx, items, filters[known:], from.len(), cache, progress)
	if err != nil {
		return nil, err
	}
	rows, err = newPickerPool(items, filters[known:], columns).pick(ctx, from, progress)
	if err == nil {
		cache.keepMatching(items, filters, rows)
	}
	return rows, err
}

// candidates are the rows to which filters are applied: either a list of rows, or a range of rows.
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

// cost returns the cost of the candidates whose indexes are in [from, to). The parameter ofRows returns the cost of a
// range of rows.
func (c candidates) cost(ofRows func(from, to int) int) func(from, to int) int {
	if c.all {
		return func(from, to int) int { return ofRows(c.first+from, c.first+to) }
	}
	return item.CostOf(c.rows, ofRows)
}

// slice appends to rows the candidates whose indexes are in [from, to).
func (c candidates) slice(rows []uint32, from, to int) []uint32 {
	if !c.all {
		return append(rows, c.rows[from:to]...)
	}
	for row := c.first + from; row < c.first+to; row++ {
		rows = append(rows, uint32(row))
	}
	return rows
}

// pickerSet holds an [item.Picker] for each filter. It is not safe for concurrent use.
type pickerSet struct {
	pickers []item.Picker
	rows    [2][]uint32
}

// pickerPool reuses idle pickerSets. It creates a new one only if none is idle.
type pickerPool struct {
	items   item.Table
	filters []item.Filter
	columns map[item.Path]*compact.Column
	idle    chan *pickerSet
}

func newPickerPool(items item.Table, filters []item.Filter, columns map[item.Path]*compact.Column) *pickerPool {
	const maxCores = 256
	return &pickerPool{items: items, filters: filters, columns: columns, idle: make(chan *pickerSet, maxCores)}
}

func (s *pickerPool) get() *pickerSet {
	select {
	case set := <-s.idle:
		return set
	default:
	}
	set := &pickerSet{}
	for _, filter := range s.filters {
		if onColumns, ok := filter.(columnFilter); ok {
			set.pickers = append(set.pickers, onColumns.PickerOn(s.items, s.columns))
		} else {
			set.pickers = append(set.pickers, filter.Picker(s.items))
		}
	}
	return set
}

func (s *pickerPool) put(set *pickerSet) {
	select {
	case s.idle <- set:
	default:
	}
}

func (s *pickerPool) pick(ctx context.Context, from candidates, progress *work.Progress) ([]uint32, error) {
	chunks := make([][]uint32, work.Chunks(from.len()))
	sets := statesOf[*pickerSet]{begin: s.get}
	err := work.CostlyRows(ctx, from.len(), from.cost(s.cost()), progress, sets.next, func(set *pickerSet, chunk, first, last int) {
		set.rows[0] = from.slice(set.rows[0][:0], first, last)
		for _, picker := range set.pickers {
			if ctx.Err() != nil {
				return
			}
			set.rows[1] = picker.Pick(set.rows[1][:0], set.rows[0])
			set.rows[0], set.rows[1] = set.rows[1], set.rows[0]
		}
		chunks[chunk] = append(chunks[chunk], set.rows[0]...)
	})
	if err != nil {
		return nil, err // the sets may still be used
	}
	for _, set := range sets.made {
		s.put(set)
	}
	return joined(chunks), nil
}

// cost returns the cost of applying the filters to the rows in [from, to); see [work.CostlyRows].
func (s *pickerPool) cost() func(from, to int) int {
	var paths []item.Path
	for _, filter := range s.filters {
		onColumns, ok := filter.(columnFilter)
		if !ok {
			return s.items.Cost()
		}
		paths = append(paths, onColumns.Paths(s.items)...)
	}
	return s.items.CostAt(paths...)
}

// joined concatenates chunks. It never returns nil.
func joined(chunks [][]uint32) []uint32 {
	size := 0
	for _, chunk := range chunks {
		size += len(chunk)
	}
	all := make([]uint32, 0, size)
	for _, chunk := range chunks {
		all = append(all, chunk...)
	}
	return all
}

// First returns up to limit rows that match the filters, in the order of the table. The parameter from is the first row
// that it examines. With First, a screen can show matches before the whole table has been searched. First returns fewer
// rows only at the end of the table. If ctx ends first, First returns its error.
func First(ctx context.Context, items item.Table, filters []item.Filter, from, limit int) ([]uint32, error) {
	return work.Do(ctx, func() ([]uint32, error) {
		all := newPickerPool(items, filters, nil)
		found := []uint32{}
		for size := work.ChunkRows; from < items.Len() && len(found) < limit; size *= 2 {
			size = min(size, maxBatch)
			count := min(size, items.Len()-from)
			rows, err := all.pick(ctx, candidates{all: true, first: from, count: count}, nil)
			if err != nil {
				return nil, err
			}
			found = append(found, rows...)
			from += count
		}
		return found[:min(len(found), max(0, limit))], ctx.Err()
	})
}

// maxBatch is the maximum number of rows that First examines before it checks whether it has found enough matches.
const maxBatch = 16 * work.ChunkRows
