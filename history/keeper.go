package history

import (
	"context"
	"errors"
	"time"

	"sbwatch/model/item"
)

// keeper puts records into the store, or into the spool while the store cannot be reached. Only one goroutine uses it.
type keeper struct {
	config RecorderConfig
	say    func(kind, message string)

	store, spool Store
	archiver     Archiver
	// archiveFailed means that items could not be archived, which is not tried again.
	archiveFailed bool
	// isDelivered means that nothing waits in the spool.
	isDelivered bool
	// failure is why the store could not be reached, which is not tried again before retryAt.
	failure error
	retryAt time.Time
}

// While there is a spool, storeTimeout is how long the store may take for a record, and retryPause how long records go to the spool
// after a failure.
const (
	storeTimeout = 3 * time.Second
	retryPause   = 30 * time.Second
)

// put keeps a record and reports whether it could.
func (k *keeper) put(ctx context.Context, record *Record) bool {
	err := k.putToStore(ctx, record)
	if err == nil || ctx.Err() != nil {
		return err == nil
	}
	if errors.Is(err, ErrNewer) || k.config.OpenSpool == nil {
		k.say("store", "this run is not recorded: "+err.Error())
		return false
	}
	if spoolErr := k.putToSpool(ctx, record); spoolErr != nil {
		k.say("store", "this run is not recorded: "+err.Error()+"; "+spoolErr.Error())
		return false
	}
	k.say("store", "the history cannot be reached, so this run is recorded on this machine and delivered later: "+err.Error())
	return true
}

// putToStore puts a record into the store. After a success it delivers what waits in the spool.
func (k *keeper) putToStore(ctx context.Context, record *Record) error {
	if k.config.OpenSpool == nil {
		return k.putTo(ctx, record)
	}
	if time.Now().Before(k.retryAt) {
		return k.failure
	}
	limited, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	if err := k.putTo(limited, record); err != nil {
		k.failure, k.retryAt = err, time.Now().Add(retryPause)
		return err
	}
	if !k.isDelivered {
		k.isDelivered = k.deliver(ctx) == nil
	}
	return nil
}

// putTo opens the store if needed and puts a record there.
func (k *keeper) putTo(ctx context.Context, record *Record) error {
	if k.store == nil {
		store, err := k.config.Open(ctx)
		if err != nil {
			return err
		}
		k.store = store
	}
	return k.store.Put(ctx, record)
}

// putToSpool puts a record into the spool.
func (k *keeper) putToSpool(ctx context.Context, record *Record) error {
	if err := k.openSpool(ctx); err != nil {
		return err
	}
	k.isDelivered = false
	return k.spool.Put(ctx, record)
}

func (k *keeper) openSpool(ctx context.Context) error {
	if k.spool != nil {
		return nil
	}
	spool, err := k.config.OpenSpool(ctx)
	if err != nil {
		return err
	}
	k.spool = spool
	return nil
}

// deliver moves the records of the spool into the store.
func (k *keeper) deliver(ctx context.Context) error {
	if err := k.openSpool(ctx); err != nil {
		return err
	}
	return Deliver(ctx, k.spool, k.store)
}

// Deliver moves all records of a spool into a store. A record that several processes deliver at once is stored once, because a
// store unites records of the same run.
func Deliver(ctx context.Context, spool, store Store) error {
	recipes, err := spool.Recipes(ctx, 0)
	if err != nil {
		return err
	}
	for _, recipe := range recipes {
		runs, err := spool.Runs(ctx, Query{Host: recipe.Host, RecipeID: recipe.ID, Limit: recipe.Count, WithoutColumns: true})
		if err != nil {
			return err
		}
		for _, summary := range runs {
			if err := deliverOne(ctx, spool, store, Key{Host: summary.Host, RunID: summary.ID.Raw()}); err != nil {
				return err
			}
		}
	}
	return nil
}

func deliverOne(ctx context.Context, spool, store Store, key Key) error {
	record, err := spool.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil // another process was faster
	}
	if err != nil {
		return err
	}
	if err := store.Put(ctx, record); err != nil {
		return err
	}
	_, err = spool.Forget(ctx, Forget{Host: key.Host, RunID: key.RunID})
	return err
}

// putItems keeps the items of a run in the archive and records where.
func (k *keeper) putItems(ctx context.Context, record *Record, items item.Table) {
	if k.config.Archiver == nil || k.archiveFailed || items.Len() == 0 {
		return
	}
	archive, err := k.writeArchive(ctx, record, items)
	isPending := errors.Is(err, ErrArchivePending)
	if err != nil && !isPending {
		if ctx.Err() == nil {
			k.archiveFailed = true
			k.say("archive", "the items are not recorded: "+err.Error())
		}
		return
	}
	record.Archive = archive
	k.put(ctx, record)
	if isPending {
		if err := k.archiver.Deliver(ctx, archive); err != nil && ctx.Err() == nil {
			k.say("archive", "the items are kept on this machine and delivered later: "+err.Error())
		}
	}
	k.prune(ctx)
}

// prune removes the oldest items if there are too many.
func (k *keeper) prune(ctx context.Context) {
	limit, limited := k.config.KeepItems.Get()
	if !limited || k.store == nil || ctx.Err() != nil {
		return
	}
	if _, err := Prune(ctx, k.store, k.archiver, limit); err != nil && ctx.Err() == nil {
		k.say("prune", "old items could not be removed: "+err.Error())
	}
}

func (k *keeper) writeArchive(ctx context.Context, record *Record, items item.Table) (Archive, error) {
	if k.archiver == nil {
		archiver, err := k.config.Archiver(ctx)
		if err != nil {
			return Archive{}, err
		}
		k.archiver = archiver
	}
	return k.archiver.Write(ctx, record, items)
}

// close closes the stores.
func (k *keeper) close() {
	for _, store := range []Store{k.store, k.spool} {
		if store != nil {
			_ = store.Close()
		}
	}
}
