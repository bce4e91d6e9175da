package query

import (
	"context"
	"runtime"
	"slices"

	"sbwatch/model/compact"
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
		if places, spare, err = sortPlaces(ctx, ranks, places, spare, key.Descending); err != nil {
			return nil, err
		}
	}
	if rows != nil {
		for i, place := range places {
			places[i] = rows[place]
		}
	}
	return places, ctx.Err()
}

// sortPlaces sorts places by their ranks. spare is scratch space of the same length. sorted is whichever of the two
// slices holds the result, and other is the other one.
func sortPlaces(ctx context.Context, ranks order.Ranks, places, spare []uint32, descending bool) (sorted, other []uint32, err error) {
	const partLen = 1 << 17
	parts := (len(places) + partLen - 1) / partLen
	none := func() struct{} { return struct{}{} }
	for number := range ranks.Passes() {
		pass := ranks.Pass(number, parts, descending)
		part := func(i int) []uint32 { return places[i*partLen : min((i+1)*partLen, len(places))] }
		if err = work.Each(ctx, parts, none, func(_ struct{}, i int) { pass.Count(i, part(i)) }); err != nil {
			return nil, nil, err
		}
		pass.Split()
		if err = work.Each(ctx, parts, none, func(_ struct{}, i int) { pass.Move(i, part(i), spare) }); err != nil {
			return nil, nil, err
		}
		places, spare = spare, places
	}
	return places, spare, nil
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
		if few != nil {
			return rank(ctx, order.NewColumn(items, path, few), progress)
		}
		if ranks, err = rankAll(ctx, items, path, cache, progress); err != nil {
			return ranks, err
		}
		cache.keepRanks(items, path, ranks)
	}
	if rows != nil {
		ranks = ranks.Of(rows)
	}
	return ranks, nil
}

// rankAll ranks the values of all rows. It builds a compact column first, in which it finds the values quickly.
func rankAll(ctx context.Context, items item.Table, path item.Path, cache *Cache, progress *work.Progress) (order.Ranks, error) {
	if progress == nil {
		progress = new(work.Progress)
	}
	column := cache.column(items, path)
	if column == nil {
		builder := compact.NewBuilder(items, path)
		if loading := builder.Loading(); loading != nil {
			return rankWhileLoading(ctx, items, builder.Loader, order.WhileLoading(items, loading), progress)
		}
		release := reserve(progress, 2*items.Len())
		built, err := buildColumns(ctx, items, []*compact.Builder{builder}, func() {}, progress)
		release()
		if err != nil {
			return order.Ranks{}, err
		}
		column = built[0]
	}
	ranks, err := rank(ctx, order.OfColumn(items, column), progress)
	if err != nil || column.Values() == nil {
		return ranks, err
	}
	cache.keepColumn(items, column) // a column with a dictionary is small
	if small, large := column.Codes(); small == nil {
		ranks = order.Spread(ranks, large)
	} else {
		ranks = order.Spread(ranks, small)
	}
	return ranks, nil
}

// rankWhileLoading ranks the values of a column while it loads the column. It loads a few rows at a time, so that their
// values are still in the cache of the processor when they are ranked.
func rankWhileLoading(ctx context.Context, items item.Table, load func() *compact.Loader, column *order.Column, progress *work.Progress) (order.Ranks, error) {
	type loaders struct {
		values *compact.Loader
		order  *order.Loader
	}
	progress.Add(items.Len()) // for sorting the values
	err := work.Rows(ctx, items.Len(), progress, func() loaders { return loaders{load(), column.Loader()} }, func(l loaders, _, from, to int) {
		for ; from < to; from += rowsAtOnce {
			l.values.Load(from, min(from+rowsAtOnce, to))
			l.order.Load(from, min(from+rowsAtOnce, to))
		}
	})
	if err != nil {
		return order.Ranks{}, err
	}
	return rankLoaded(ctx, column, progress)
}

// rank computes the ranks of a column. It reports each row to progress twice: after its value has been read, and after
// it has been sorted.
func rank(ctx context.Context, column *order.Column, progress *work.Progress) (order.Ranks, error) {
	if progress == nil {
		progress = new(work.Progress)
	}
	progress.Add(column.Len())
	err := work.Rows(ctx, column.Len(), progress, column.Loader, func(loader *order.Loader, _, from, to int) { loader.Load(from, to) })
	if err != nil {
		return order.Ranks{}, err
	}
	return rankLoaded(ctx, column, progress)
}

// rankLoaded computes the ranks of a column whose values have been read.
func rankLoaded(ctx context.Context, column *order.Column, progress *work.Progress) (order.Ranks, error) {
	column.Split()
	stopped := func() bool {
		runtime.Gosched() // sorting a bucket may take long, and a frame may be waiting
		return ctx.Err() != nil
	}
	begin := func() *order.Sorter { return column.Sorter(stopped) }
	err := work.Each(ctx, column.Buckets(), begin, func(sorter *order.Sorter, bucket int) {
		sorter.Sort(bucket)
		progress.Done(column.BucketLen(bucket))
	})
	if err != nil {
		return order.Ranks{}, err
	}
	return column.Ranks(), nil
}
