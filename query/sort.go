package query

import (
	"context"
	"runtime"
	"slices"

	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/work"
)

// smallShare defines a small selection: one with less than 1/smallShare of the rows. For a small selection, only the
// values of the selected rows are read, and the ranks are not cached.
const smallShare = 8

// sorted returns rows, or all rows if rows is nil, in the order of keys.
func sorted(ctx context.Context, items item.Table, rows []uint32, keys []order.Key, cache *Cache, progress *work.Progress) ([]uint32, error) {
	count := items.Len()
	if rows != nil {
		count = len(rows)
	}
	var places, spare []uint32
	for i, key := range slices.Backward(keys) {
		if isRepeated(keys, i) {
			continue
		}
		ranks, err := ranksOf(ctx, items, rows, key.Path, cache, progress)
		if err != nil {
			return nil, err
		}
		if places == nil { // allocated only now, because computing the ranks needs more memory
			places, spare = sequence(count), make([]uint32, count)
		}
		places, spare = ranks.Sort(places, spare, key.Descending)
	}
	if rows != nil {
		for i, place := range places {
			places[i] = rows[place]
		}
	}
	return places, ctx.Err()
}

// sequence returns the numbers from 0 to count-1.
func sequence(count int) []uint32 {
	numbers := make([]uint32, count)
	for i := range numbers {
		numbers[i] = uint32(i)
	}
	return numbers
}

// isRepeated reports whether an earlier key has the same path as key i. Key i then has no effect.
func isRepeated(keys []order.Key, i int) bool {
	for _, key := range keys[:i] {
		if key.Path == keys[i].Path {
			return true
		}
	}
	return false
}

// ranksOf ranks the values of rows, or of all rows if rows is nil.
func ranksOf(ctx context.Context, items item.Table, rows []uint32, path item.Path, cache *Cache, progress *work.Progress) (order.Ranks, error) {
	ranks, known := cache.ranks(items, path)
	if !known {
		few := rows
		if len(rows) > items.Len()/smallShare {
			few = nil
		}
		var err error
		if ranks, err = rank(ctx, items, few, path, progress); err != nil || few != nil {
			return ranks, err
		}
		cache.keepRanks(items, path, ranks)
	}
	if rows != nil {
		ranks = ranks.Of(rows)
	}
	return ranks, nil
}

// rank computes the ranks of a column. It reports each row to progress twice: after its value has been read, and after
// it has been sorted.
func rank(ctx context.Context, items item.Table, rows []uint32, path item.Path, progress *work.Progress) (order.Ranks, error) {
	if progress == nil {
		progress = new(work.Progress)
	}
	column := order.NewColumn(items, path, rows)
	progress.Add(column.Len())
	err := work.Rows(ctx, column.Len(), progress, column.Loader, func(loader *order.Loader, _, from, to int) { loader.Load(from, to) })
	if err != nil {
		return order.Ranks{}, err
	}
	column.Split()
	stopped := func() bool {
		runtime.Gosched() // sorting a bucket may take long, and a frame may be waiting
		return ctx.Err() != nil
	}
	begin := func() *order.Sorter { return column.Sorter(stopped) }
	err = work.Each(ctx, column.Buckets(), begin, func(sorter *order.Sorter, bucket int) {
		sorter.Sort(bucket)
		progress.Done(column.BucketLen(bucket))
	})
	if err != nil {
		return order.Ranks{}, err
	}
	return column.Ranks(), nil
}
