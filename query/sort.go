package query

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/work"
)

// smallShare defines a small selection: less than 1/smallShare of the rows. For a small selection, only the values of
// the selected rows are read, and the ranks are not cached.
const smallShare = 8

// sorted returns rows in the order of the sort keys. If rows is nil, it returns all rows of the table in this order.
func sorted(ctx context.Context, items item.Table, rows []uint32, keys []order.Key, cache *Cache, progress *work.Progress) ([]uint32, error) {
	if progress == nil {
		progress = new(work.Progress)
	}
	s := sorting{ctx: ctx, items: items, rows: rows, cache: cache, progress: progress, count: items.Len()}
	if rows != nil {
		s.count = len(rows)
	}
	for i, key := range keys {
		if !isRepeated(keys, i) {
			s.keys = append(s.keys, key)
		}
	}
	release := reserve(progress, s.count*len(s.keys)) // for sorting by ranks
	indexes, err := s.sort(release)
	if err != nil {
		return nil, err
	}
	if rows != nil {
		for i, index := range indexes {
			indexes[i] = rows[index]
		}
	}
	return indexes, ctx.Err()
}

// sorting holds the state of a sort by several keys with different paths. Its methods take and return indexes into the
// field rows, which holds the numbers of the rows to sort. If rows is nil, all rows of the table are sorted, and an
// index is a row number.
type sorting struct {
	ctx      context.Context //nolint:containedctx // a sorting lives as long as the call that began it
	items    item.Table
	rows     []uint32
	count    int
	keys     []order.Key
	cache    *Cache
	progress *work.Progress
}

// sort returns all indexes in the order of the sort keys. It calls the function release once, before it first sorts by
// ranks.
func (s *sorting) sort(release func()) ([]uint32, error) {
	known := 0
	for known < len(s.keys) {
		if _, ok := s.cachedRanks(known); !ok {
			break
		}
		known++
	}
	if known == len(s.keys) {
		release()
		return s.byRanks()
	}
	ranks, indexes, err := s.rank(s.keys[0].Path)
	release()
	if err != nil {
		return nil, err
	}
	if indexes == nil {
		indexes, _, err = s.pass(ranks, nil, nil, s.keys[0].Descending)
	} else if s.keys[0].Descending {
		indexes, err = s.reversed(ranks, indexes)
	}
	if err != nil || len(s.keys) == 1 {
		return indexes, err
	}
	for i := 1; i < len(s.keys); i++ {
		longest, err := s.longestGroup(ranks, indexes)
		switch {
		case err != nil:
			return nil, err
		case longest == 1:
			return indexes, nil
		case longest > s.count/longShare:
			return s.byRanks()
		}
		if ranks, indexes, err = s.refine(ranks, indexes, longest, i); err != nil {
			return nil, err
		}
	}
	return indexes, nil
}

// cachedRanks returns ranks of sort key i from the cache: ranks of all items or, if there are none, ranks that compare
// only items with equal values of the earlier sort keys. It returns false if the cache has neither.
func (s *sorting) cachedRanks(i int) (order.Ranks, bool) {
	path := s.keys[i].Path
	ranks, ok := s.cache.ranks(s.items, path, nil)
	if !ok && i > 0 {
		ranks, ok = s.cache.ranks(s.items, path, s.pathsBefore(i))
	}
	return ranks, ok
}

func (s *sorting) pathsBefore(i int) []item.Path {
	paths := make([]item.Path, 0, i)
	for _, key := range s.keys[:i] {
		paths = append(paths, key.Path)
	}
	return paths
}

// longShare defines a long group of equal values: more than 1/longShare of the rows. Only one core can sort a group.
const longShare = 4

// byRanks returns all indexes in the order of the sort keys. It sorts stably by the ranks of each sort key, the least
// significant one first.
func (s *sorting) byRanks() ([]uint32, error) {
	var indexes, spare []uint32
	for i, key := range slices.Backward(s.keys) {
		ranks, ok := s.cachedRanks(i)
		var err error
		if ok {
			ranks = s.ofRows(ranks)
		} else if ranks, _, err = s.rank(key.Path); err != nil {
			return nil, err
		}
		if indexes, spare, err = s.pass(ranks, indexes, spare, key.Descending); err != nil {
			return nil, err
		}
	}
	return indexes, nil
}

// partLen is the number of indexes that a core sorts at once.
const partLen = 1 << 17

// pass sorts indexes by their ranks; nil stands for all indexes. It overwrites indexes and spare. The result sorted is
// one of these two slices, and the result unused is the other.
func (s *sorting) pass(ranks order.Ranks, indexes, spare []uint32, descending bool) (sorted, unused []uint32, err error) {
	if indexes == nil {
		indexes, spare = sequence(s.count), make([]uint32, s.count)
	}
	parts := (len(indexes) + partLen - 1) / partLen
	passes := ranks.Passes()
	s.progress.Add(2 * passes * len(indexes)) // counting and moving
	for number := range passes {
		pass := ranks.Pass(number, parts, descending)
		if err = s.eachPart(indexes, pass.Count); err != nil {
			return nil, nil, err
		}
		pass.Split()
		if err = s.eachPart(indexes, func(i int, part []uint32) { pass.Move(i, part, spare) }); err != nil {
			return nil, nil, err
		}
		indexes, spare = spare, indexes
	}
	return indexes, spare, nil
}

// eachPart splits indexes into parts of partLen indexes and calls the function do for each part, in parallel.
func (s *sorting) eachPart(indexes []uint32, do func(i int, part []uint32)) error {
	return work.Each(s.ctx, (len(indexes)+partLen-1)/partLen, none, func(_ struct{}, i int) {
		part := indexes[i*partLen : min((i+1)*partLen, len(indexes))]
		do(i, part)
		s.progress.Done(len(part))
	})
}

// reversed takes indexes in ascending order of their ranks and returns them in descending order.
func (s *sorting) reversed(ranks order.Ranks, indexes []uint32) ([]uint32, error) {
	reversed := make([]uint32, len(indexes))
	err := work.Rows(s.ctx, len(indexes), s.progress, none, func(_ struct{}, _, from, to int) { ranks.Reverse(indexes, reversed, from, to) })
	return reversed, err
}

func none() struct{} { return struct{}{} }

// longestGroup returns the maximum number of indexes with the same rank. indexes must be in the order of their ranks.
func (s *sorting) longestGroup(ranks order.Ranks, indexes []uint32) (int, error) {
	var longest atomic.Int64
	err := work.Rows(s.ctx, len(indexes), s.progress, none, func(_ struct{}, _, from, to int) {
		length := int64(ranks.LongestRun(indexes, from, to))
		for known := longest.Load(); length > known && !longest.CompareAndSwap(known, length); {
			known = longest.Load()
		}
	})
	return int(longest.Load()), err
}

// refine returns the ranks for the sort keys 0 to i, and the indexes in the order of these ranks. The parameter earlier
// holds the ranks for the sort keys 0 to i-1, and indexes must be in the order of these ranks. longest is the maximum
// number of indexes with the same rank in earlier.
func (s *sorting) refine(earlier order.Ranks, indexes []uint32, longest, i int) (order.Ranks, []uint32, error) {
	key := s.keys[i]
	column, ranks, err := s.load(key.Path, longest)
	if err != nil {
		return order.Ranks{}, nil, err
	}
	isNew := column != nil
	if column == nil {
		column = order.OfRanks(ranks)
		s.progress.Add(s.count)
	}
	column.Within(earlier, indexes, longest, key.Descending, i == len(s.keys)-1)
	if err := sortTasks(s.ctx, column, s.progress); err != nil {
		return order.Ranks{}, nil, err
	}
	if isNew && s.rows == nil {
		s.cache.keepRanks(s.items, key.Path, s.pathsBefore(i), column.RanksInRuns())
	}
	return column.Ranks(), column.Sorted(), nil
}

// sequence returns the numbers from 0 to count-1.
func sequence(count int) []uint32 {
	numbers := make([]uint32, count)
	for i := range numbers {
		numbers[i] = uint32(i)
	}
	return numbers
}

// isRepeated reports whether keys[i] has no effect, because an earlier sort key has the same path.
func isRepeated(keys []order.Key, i int) bool {
	for _, key := range keys[:i] {
		if key.Path == keys[i].Path {
			return true
		}
	}
	return false
}

// rank returns the ranks of the values at a path. It also returns the indexes in ascending order of their ranks, or nil
// if the indexes were not sorted.
func (s *sorting) rank(path item.Path) (order.Ranks, []uint32, error) {
	column, ranks, err := s.load(path, s.count)
	if err != nil || column == nil {
		return ranks, nil, err
	}
	if err := sortLoaded(s.ctx, column, s.progress); err != nil {
		return order.Ranks{}, nil, err
	}
	if ranks = column.Ranks(); s.rows == nil {
		s.cache.keepRanks(s.items, path, nil, ranks)
	}
	return ranks, column.Sorted(), nil
}

// load reads the values at a path. If the returned column is not nil, the caller must sort it to get the ranks of the
// values. Otherwise, load also returns these ranks. longest is the maximum number of rows that are compared with each
// other.
func (s *sorting) load(path item.Path, longest int) (*order.Column, order.Ranks, error) {
	if ranks, known := s.cache.ranks(s.items, path, nil); known {
		return nil, s.ofRows(ranks), nil
	}
	if s.rows != nil && s.count <= s.items.Len()/smallShare {
		column := order.NewColumn(s.items, path, s.rows)
		column.ForRuns(longest)
		return column, order.Ranks{}, s.loadRows(column)
	}
	if s.rows != nil {
		longest = s.items.Len() // the ranks of all rows are needed, not only of those that the filters accept
	}
	column, known, err := s.loadAll(path, longest)
	if err != nil {
		return nil, order.Ranks{}, err
	}
	hasDictionary := known.Values() != nil
	if !hasDictionary && s.rows == nil {
		return column, order.Ranks{}, nil
	}
	if err := sortLoaded(s.ctx, column, s.progress); err != nil {
		return nil, order.Ranks{}, err
	}
	ranks := column.Ranks()
	if hasDictionary {
		if small, large := known.Codes(); small == nil {
			ranks = order.Spread(ranks, large)
		} else {
			ranks = order.Spread(ranks, small)
		}
	}
	s.cache.keepRanks(s.items, path, nil, ranks)
	return nil, s.ofRows(ranks), nil
}

// ofRows returns the ranks of the rows in s.rows, or all ranks if s.rows is nil.
func (s *sorting) ofRows(ranks order.Ranks) order.Ranks {
	if s.rows == nil {
		return ranks
	}
	return ranks.Of(s.rows)
}

func (s *sorting) loadRows(column *order.Column) error {
	s.progress.Add(column.Len()) // for sorting the values
	return work.CostlyRows(s.ctx, column.Len(), column.Cost(), s.progress, column.Loader, func(loader *order.Loader, _, from, to int) { loader.Load(from, to) })
}

// loadAll reads the values at a path from all rows, and caches them as a [compact.Column]. It also returns a column to
// sort. That column contains all values, or only those in the dictionary if the [compact.Column] has a dictionary.
// longest is the maximum number of rows that are compared with each other.
func (s *sorting) loadAll(path item.Path, longest int) (*order.Column, *compact.Column, error) {
	known := s.cache.column(s.items, path)
	if known == nil {
		builder := compact.NewBuilder(s.items, path)
		if loading := builder.Loading(); loading != nil {
			column := order.WhileLoading(s.items, loading)
			column.ForRuns(longest)
			return s.loadBoth(builder, column)
		}
		release := reserve(s.progress, 2*s.items.Len())
		built, err := buildColumns(s.ctx, s.items, []*compact.Builder{builder}, func() {}, s.progress)
		release()
		if err != nil {
			return nil, nil, err
		}
		known = built[0]
		s.cache.keepColumn(s.items, known)
	}
	column := order.OfColumn(s.items, known)
	column.ForRuns(longest)
	return column, known, s.loadRows(column)
}

// loadBoth reads the values of a column into a [compact.Column] and a column to sort. It alternates between them every
// few rows, so that the second read finds the values in the processor cache.
func (s *sorting) loadBoth(builder *compact.Builder, column *order.Column) (*order.Column, *compact.Column, error) {
	type loaders struct {
		values *compact.Loader
		order  *order.Loader
	}
	s.progress.Add(s.items.Len()) // for sorting the values
	err := work.CostlyRows(s.ctx, s.items.Len(), s.items.CostAt(builder.Path()), s.progress, func() loaders { return loaders{builder.Loader(), column.Loader()} }, func(l loaders, _, from, to int) {
		for ; from < to; from += rowsAtOnce {
			l.values.Load(from, min(from+rowsAtOnce, to))
			l.order.Load(from, min(from+rowsAtOnce, to))
		}
	})
	if err != nil {
		return nil, nil, err
	}
	known := builder.Column()
	s.cache.keepColumn(s.items, known)
	return column, known, nil
}

// sortLoaded sorts the values of a column.
func sortLoaded(ctx context.Context, column *order.Column, progress *work.Progress) error {
	parts := (column.Len() + partLen - 1) / partLen
	for split := column.Split(parts); split != nil; {
		for isLoaded := false; !isLoaded; isLoaded = !split.Advance() {
			if err := eachPart(ctx, parts, split.Load); err != nil {
				return err
			}
		}
		if err := eachPart(ctx, parts, split.Count); err != nil {
			return err
		}
		split.Place()
		if err := eachPart(ctx, parts, split.Move); err != nil {
			return err
		}
		if err := sortTasks(ctx, column, progress); err != nil {
			return err
		}
		if split = column.Next(parts); split != nil {
			progress.Add(split.Len())
		}
	}
	return nil
}

func eachPart(ctx context.Context, parts int, do func(part int)) error {
	return work.Each(ctx, parts, none, func(_ struct{}, part int) { do(part) })
}

func sortTasks(ctx context.Context, column *order.Column, progress *work.Progress) error {
	stopped := func() bool {
		runtime.Gosched() // let other goroutines run, such as one that draws a frame, because sorting a bucket may take long
		return ctx.Err() != nil
	}
	return work.Each(ctx, column.Tasks(), func() *order.Sorter { return column.Sorter(stopped) }, func(sorter *order.Sorter, task int) {
		sorter.Sort(task)
		progress.Done(column.TaskLen(task))
	})
}
