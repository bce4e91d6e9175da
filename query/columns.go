package query

import (
	"context"
	"slices"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/work"
)

// columnFilter is a filter that can read a [compact.Column] instead of the rows, which is faster.
type columnFilter interface {
	item.Filter
	// Paths returns the paths of the columns that the filter reads.
	Paths(items item.Table) []item.Path
	// ReadsCells reports whether the filter reads the cells at a path, so that their numbers or dates are not enough.
	ReadsCells(items item.Table, path item.Path) bool
	// PickerOn is like Picker, but uses compact columns. The parameter columns may lack some of the paths.
	PickerOn(items item.Table, columns map[item.Path]*compact.Column) item.Picker
}

// maxBuilt is the maximum number of columns that columnsOf builds.
const maxBuilt = 24

// columnsOf returns the columns that the filters read and that are in the cache. The parameter candidates is the number
// of rows to filter. If it is large, columnsOf also builds, caches and returns the other columns that the filters read.
func columnsOf(ctx context.Context, items item.Table, filters []item.Filter, candidates int, cache *Cache, progress *work.Progress) (map[item.Path]*compact.Column, error) {
	columns := map[item.Path]*compact.Column{}
	var missing []item.Path
	for _, filter := range filters {
		onColumns, ok := filter.(columnFilter)
		if !ok {
			continue
		}
		for _, path := range onColumns.Paths(items) {
			if _, seen := columns[path]; !seen {
				columns[path] = cache.column(items, path)
			}
			isEnough := columns[path] != nil && (!columns[path].HasSlowCells() || !onColumns.ReadsCells(items, path))
			if !isEnough && !slices.Contains(missing, path) {
				missing = append(missing, path)
			}
		}
	}
	if len(missing) == 0 || len(missing) > maxBuilt || candidates < items.Len()/smallShare {
		return columns, nil
	}
	release := reserve(progress, candidates)
	built, err := readColumns(ctx, items, missing, progress)
	release()
	for _, column := range built {
		columns[column.Path()] = column
		cache.keepColumn(items, column)
	}
	return columns, err
}

// reserve adds rows to the total of progress for work that has not started yet, so that the percentage does not fall
// when it starts. The caller calls release, which subtracts the rows again, just before that work starts.
func reserve(progress *work.Progress, rows int) (release func()) {
	if progress == nil {
		return func() {}
	}
	progress.Add(rows)
	return func() { progress.Add(-rows) }
}

func readColumns(ctx context.Context, items item.Table, paths []item.Path, progress *work.Progress) ([]*compact.Column, error) {
	var builders []*compact.Builder
	for _, path := range paths {
		builders = append(builders, compact.NewBuilder(items, path))
	}
	return buildColumns(ctx, items, builders, func() {}, progress)
}

// buildColumns builds a column with each builder. It calls the function pause regularly, which may block.
func buildColumns(ctx context.Context, items item.Table, pending []*compact.Builder, pause func(), progress *work.Progress) ([]*compact.Column, error) {
	var built []*compact.Column
	for len(pending) > 0 {
		err := work.CostlyRows(ctx, items.Len(), costOfColumns(items, pending), progress, func() []*compact.Loader {
			var loaders []*compact.Loader
			for _, builder := range pending {
				loaders = append(loaders, builder.Loader())
			}
			return loaders
		}, func(loaders []*compact.Loader, _, from, to int) {
			pause()
			loadRows(loaders, from, to)
		})
		if err != nil {
			return nil, err
		}
		var again []*compact.Builder
		for _, builder := range pending {
			if column := builder.Column(); column != nil {
				built = append(built, column)
			} else {
				again = append(again, builder)
			}
		}
		pending = again
	}
	return built, nil
}

// costOfColumns returns the cost of building columns from a range of rows.
func costOfColumns(items item.Table, pending []*compact.Builder) func(from, to int) int {
	paths := make([]item.Path, 0, len(pending))
	for _, builder := range pending {
		paths = append(paths, builder.Path())
	}
	return items.CostAt(paths...)
}

// rowsAtOnce is the number of rows for which one column is read before the next column. It is so small that the rows
// stay in the cache of the processor.
const rowsAtOnce = 64

func loadRows(loaders []*compact.Loader, from, to int) {
	for ; from < to; from += rowsAtOnce {
		for _, loader := range loaders {
			loader.Load(from, min(from+rowsAtOnce, to))
		}
	}
}
