package cmd

import (
	"context"
	"io"
	"io/fs"
	"os"

	"sbwatch/waitfile"
)

// readSmallFile reads a file, but no more than a byte beyond a limit. It gives up when ctx ends.
func readSmallFile(ctx context.Context, name string, limit int64) ([]byte, fs.FileInfo, error) {
	file, err := waitfile.Open(ctx, name, os.O_RDONLY)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }()
	defer context.AfterFunc(ctx, func() { _ = file.Close() })() // nobody may write to a pipe
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return content, info, err
}
