package archive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/zstd"

	"sbwatch/files"
	"sbwatch/files/write"
	"sbwatch/history"
	"sbwatch/model/item"
)

// ErrNotKept is the error for items that are not in the archive any more.
var ErrNotKept = errors.New("the items are no longer in the archive")

// storage is a directory or a bucket that stores files. The names of files may contain slashes.
type storage interface {
	// write creates or replaces a file. The file appears under its name only when it is complete. The error is
	// [history.ErrArchivePending] if deliver must be called later.
	write(ctx context.Context, name string, write func(io.Writer) error) error
	// export is like write, but never stores the file in the spool.
	export(ctx context.Context, name string, write func(io.Writer) error) error
	// open opens a file. If it does not exist, the error is [fs.ErrNotExist].
	open(ctx context.Context, name string) (io.ReadCloser, error)
	// remove removes a file if it exists.
	remove(ctx context.Context, name string) error
	// deliver uploads a file from the spool, if it is there.
	deliver(ctx context.Context, name string) error
	// String returns the location of the directory or bucket, for messages.
	String() string
}

// Archiver keeps the items of runs in a directory or bucket. It implements [history.Archiver].
type Archiver struct{ storage storage }

// String returns the location of the archive, for messages: a path, or "s3://bucket/prefix".
func (a *Archiver) String() string { return a.storage.String() }

// Write stores the items of a run.
func (a *Archiver) Write(ctx context.Context, r *history.Record, items item.Table) (history.Archive, error) {
	kept := history.Archive{Name: Name(r), Pages: pageSizes(items)}
	err := a.storage.write(ctx, kept.Name, func(w io.Writer) error {
		counted := &counter{Writer: w}
		err := compress(ctx, counted, items)
		kept.Bytes = counted.n
		return err
	})
	if errors.Is(err, history.ErrArchivePending) {
		return kept, err
	}
	if err != nil {
		return history.Archive{}, err
	}
	return kept, nil
}

// pageSizes returns the number of items on each page. It returns nil if the items are not divided into pages.
func pageSizes(items item.Table) []int {
	var sizes []int
	for page := range items.Pages() {
		from, to := items.PageRows(page + 1)
		sizes = append(sizes, to-from)
	}
	return sizes
}

// compress writes items as compressed NDJSON, using several cores.
func compress(ctx context.Context, w io.Writer, items item.Table) error {
	packed, err := zstd.NewWriter(w)
	if err != nil {
		return err
	}
	err = write.Write(ctx, packed, items, write.Options{Format: files.NDJSON})
	return errors.Join(err, packed.Close())
}

// counter is a writer that counts the bytes written.
type counter struct {
	io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// Open reads the items of a run as NDJSON. If they are not in the archive any more, the error is [ErrNotKept].
func (a *Archiver) Open(ctx context.Context, kept history.Archive) (io.ReadCloser, error) {
	if !isName(kept.Name) {
		return nil, fmt.Errorf("%w: %q cannot be the name of an archived file", ErrNotKept, kept.Name)
	}
	file, err := a.storage.open(ctx, kept.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s does not contain %s", ErrNotKept, a.storage, kept.Name)
	}
	if err != nil {
		return nil, err
	}
	unpacked, err := zstd.NewReader(bufio.NewReader(file), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &unpacker{unpacked, file}, nil
}

// maxWindow is the maximum memory for decompression, in bytes. There is a limit because other people may have written
// the files in a shared archive.
const maxWindow = 64 << 20

// unpacker decompresses a file.
type unpacker struct {
	*zstd.Decoder
	file io.Closer
}

// Close closes the file.
func (u *unpacker) Close() error {
	u.Decoder.Close()
	return u.file.Close()
}

// Remove removes the items of a run.
func (a *Archiver) Remove(ctx context.Context, kept history.Archive) error {
	if !isName(kept.Name) {
		return nil // no items are ever stored under such a name
	}
	return a.storage.remove(ctx, kept.Name)
}

// Deliver uploads the items of a run that Write has stored only on this machine.
func (a *Archiver) Deliver(ctx context.Context, kept history.Archive) error {
	if !isName(kept.Name) {
		return nil
	}
	return a.storage.deliver(ctx, kept.Name)
}

// WriteParquet writes the items of a run to the archive as Parquet, next to the NDJSON file, and returns the name of
// the new file.
func (a *Archiver) WriteParquet(ctx context.Context, r *history.Record, items item.Table) (string, error) {
	name := parquetName(r)
	return name, a.storage.export(ctx, name, func(w io.Writer) error {
		return write.Write(ctx, w, items, write.Options{Format: files.Parquet})
	})
}
