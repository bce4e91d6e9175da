package history

import (
	"context"
	"errors"
	"io"

	"sbwatch/model/item"
)

// ErrArchivePending is the error of [Archiver.Write] for items that are safe on this machine, but not yet in the archive.
var ErrArchivePending = errors.New("the items are kept on this machine until the archive can be reached")

// Archiver keeps the items of runs.
type Archiver interface {
	// Write keeps the items of a run and returns where. It replaces what is there under the same name. If the error is
	// [ErrArchivePending], the result says where they will be, and Deliver must be called later.
	Write(ctx context.Context, r *Record, items item.Table) (Archive, error)
	// Deliver brings items to the archive that Write could only keep on this machine. It is no error if there are none.
	Deliver(ctx context.Context, a Archive) error
	// Open reads the items of a run as NDJSON, decompressed.
	Open(ctx context.Context, a Archive) (io.ReadCloser, error)
	// Remove removes the items of a run. It is no error if they are not there.
	Remove(ctx context.Context, a Archive) error
}
