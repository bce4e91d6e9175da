package history

import (
	"context"
	"errors"
)

// Pruned is the result of [Prune].
type Pruned struct {
	// Runs is the number of runs whose items were removed. Bytes is the total size of these items.
	Runs  int
	Bytes int64
}

// Prune removes the items of the oldest runs until the archived items have a total size of at most limit bytes. The
// records of these runs are not removed.
func Prune(ctx context.Context, store Store, archiver Archiver, limit int64) (Pruned, error) {
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
		if total <= limit {
			break
		}
		// The items are removed before the record is changed. If the program is stopped in between, the next call tries
		// to remove the same items again.
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

// matches reports whether a selection contains a run.
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

// ForgetAll removes the items of the selected runs, and then the records of these runs. It returns the removed runs. If
// items cannot be removed, it keeps all records, so that the user can try again. archiver may be nil if no items are
// archived.
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
	// Remove items that another process has archived in the meantime.
	var failed error
	for _, gone := range forgotten {
		if !gone.Archive.IsEmpty() {
			failed = errors.Join(failed, archiver.Remove(ctx, gone.Archive))
		}
	}
	return forgotten, failed
}
