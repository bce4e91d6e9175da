package query

import (
	"context"
	"sync"

	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/work"
)

// Profile profiles all items. progress may be nil. If ctx ends first, Profile returns its error.
func Profile(ctx context.Context, items item.Table, progress *work.Progress) (*profile.Profile, error) {
	return work.Do(ctx, func() (*profile.Profile, error) {
		return profiled(ctx, items, func(*profile.Part) {}, progress)
	})
}

// ProfileAndPrepare profiles all items, as [Profile] does. It also builds and caches columns for those of the given
// paths that are columns of the table, as [Prepare] does. It is faster than calling both functions, because it finds
// each value only once.
func ProfileAndPrepare(ctx context.Context, items item.Table, paths []item.Path, cache *Cache, progress *work.Progress) (*profile.Profile, error) {
	return work.Do(ctx, func() (*profile.Profile, error) {
		return profileAndPrepare(ctx, items, paths, cache, progress)
	})
}

func profileAndPrepare(ctx context.Context, items item.Table, paths []item.Path, cache *Cache, progress *work.Progress) (*profile.Profile, error) {
	builders := preparing(ctx, items, paths, cache)
	p, err := profiled(ctx, items, func(part *profile.Part) {
		for path, builder := range builders {
			part.Keep(path, builder.Loader().Put)
		}
	}, progress)
	if err != nil {
		return nil, err
	}
	for _, path := range p.ScalarPaths() {
		if builder := builders[path]; builder != nil {
			if column := builder.Column(); column != nil {
				cache.keepPrepared(items, column)
			}
		}
	}
	return p, nil
}

// profiled profiles all items. Each core profiles some of the rows, as one part of the profile. The function begin is
// called with each part, before rows are added to the part.
func profiled(ctx context.Context, items item.Table, begin func(*profile.Part), progress *work.Progress) (*profile.Profile, error) {
	scan := profile.NewScan(items)
	parts := statesOf[*profile.Part]{begin: func() *profile.Part {
		part := scan.Part()
		begin(part)
		return part
	}}
	err := work.CostlyRows(ctx, items.Len(), items.Cost(), progress, parts.next, func(part *profile.Part, _, from, to int) { part.Rows(from, to) })
	if err != nil {
		return nil, err
	}
	err = work.Each(ctx, scan.Split(), scan.Finder, func(finder *profile.RowFinder, partition int) { finder.Find(partition) })
	if err != nil {
		return nil, err
	}
	whole := scan.Part()
	if len(parts.made) > 0 {
		whole = parts.made[0]
		for _, part := range parts.made[1:] {
			whole.Merge(part)
		}
	}
	return whole.Finish(), nil
}

// Duplicates finds the items that share a value at path with another item. With the zero path, it compares whole items
// byte by byte. Missing, null, blank and empty values are not duplicates of each other. progress may be nil. If ctx
// ends first, Duplicates returns its error.
func Duplicates(ctx context.Context, items item.Table, path item.Path, progress *work.Progress) (profile.Duplicates, error) {
	return work.Do(ctx, func() (profile.Duplicates, error) { return duplicates(ctx, items, path, progress) })
}

func duplicates(ctx context.Context, items item.Table, path item.Path, progress *work.Progress) (profile.Duplicates, error) {
	keys := profile.NewKeys(items, path)
	err := work.CostlyRows(ctx, items.Len(), items.CostAt(path), progress, keys.Reader, func(reader *profile.KeyReader, _, from, to int) { reader.Rows(from, to) })
	if err != nil {
		return profile.Duplicates{}, err
	}
	err = work.Each(ctx, keys.Split(), keys.Finder, func(finder *profile.KeyFinder, partition int) { finder.Find(partition) })
	if err != nil {
		return profile.Duplicates{}, err
	}
	return keys.Duplicates(), nil
}

// statesOf creates a state for each goroutine of a call of [work.Rows], with the function begin. It keeps all states in
// the field made.
type statesOf[S any] struct {
	begin func() S
	lock  sync.Mutex
	made  []S
}

func (p *statesOf[S]) next() S {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.made = append(p.made, p.begin())
	return p.made[len(p.made)-1]
}
