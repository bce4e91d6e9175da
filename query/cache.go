package query

import (
	"reflect"
	"slices"
	"sync"

	"sbwatch/model/item"
	"sbwatch/model/order"
)

// Cache keeps what queries of one table have found out: the ranks of the columns that were sorted by last, and the rows
// that the last filters chose. Its zero value is empty. It is safe for use by many at once. Asked of another table, or of
// the same when it has grown, it begins anew.
type Cache struct {
	mutex   sync.Mutex
	items   item.Table
	columns []ranked // the one used last at the end
	filters []item.Filter
	rows    []uint32
}

// ranked is a column that is kept.
type ranked struct {
	path  item.Path
	ranks order.Ranks
}

// Bounds of what a cache keeps: so many columns, of so many bytes together, and at least one.
const (
	mostColumns = 8
	mostBytes   = 32 << 20
)

// begin makes the cache one of this table.
func (c *Cache) begin(items item.Table) {
	if c.items != items {
		c.items, c.columns, c.filters, c.rows = items, nil, nil, nil
	}
}

func (c *Cache) ranks(items item.Table, path item.Path) (order.Ranks, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.begin(items)
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
	c.begin(items)
	c.columns = slices.DeleteFunc(c.columns, func(column ranked) bool { return column.path == path })
	c.columns = append(c.columns, ranked{path, ranks})
	for len(c.columns) > 1 && (len(c.columns) > mostColumns || c.size() > mostBytes) {
		c.columns = slices.Delete(c.columns, 0, 1)
	}
}

// size is the memory that the ranks take, in bytes.
func (c *Cache) size() int {
	size := 0
	for _, column := range c.columns {
		size += column.ranks.Size()
	}
	return size
}

// picked gives the rows that the first so many of some filters choose, as far as that is known.
func (c *Cache) picked(items item.Table, filters []item.Filter) (known int, rows []uint32) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.begin(items)
	if len(c.filters) == 0 || len(c.filters) > len(filters) || !slices.EqualFunc(c.filters, filters[:len(c.filters)], isSame) {
		return 0, nil
	}
	return len(c.filters), c.rows
}

func (c *Cache) keepPicked(items item.Table, filters []item.Filter, rows []uint32) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.begin(items)
	c.filters, c.rows = slices.Clone(filters), rows
}

// isSame tells whether two filters surely choose the same.
func isSame(a, b item.Filter) bool {
	return a != nil && b != nil && reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}
