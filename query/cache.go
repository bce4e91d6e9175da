package query

import (
	"reflect"
	"slices"
	"sync"

	"sbwatch/model/item"
	"sbwatch/model/order"
)

// Cache holds results of earlier queries of one table: the ranks of the last columns that were used for sorting, and
// the rows that match the last filters. The zero value is empty. A Cache is safe for concurrent use. It is emptied when
// it is used with another table, or after the table has grown.
type Cache struct {
	mutex   sync.Mutex
	items   item.Table
	columns []ranked // least recently used first
	filters []item.Filter
	rows    []uint32
}

// ranked is a cached column.
type ranked struct {
	path  item.Path
	ranks order.Ranks
}

// Limits of a cache: the maximum number of columns, and the maximum total size of their ranks in bytes. At least one
// column is always kept.
const (
	maxColumns = 8
	maxBytes   = 32 << 20
)

// reset empties the cache unless it already belongs to items.
func (c *Cache) reset(items item.Table) {
	if c.items != items {
		c.items, c.columns, c.filters, c.rows = items, nil, nil, nil
	}
}

func (c *Cache) ranks(items item.Table, path item.Path) (order.Ranks, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.reset(items)
	for i, column := range c.columns {
		if column.path == path {
			c.columns = append(slices.Delete(c.columns, i, i+1), column)
			return column.ranks, true
		}
	}
	return order.Ranks{}, false
}

func (c *Cache) keepRanks(items item.Table, path item.Path, ranks order.Ranks) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.reset(items)
	c.columns = slices.DeleteFunc(c.columns, func(column ranked) bool { return column.path == path })
	c.columns = append(c.columns, ranked{path, ranks})
	for len(c.columns) > 1 && (len(c.columns) > maxColumns || c.size() > maxBytes) {
		c.columns = slices.Delete(c.columns, 0, 1)
	}
}

// size returns the memory used by the ranks, in bytes.
func (c *Cache) size() int {
	size := 0
	for _, column := range c.columns {
		size += column.ranks.Size()
	}
	return size
}

// matching finds the longest prefix of filters whose result is cached. It returns the length of that prefix, and the
// rows that match it.
func (c *Cache) matching(items item.Table, filters []item.Filter) (known int, rows []uint32) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.reset(items)
	if len(c.filters) == 0 || len(c.filters) > len(filters) || !slices.EqualFunc(c.filters, filters[:len(c.filters)], isSame) {
		return 0, nil
	}
	return len(c.filters), c.rows
}

func (c *Cache) keepMatching(items item.Table, filters []item.Filter, rows []uint32) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.reset(items)
	c.filters, c.rows = slices.Clone(filters), rows
}

// isSame reports whether two filters can be compared and are equal, so that they match the same items.
func isSame(a, b item.Filter) bool {
	return a != nil && b != nil && reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}
