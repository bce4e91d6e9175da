package history

import (
	"context"
	"errors"
	"io"

	"sbwatch/model/item"
)

// ErrArchivePending is returned by [Archiver.Write] if the items are stored on this machine, but not yet in the
// archive.
var ErrArchivePending = errors.New("the items are kept on this machine until the archive can be reached")

// Archiver stores the items of runs.
type Archiver interface {
	// Write stores the items of a run and returns their place. It replaces any items with the same name. If the error
	// is [ErrArchivePending], the result is the future place of the items, and Deliver must be called later.
	Write(ctx context.Context, r *Record, items item.Table) (Archive, error)
	// Deliver uploads items to the archive if Write could store them only on this machine. It does nothing if there are
	// no such items.
	Deliver(ctx context.Context, a Archive) error
	// Open reads the items of a run as NDJSON, decompressed.
	Open(ctx context.Context, a Archive) (io.ReadCloser, error)
	// Remove removes the items of a run. It does nothing if there are none.
	Remove(ctx context.Context, a Archive) error
}
