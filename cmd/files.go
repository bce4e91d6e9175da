package cmd

import (
	"context"
	"io"
	"io/fs"
	"os"
)

// openFile opens a file for reading, unless ctx ends first: a named pipe is open only when somebody writes to it. The file is
// closed when ctx ends, so that reading ends too.
func openFile(ctx context.Context, name string) (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		file, err := os.Open(name)
		opened <- result{file, err}
	}()
	select {
	case r := <-opened:
		if r.err == nil {
			context.AfterFunc(ctx, func() { _ = r.file.Close() })
		}
		return r.file, r.err
	case <-ctx.Done():
		go func() {
			if r := <-opened; r.err == nil {
				_ = r.file.Close()
			}
		}()
		return nil, context.Cause(ctx)
	}
}

// readSmallFile reads a file, but no more than a byte beyond a limit.
func readSmallFile(ctx context.Context, name string, limit int64) ([]byte, fs.FileInfo, error) {
	file, err := openFile(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }()
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
