package history

import (
	"context"
	"errors"
)

// Pruned says what [Prune] removed.
type Pruned struct {
	// Runs is the number of runs whose items were removed, and Bytes the size of their archives.
	Runs  int
	Bytes int64
}

// Prune removes the items of the oldest runs until the archives of a store are together at most keep bytes. Facts stay.
func Prune(ctx context.Context, store Store, archiver Archiver, keep int64) (Pruned, error) {
	var pruned Pruned
	archives, err := store.Archives(ctx)
	if err != nil {
		return pruned, err
	}
	var total int64
	for _, kept := range archives {
		total += kept.Archive.Bytes
	}
	for _, kept := range archives {
		if total <= keep {
			break
		}
		// In this order, so that what is cut short is done again the next time.
		if err := archiver.Remove(ctx, kept.Archive); err != nil {
			return pruned, err
		}
		if err := store.DropArchive(ctx, kept.Key); err != nil {
			return pruned, err
		}
		total -= kept.Archive.Bytes
		pruned.Runs++
		pruned.Bytes += kept.Archive.Bytes
	}
	return pruned, nil
}

// matches reports whether a run is one to forget.
func (f Forget) matches(run Forgotten) bool {
	if f.Host != "" && f.Host != run.Host {
		return false
	}
	switch {
	case f.RunID != "":
		return f.RunID == run.RunID
	case f.RecipeID != "":
		return f.RecipeID == run.RecipeID
	default:
		return f.All
	}
}

// ForgetAll removes records and their items, and returns what was removed. The items go first: if that fails, the records that lead to
// them stay, and it can be tried again. The archiver may be nil if no items are kept.
func ForgetAll(ctx context.Context, store Store, archiver Archiver, which Forget) ([]Forgotten, error) {
	if archiver == nil {
		return store.Forget(ctx, which)
	}
	archives, err := store.Archives(ctx)
	if err != nil {
		return nil, err
	}
	for _, kept := range archives {
		if !which.matches(kept) {
			continue
		}
		if err := archiver.Remove(ctx, kept.Archive); err != nil {
			return nil, err
		}
	}
	forgotten, err := store.Forget(ctx, which)
	if err != nil {
		return nil, err
	}
	// Another process may have recorded items in the meantime.
	var failed error
	for _, gone := range forgotten {
		if !gone.Archive.IsEmpty() {
			failed = errors.Join(failed, archiver.Remove(ctx, gone.Archive))
		}
	}
	return forgotten, failed
}
