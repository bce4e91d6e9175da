package history

import (
	"context"
	"errors"
	"io"

	"sbwatch/model/item"
)

// ErrArchivePending is the error of [Archiver.Write] if the items are stored on this machine, but not in the archive
// yet.
var ErrArchivePending = errors.New("the items are kept on this machine until the archive can be reached")

// Archiver stores the items of runs.
type Archiver interface {
	// Write stores the items of a run and returns their location. It replaces items that are already stored under the
	// same name. If the error is [ErrArchivePending], the items get this location later, when Deliver is called.
	Write(ctx context.Context, r *Record, items item.Table) (Archive, error)
	// Deliver uploads items that Write has stored only on this machine, if there are any.
	Deliver(ctx context.Context, a Archive) error
	// Open reads the items of a run as decompressed NDJSON.
	Open(ctx context.Context, a Archive) (io.ReadCloser, error)
	// Remove removes the items of a run, if there are any.
	Remove(ctx context.Context, a Archive) error
}
