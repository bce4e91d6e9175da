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
	delivery      delivery
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
	k.failed(err)
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

// failed tells that something could not be written.
func (k *keeper) failed(err error) {
	if k.config.Failed != nil {
		k.config.Failed(err)
	}
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
	k.startDelivery(ctx)
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
	k.delivery.isDone = false
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
			k.failed(err)
			k.say("archive", "the items are not recorded: "+err.Error())
		}
		return
	}
	if isPending {
		k.putPending(ctx, record, archive)
	} else {
		record.Archive = archive
		k.put(ctx, record)
	}
	k.prune(ctx)
}

// putPending records items that wait on this machine. The store gets to know where they are when they are there.
func (k *keeper) putPending(ctx context.Context, record *Record, archive Archive) {
	pending := *record
	pending.Archive = archive
	if k.config.OpenSpool == nil {
		if err := k.archiver.Deliver(ctx, archive); err != nil {
			k.say("archive", "the items are not recorded: "+err.Error())
			return
		}
		*record = pending
		k.put(ctx, record)
		return
	}
	if err := k.putToSpool(ctx, &pending); err != nil {
		k.say("archive", "the items are not recorded: "+err.Error())
		return
	}
	k.startDelivery(ctx)
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
	if err := k.openArchiver(ctx); err != nil {
		return Archive{}, err
	}
	return k.archiver.Write(ctx, record, items)
}

func (k *keeper) openArchiver(ctx context.Context) error {
	if k.archiver != nil || k.config.Archiver == nil {
		return nil
	}
	archiver, err := k.config.Archiver(ctx)
	if err != nil {
		return err
	}
	k.archiver = archiver
	return nil
}

// close delivers what it can and closes the stores.
func (k *keeper) close(ctx context.Context) {
	k.endDelivery(ctx)
	for _, store := range []Store{k.store, k.spool} {
		if store != nil {
			_ = store.Close()
		}
	}
}
