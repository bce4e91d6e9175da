package write

import (
	"bufio"
	"context"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"sbwatch/files"
	"sbwatch/model/item"
)

// Write writes items to a stream, including the header and footer of the format. It does not close the stream. The
// error is the error of the stream or, if ctx ended first, the cause of ctx. After an error, the output is incomplete.
func Write(ctx context.Context, w io.Writer, items item.Table, o Options) error {
	packed, err := compressed(w, o.Compression)
	if err != nil {
		return err
	}
	if err := write(ctx, packed, newTable(items, o), o); err != nil {
		return err
	}
	return packed.Close()
}

// ToFile is like [Write], but requires an empty file. It writes Parquet faster, because it can truncate the file and
// start over.
func ToFile(ctx context.Context, file *os.File, items item.Table, o Options) error {
	if o.Format != files.Parquet || o.Compression != files.Uncompressed {
		return writeBuffered(ctx, file, items, o)
	}
	return writeParquet(ctx, file, newTable(items, o), o, func() error {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		return file.Truncate(0)
	})
}

func write(ctx context.Context, w io.Writer, t *table, o Options) error {
	if o.Format == files.Parquet {
		return writeParquet(ctx, w, t, o, nil)
	}
	out := bufio.NewWriterSize(w, bufferSize)
	if err := writeText(ctx, out, t, o); err != nil {
		return err
	}
	return out.Flush()
}

func writeText(ctx context.Context, out *bufio.Writer, t *table, o Options) error {
	switch o.Format {
	case files.JSON:
		return writeJSON(ctx, out, t)
	case files.NDJSON:
		return writeNDJSON(ctx, out, t)
	default:
		return writeCSV(ctx, out, t, o)
	}
}

// bufferSize is the size of the write buffer, in bytes.
const bufferSize = 256 << 10

// zstdWindow is the maximum distance, in bytes, at which zstd finds a repetition. The cores compress parts of four
// times this size. All parts are in one frame, which every decompressor can read. A larger window or a slower level
// would make files of items at most 3% smaller.
const zstdWindow = 512 << 10

// compressed returns a writer that compresses its input and writes it to w. Closing this writer does not close w.
func compressed(w io.Writer, c files.Compression) (io.WriteCloser, error) {
	switch c {
	case files.Gzip:
		return gzip.NewWriter(w), nil
	case files.Zstd:
		return zstd.NewWriter(w, zstd.WithConcurrentBlocks(true), zstd.WithWindowSize(zstdWindow), zstd.WithEncoderLevel(zstd.SpeedFastest))
	case files.Uncompressed:
	}
	return uncompressed{w}, nil
}

// uncompressed is a writer whose Close does nothing.
type uncompressed struct{ io.Writer }

func (uncompressed) Close() error { return nil }
