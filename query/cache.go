package query

import (
	"context"
	"math"
	"reflect"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"sync"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/model/order"
)

// Cache keeps results of earlier queries of one table: the columns that were filtered or sorted most recently, as
// compact columns and as ranks, and the rows that match the most recent filters. The zero value is empty. A Cache is
// safe for concurrent use. A query of another table, or of the same table after it has grown, empties the Cache. A
// query of the earlier table that is still running then finds no results in the Cache and adds none. The Cache keeps
// less when the process approaches its memory limit.
type Cache struct {
	mutex   sync.Mutex
	items   item.Table
	columns []cached // least recently used first
	filters []item.Filter
	rows    []uint32

	// running is the number of queries that are using the cache. idle is closed when running becomes 0.
	running int
	idle    chan struct{}
}

// cached is a column, either as the ranks of its values (in the field ranks) or as the values themselves (in the field
// values). The other field is empty.
type cached struct {
	path  item.Path
	ranks order.Ranks
	// within holds paths of columns. The ranks compare two items only if their values at these paths are equal. If
	// there are no paths, the ranks compare all items.
	within []item.Path
	values *compact.Column
}

func (c cached) size() int {
	if c.values != nil {
		return c.values.Size()
	}
	return c.ranks.Size()
}

// Limits of a cache: the number of columns and their total size. The column that was added last is kept even if it
// exceeds them.
const (
	maxColumns = 512
	// The maximum total size in bytes is maxBytes plus the larger of two numbers: maxRowBytes for each row of the
	// table, and 1/memoryShare of the size of the table.
	maxBytes    = 32 << 20
	maxRowBytes = 24
	memoryShare = 10
)

// use makes items the table of the cache, and empties the cache if it belonged to another table. If ctx is canceled,
// use does nothing, because the cache may belong to a newer table by now. The other methods find and keep results only
// for the table of the cache.
func (c *Cache) use(ctx context.Context, items item.Table) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if ctx.Err() == nil && c.items != items {
		c.items, c.columns, c.filters, c.rows = items, nil, nil, nil
	}
}

// ranks returns the cached ranks of a column, or false if there are none. If the parameter within has no paths, the
// ranks compare all items. Otherwise, they compare two items only if their values at these paths are equal.
func (c *Cache) ranks(items item.Table, path item.Path, within []item.Path) (order.Ranks, bool) {
	found, known := c.find(items, func(column cached) bool {
		return column.path == path && column.values == nil && slices.Equal(column.within, within)
	})
	return found.ranks, known
}

func (c *Cache) keepRanks(items item.Table, path item.Path, within []item.Path, ranks order.Ranks) {
	c.keep(items, cached{path: path, within: within, ranks: ranks})
}

// column returns the cached [compact.Column] at a path, or nil if there is none. It takes a column that is not cached
// from the table, if its values were collected while the items were read.
func (c *Cache) column(items item.Table, path item.Path) *compact.Column {
	found, ok := c.find(items, func(column cached) bool { return column.path == path && column.values != nil })
	if ok {
		return found.values
	}
	collected := compact.Collected(items, path)
	if collected != nil {
		c.keepColumn(items, collected)
	}
	return collected
}

func (c *Cache) keepColumn(items item.Table, column *compact.Column) {
	c.keep(items, cached{path: column.Path(), values: column})
}

// find returns the first column for which isWanted returns true, and marks the column as used. It returns false if
// there is no such column, or if the cache belongs to another table than items.
func (c *Cache) find(items item.Table, isWanted func(cached) bool) (cached, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	i := slices.IndexFunc(c.columns, isWanted)
	if i < 0 || c.items != items {
		return cached{}, false
	}
	found := c.columns[i]
	c.columns = append(slices.Delete(c.columns, i, i+1), found)
	return found, true
}

// keep adds a column, unless the cache belongs to another table than items. While the cache exceeds its limits, keep
// removes the column that was not used for the longest time.
func (c *Cache) keep(items item.Table, added cached) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.items != items {
		return
	}
	c.columns = slices.DeleteFunc(c.columns, func(column cached) bool {
		return column.path == added.path && (column.values == nil) == (added.values == nil) && slices.Equal(column.within, added.within)
	})
	c.columns = append(c.columns, added)
	limit := c.limit()
	for len(c.columns) > 1 && (len(c.columns) > maxColumns || c.size() > limit) {
		c.columns = slices.Delete(c.columns, 0, 1)
	}
}

// missing returns those of the paths for which the cache has no [compact.Column], or one with slow cells, each once. The
// result known is the total size, in bytes, of the cached columns for the other paths. The call does not count as a use
// of these columns.
func (c *Cache) missing(items item.Table, paths []item.Path) (missing []item.Path, known int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	sizes := map[item.Path]int{}
	for _, column := range c.columns {
		if column.values != nil && !column.values.HasSlowCells() && c.items == items {
			sizes[column.path] = column.size()
		}
	}
	seen := map[item.Path]bool{}
	for _, path := range paths {
		size, isKnown := sizes[path]
		switch {
		case seen[path]:
		case isKnown:
			known += size
		default:
			missing = append(missing, path)
		}
		seen[path] = true
	}
	return missing, known
}

// keepPrepared adds a column, unless the cache has a [compact.Column] with the same path. If the cells of the cached
// column are slow, keepPrepared replaces it. The added column will be the first to be removed when the cache is full. If
// there is no room, or if the cache now belongs to another table, keepPrepared adds nothing and returns false.
// Otherwise, it returns true.
func (c *Cache) keepPrepared(items item.Table, column *compact.Column) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	i := slices.IndexFunc(c.columns, func(other cached) bool { return other.path == column.Path() && other.values != nil })
	replaced := 0
	if i >= 0 {
		replaced = c.columns[i].size()
	}
	if c.items != items || len(c.columns) >= maxColumns || c.size()-replaced+column.Size() > c.limit() {
		return false
	}
	switch {
	case i < 0:
		c.columns = slices.Insert(c.columns, 0, cached{path: column.Path(), values: column})
	case c.columns[i].values.HasSlowCells():
		c.columns[i].values = column
	}
	return true
}

// begin records that a query starts to use the cache. The query must call end when it is done.
func (c *Cache) begin() (end func()) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.running == 0 {
		c.idle = make(chan struct{})
	}
	c.running++
	return func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		if c.running--; c.running == 0 {
			close(c.idle)
		}
	}
}

// wait waits until no query uses the cache or ctx is canceled.
func (c *Cache) wait(ctx context.Context) {
	c.mutex.Lock()
	running, idle := c.running, c.idle
	c.mutex.Unlock()
	if running == 0 {
		return
	}
	select {
	case <-idle:
	case <-ctx.Done():
	}
}

// room returns how many more bytes the cached columns may take.
func (c *Cache) room() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.limit() - c.size()
}

// limit returns the maximum total size of the cached columns, in bytes.
func (c *Cache) limit() int {
	size := max(maxRowBytes*c.items.Len(), int(c.items.Memory()/memoryShare))
	return min(maxBytes+size, c.size()+memoryLeft())
}

// size returns the memory used by the columns, in bytes.
func (c *Cache) size() int {
	size := 0
	for _, column := range c.columns {
		size += column.size()
	}
	return size
}

// memoryLeft returns how many more bytes a cache may use before the process comes close to its memory limit. The result
// is negative if the cache should shrink.
func memoryLeft() int {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return math.MaxInt32
	}
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	used := int64(samples[0].Value.Uint64()) - int64(samples[1].Value.Uint64())
	return int(limit - limit/8 - used)
}

// matching finds the longest prefix of filters whose result is cached. It returns the number of filters in the prefix,
// and the rows that match all of them.
func (c *Cache) matching(items item.Table, filters []item.Filter) (known int, rows []uint32) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.items != items || len(c.filters) == 0 || len(c.filters) > len(filters) || !slices.EqualFunc(c.filters, filters[:len(c.filters)], isSame) {
		return 0, nil
	}
	return len(c.filters), c.rows
}

func (c *Cache) keepMatching(items item.Table, filters []item.Filter, rows []uint32) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.items == items {
		c.filters, c.rows = slices.Clone(filters), rows
	}
}

// isSame reports whether two filters can be compared and are equal, so that they match the same items.
func isSame(a, b item.Filter) bool {
	return a != nil && b != nil && reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}
