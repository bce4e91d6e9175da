package query

import (
	"context"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/work"
)

// Limits of the preparation of a cache.
const (
	// preparedShare is the part of the table's size that prepared columns may take.
	preparedShare = 8
	// minPrepared is the number of rows from which preparation is worthwhile. Questions about fewer rows are answered within a frame anyway.
	minPrepared = 20_000
	// preparedAtOnce is the maximum number of columns that are built in one pass over the rows.
	preparedAtOnce = 4
	// maxRowSize is the maximum size of a value in a compact column, in bytes.
	maxRowSize = 12
)

// Prepare builds compact columns for the values at paths, in this order, and adds them to the cache, so that the first question about one
// of them is as fast as the next. It waits while a query that uses the cache runs. It stops before the cache becomes larger than its limit,
// or larger than an eighth of the table. Columns in the cache that were used by queries stay there longer than prepared ones.
//
// If ctx ends, Prepare stops within a few milliseconds and returns the error of ctx. progress may be nil.
func Prepare(ctx context.Context, items item.Table, paths []item.Path, cache *Cache, progress *work.Progress) error {
	room := int(items.Memory() / preparedShare)
	atOnce := min(preparedAtOnce, room/(maxRowSize*max(1, items.Len())))
	if items.Len() < minPrepared || atOnce == 0 {
		return ctx.Err()
	}
	if ctx.Err() != nil { // the cache may be used with another table by now
		return ctx.Err()
	}
	missing := cache.missing(items, paths)
	for len(missing) > 0 && room > 0 {
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
