package query

import (
	"context"
	"slices"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/work"
)

// Limits of [Prepare].
const (
	// preparedShare limits the size of prepared columns to 1/preparedShare of the size of the table.
	preparedShare = 7
	// minPrepared is the minimum number of rows of a table for which Prepare builds columns. A query on fewer rows is
	// fast without preparation: it ends before the next frame is drawn on the screen.
	minPrepared = 20_000
	// preparedAtOnce is the maximum number of columns to build in one pass over the rows.
	preparedAtOnce = 4
	// maxRowSize is the maximum number of bytes that a [compact.Column] needs per row.
	maxRowSize = 12
)

// Prepare builds a [compact.Column] for each of the given paths, in order, and adds it to the cache. The first query
// that reads one of these columns is then fast. While a query uses the cache, Prepare pauses. It stops before the cache
// exceeds its limit or the prepared columns exceed a seventh of the size of the table. The cache removes prepared columns
// before columns that queries have used.
//
// If ctx is canceled, Prepare returns the error of ctx within a few milliseconds. progress may be nil.
func Prepare(ctx context.Context, items item.Table, paths []item.Path, cache *Cache, progress *work.Progress) error {
	if items.Len() < minPrepared || ctx.Err() != nil {
		return ctx.Err()
	}
	cache.use(ctx, items)
	cache.keepCollected(items, paths)
	missing, known := cache.missing(items, paths)
	room := int(items.Memory()/preparedShare) - known
	atOnce := min(preparedAtOnce, room/(maxRowSize*items.Len()))
	for len(missing) > 0 && atOnce > 0 && room > 0 {
		builders := make([]*compact.Builder, 0, atOnce)
		for _, path := range missing[:min(atOnce, len(missing))] {
			builders = append(builders, compact.NewBuilder(items, path))
		}
		missing = missing[len(builders):]
		built, err := buildColumns(ctx, items, builders, func() { cache.wait(ctx) }, progress)
		if err != nil {
			return err
		}
		for _, column := range built {
			if room -= column.Size(); room < 0 || !cache.keepPrepared(items, column) {
				return nil
			}
		}
	}
	return ctx.Err()
}

// preparing returns a builder for each column to prepare. These are the given paths that are columns of the table, are
// not in the cache, and certainly have room in the cache.
func preparing(ctx context.Context, items item.Table, paths []item.Path, cache *Cache) map[item.Path]*compact.Builder {
	isComputed := func(c item.Column) bool { return items.IsComputed(c.Path()) }
	if items.Len() < minPrepared || ctx.Err() != nil || slices.ContainsFunc(items.Columns(), isComputed) {
		return nil
	}
	cache.use(ctx, items)
	cache.keepCollected(items, paths)
	missing, known := cache.missing(items, paths)
	room := min(int(items.Memory()/preparedShare)-known, cache.room())
	builders := map[item.Path]*compact.Builder{}
	for _, path := range missing {
		if room < maxRowSize*items.Len() {
			break
		}
		if isColumn := func(c item.Column) bool { return c.Path() == path && !c.Whole }; slices.ContainsFunc(items.Columns(), isColumn) {
			builders[path] = compact.NewBuilder(items, path)
			room -= builders[path].Size()
		}
	}
	return builders
}

// keepCollected adds the columns at the given paths whose values were collected while the items were read, except for
// columns with slow cells.
func (c *Cache) keepCollected(items item.Table, paths []item.Path) {
	missing, _ := c.missing(items, paths)
	for _, path := range missing {
		if column := compact.Collected(items, path); column != nil && !column.HasSlowCells() {
			c.keepPrepared(items, column)
		}
	}
}
