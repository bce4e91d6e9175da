package recording

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"sbwatch/history"
	"sbwatch/model/run"
)

// findTimeout is the maximum time for finding a run in the database.
const findTimeout = 5 * time.Second

// Find returns the record of a run that has ended and whose items can be read. If several hosts have a run with this
// id, Find prefers the run that was recorded for the given host. If the history has no record with this id, Find
// returns [history.ErrNotFound] or [ErrNone].
func (p Places) Find(ctx context.Context, runID, host string) (*history.Record, error) {
	ctx, cancel := context.WithTimeout(ctx, findTimeout)
	defer cancel()
	record, err := findIn(ctx, p.OpenExisting, runID, host)
	if err == nil || !p.needsSpool() {
		return record, err
	}
	if waiting, spoolErr := findIn(ctx, p.OpenExistingSpool, runID, host); spoolErr == nil {
		return waiting, nil
	}
	return nil, err
}

func findIn(ctx context.Context, open func(context.Context) (history.Store, error), runID, host string) (*history.Record, error) {
	store, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	keys, err := store.Find(ctx, runID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(keys, func(a, b history.Key) int {
		switch {
		case a.Host == host && b.Host != host:
			return -1
		case b.Host == host && a.Host != host:
			return 1
		default:
			return 0
		}
	})
	for _, key := range keys {
		record, err := store.Get(ctx, key)
		switch {
		case errors.Is(err, history.ErrNotFound):
		case err != nil:
			return nil, err
		case isReadable(record):
			return record, nil
		}
	}
	return nil, history.ErrNotFound
}

// isReadable reports whether the run of a record can be read from the history. The run must have ended, and its items,
// if any, must be archived.
func isReadable(r *history.Record) bool {
	items, known := r.Items.Get()
	return r.Status.Terminal() && (!r.Archive.IsEmpty() || r.Status != run.StatusCompleted || known && items == 0)
}

// OpenRun opens a recorded run. The content is in the format of the service's answer to a poll.
func (p Places) OpenRun(ctx context.Context, r *history.Record) (io.ReadCloser, error) {
	if r.Archive.IsEmpty() {
		return history.OpenAnswer(ctx, nil, r)
	}
	archiver, err := p.OpenArchive(ctx)
	if err != nil {
		return nil, err
	}
	return history.OpenAnswer(ctx, archiver, r)
}
