package history

import (
	"context"
	"io"

	"sbwatch/model/item"
)

// Archiver keeps the items of runs.
type Archiver interface {
	// Write keeps the items of a run and returns where. It replaces what is there under the same name.
	Write(ctx context.Context, r *Record, items item.Table) (Archive, error)
	// Open reads the items of a run as NDJSON, decompressed.
	Open(ctx context.Context, a Archive) (io.ReadCloser, error)
	// Remove removes the items of a run. It is no error if they are not there.
	Remove(ctx context.Context, a Archive) error
}
