package tty

import (
	"context"
	"io"
	"os"
	"slices"
	"sync/atomic"
	"time"
)

// stream is a standard stream of the program that may block, such as a pipe.
type stream struct {
	*os.File

	// ctx ends when the program is to end.
	ctx      context.Context //nolint:containedctx // a stream lives as long as the program
	patience time.Duration
	isStuck  atomic.Bool
}

// How long a write may take after the program was told to end. A terminal gets more time, because it must get the
// sequences that restore its state.
const (
	pipePatience     = 100 * time.Millisecond
	terminalPatience = time.Second
)

// NewStream returns a writer for standard output or standard error. A write to a pipe that nobody reads blocks. Once
// ctx has ended, such a write fails soon with the cause of ctx, and so do all later ones. NewStream returns w itself if
// it cannot block.
func NewStream(ctx context.Context, w io.Writer) io.Writer {
	file, isFile := w.(*os.File)
	if !isFile {
		return w
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket|os.ModeCharDevice) == 0 {
		return w
	}
	s := &stream{File: file, ctx: ctx, patience: pipePatience}
	if info.Mode()&os.ModeCharDevice != 0 {
		s.patience = terminalPatience
	}
	return s
}

// Write writes to the stream.
func (s *stream) Write(b []byte) (int, error) {
	if s.isStuck.Load() {
		return 0, context.Cause(s.ctx)
	}
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	kept := slices.Clone(b) // the caller may use b again although this write still blocks
	go func() {
		n, err := s.File.Write(kept)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return r.n, r.err
	case <-s.ctx.Done():
	}
	select {
	case r := <-done:
		return r.n, r.err
	case <-time.After(s.patience):
		s.isStuck.Store(true)
		return 0, context.Cause(s.ctx)
	}
}

// WriteString writes to the stream.
func (s *stream) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

// ReadFrom copies from r to the stream.
func (s *stream) ReadFrom(r io.Reader) (int64, error) { return io.Copy(struct{ io.Writer }{s}, r) }
