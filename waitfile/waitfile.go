// Package waitfile opens files for which opening may block, such as a named pipe without a process at the other end. A
// context can end the wait. For files that must be regular files, there is no wait.
package waitfile

import (
	"context"
	"os"
)

// Open opens an existing file like [os.OpenFile]. If ctx ends before the file is open, Open returns the cause of ctx.
// If the file still opens after that, it is closed in the background.
func Open(ctx context.Context, name string, flag int) (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		file, err := os.OpenFile(name, flag, 0)
		opened <- result{file, err}
	}()
	select {
	case r := <-opened:
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
