package history

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// delivery moves records from the spool to the store, and items to the archive.
type delivery struct {
	// isDone means that the spool is empty, or that it will be empty if the current delivery succeeds.
	isDone bool
	// outcome receives the error of the current delivery, and cancel stops that delivery. Both are nil while there is
	// no delivery.
	outcome chan error
	cancel  context.CancelFunc
	// retryAt is the time of the next attempt after a failed attempt.
	retryAt time.Time
}

// deliveryWait is the maximum time to wait for a delivery when the recorder is closed.
const deliveryWait = 5 * time.Second

// errSlowDelivery is the error for a delivery that takes longer than deliveryWait.
var errSlowDelivery = fmt.Errorf("the delivery takes more than %v", deliveryWait)

// startDelivery starts to deliver the contents of the spool in the background.
func (k *keeper) startDelivery(ctx context.Context) {
	d := &k.delivery
	select {
	case err := <-d.outcome:
		k.delivered(ctx, err)
	default:
	}
	now := time.Now()
	if d.isDone || d.outcome != nil || k.store == nil || now.Before(d.retryAt) || now.Before(k.retryAt) {
		return
	}
	if err := errors.Join(k.openSpool(ctx), k.openArchiver(ctx)); err != nil {
		k.delivered(ctx, err)
		return
	}
	ctx, d.cancel = context.WithCancel(ctx)
	d.isDone, d.outcome = true, make(chan error, 1)
	go func(outcome chan<- error, spool, store Store, archiver Archiver) {
		outcome <- Deliver(ctx, spool, store, archiver)
	}(d.outcome, k.spool, k.store, k.archiver)
}

// delivered handles the end of a delivery. If err is not nil, the delivery has failed, and the next attempt may be made
// after retryPause.
func (k *keeper) delivered(ctx context.Context, err error) {
	d := &k.delivery
	if d.cancel != nil {
		d.cancel()
	}
	d.outcome, d.cancel = nil, nil
	if err == nil {
		return
	}
	d.isDone, d.retryAt = false, time.Now().Add(retryPause)
	if errors.Is(err, ErrArchivePending) && ctx.Err() == nil {
		k.say("archive", err.Error())
	}
}

// endDelivery waits for the current delivery. Then it delivers what was added to the spool in the meantime.
func (k *keeper) endDelivery(ctx context.Context) {
	if k.config.OpenSpool == nil {
		return
	}
	limited, cancel := context.WithTimeoutCause(ctx, deliveryWait, errSlowDelivery)
	defer cancel()
	for range 2 {
		if k.startDelivery(ctx); k.delivery.outcome == nil {
			return
		}
		select {
		case err := <-k.delivery.outcome:
			k.delivered(ctx, err)
		case <-limited.Done():
			k.delivery.cancel()
			if err := <-k.delivery.outcome; err != nil {
				err = fmt.Errorf("%w: %w", ErrArchivePending, context.Cause(limited))
				k.delivered(ctx, err)
			}
			return
		}
	}
}

// Deliver moves all records from a spool to a store, and uploads their items to the archive. archiver may be nil.
// Several processes may deliver the same records, because a store combines records of the same run.
//
// If the items of a record cannot be delivered, Deliver stores the record without its items, and also keeps it in the
// spool. The error is then [ErrArchivePending].
func Deliver(ctx context.Context, spool, store Store, archiver Archiver) error {
	recipes, err := spool.Recipes(ctx, 0)
	if err != nil {
		return err
	}
	d := deliverer{spool: spool, store: store, archiver: archiver}
	for _, recipe := range recipes {
		runs, err := spool.Runs(ctx, Query{Host: recipe.Host, RecipeID: recipe.ID, Limit: recipe.Count, WithoutColumns: true})
		if err != nil {
			return err
		}
		for _, summary := range runs {
			if err := d.deliver(ctx, Key{Host: summary.Host, RunID: summary.ID.Raw()}); err != nil {
				return err
			}
		}
	}
	return d.pending
}

// deliverer delivers records from a spool to a store, and their items to the archive.
type deliverer struct {
	spool, store Store
	archiver     Archiver
	// pending is the error for the first items that could not be delivered. After such an error, the deliverer does not
	// try to deliver further items.
	pending error
}

func (d *deliverer) deliver(ctx context.Context, key Key) error {
	record, err := d.spool.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil // another process has already delivered it
	}
	if err != nil {
		return err
	}
	isPending := !d.deliverItems(ctx, record)
	if isPending {
		record.Archive = Archive{}
	}
	if err := d.store.Put(ctx, record); err != nil || isPending {
		return err
	}
	if latest, err := d.spool.Get(ctx, key); err == nil && !reflect.DeepEqual(latest, record) {
		return nil // the record has changed; the next delivery brings the rest
	}
	_, err = d.spool.Forget(ctx, Forget{Host: key.Host, RunID: key.RunID})
	return err
}

// deliverItems delivers the items of a record to the archive. It reports whether the archive now contains the items.
func (d *deliverer) deliverItems(ctx context.Context, record *Record) bool {
	if record.Archive.IsEmpty() || d.archiver == nil {
		return true
	}
	if d.pending == nil {
		if err := d.archiver.Deliver(ctx, record.Archive); err != nil {
			d.pending = fmt.Errorf("%w: %w", ErrArchivePending, err)
		}
	}
	return d.pending == nil
}
