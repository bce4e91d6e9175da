package history

import (
	"context"
	"errors"
	"time"

	"sbwatch/model/item"
)

// keeper writes records to the store or, while the store cannot be reached, to the spool. It is not safe for concurrent
// use.
type keeper struct {
	config RecorderConfig
	say    func(kind, message string)

	store, spool Store
	archiver     Archiver
	// archiveFailed is true if items could not be archived. The keeper then archives no more items.
	archiveFailed bool
	delivery      delivery
	// failure is the error of the last attempt to reach the store. The next attempt is at retryAt.
	failure error
	retryAt time.Time
}

// Limits for a keeper with a spool. storeTimeout is the maximum time for storing a record. retryPause is the time after
// a failure during which records go directly to the spool.
const (
	storeTimeout = 3 * time.Second
	retryPause   = 30 * time.Second
)

// put writes a record to the store or the spool, and reports whether this succeeded.
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

// failed calls the callback Failed with an error, if the callback is set.
func (k *keeper) failed(err error) {
	if k.config.Failed != nil {
		k.config.Failed(err)
	}
}

// putToStore writes a record to the store. If this succeeds, it starts to deliver the contents of the spool.
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

// putTo writes a record to the store, which it opens first if necessary.
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

// putItems archives the items of a run, and records their location.
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

// putPending writes a record to the spool, because its items are not uploaded yet. The record and its items are
// delivered later. Without a spool, putPending uploads the items immediately.
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

// prune removes the oldest items if the archive exceeds its maximum size.
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

// close waits up to deliveryWait until the contents of the spool are delivered, and closes the stores.
func (k *keeper) close(ctx context.Context) {
	k.endDelivery(ctx)
	for _, store := range []Store{k.store, k.spool} {
		if store != nil {
			_ = store.Close()
		}
	}
}
