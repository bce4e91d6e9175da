// Package waitfile opens files that may keep a program waiting, such as a named pipe that nobody has the other end of, and
// gives up when a context ends.
package waitfile

import (
	"context"
	"os"
)

// Open opens a file that exists as [os.OpenFile] does, unless ctx ends first: the error is then the cause of ctx. A file that
// opens later than that is closed.
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
