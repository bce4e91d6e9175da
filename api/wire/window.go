package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"sbwatch/model/jsonscan"
)

// Window holds the part of a text that has been read but not decoded. Callers may keep consumed bytes, because they are
// neither moved nor overwritten. After [Decoder.Recycle], callers must not keep them.
type Window struct {
	read func() (piece, error)
	// recycle receives each chunk that is no longer used. recycle is nil if callers keep parts of chunks.
	recycle func(chunk []byte)
	// beforeRead is called before each read, because a read may block for a long time.
	beforeRead func()

	buffer   []byte
	from, to int   // buffer[from:to] has been read but not consumed
	origin   int64 // offset in the text of the first byte of buffer; negative if the text starts after the first byte of buffer
	failed   error // error of the source; io.EOF at its end
	// own is true if buffer is a copy, and false if buffer is a chunk into which the source was read.
	own bool

	// maxBlank is the maximum amount of white space between two tokens, in bytes; 0 means no limit.
	maxBlank int

	countsLines bool
	lines       int64 // number of line breaks read so far, if countsLines is set

	pending chan readResult // receives the result of a read in another goroutine; nil if there is none
}

type readResult struct {
	piece piece
	err   error
}

// maxEmptyReads is the maximum number of consecutive reads without data or error.
const maxEmptyReads = 100

// Bytes returns the bytes that have been read but not consumed.
func (w *Window) Bytes() []byte { return w.buffer[w.from:w.to] }

// Advance consumes n bytes.
func (w *Window) Advance(n int) { w.from += n }

// Err returns the error at which the source ended: [io.EOF] at its end, and nil while there may be more text.
func (w *Window) Err() error { return w.failed }

// CountLines makes the window count lines. It must be called before the first read.
func (w *Window) CountLines() { w.countsLines = true }

// Reader returns a reader for the remaining text. Reading from it consumes the text.
func (w *Window) Reader() io.Reader { return restReader{w} }

type restReader struct{ window *Window }

// Read consumes and returns bytes of the window. If the window is empty, it reads more of the text.
func (r restReader) Read(p []byte) (int, error) {
	w := r.window
	for w.from == w.to {
		if err := w.Grow(); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.Bytes())
	w.from += n
	return n, nil
}

// Offset returns the offset of the first byte that is not consumed, counted from the start of the text.
func (w *Window) Offset() int64 { return w.origin + int64(w.from) }

// Line returns the number of the line that contains the byte at offset. The first line is 1. offset counts from the
// start of the text; the byte must be in the window.
func (w *Window) Line(offset int64) int64 {
	behind := min(max(0, offset-w.origin), int64(w.to))
	return w.lines + 1 - int64(bytes.Count(w.buffer[behind:w.to], []byte{'\n'}))
}

// Grow reads more of the text. If the window already holds 4 KiB or more, Grow reads until it holds twice as many
// bytes. A caller can therefore scan the whole window again after each call without losing much time. Grow returns the
// error of the source, which is [io.EOF] at the end.
func (w *Window) Grow() error { return w.grow(w.await) }

// ErrPause is returned by [Window.GrowWithin] if the source has not sent anything for a while.
var ErrPause = errors.New("the source pauses")

// GrowWithin is like [Window.Grow], but returns [ErrPause] if the source sends nothing within the given duration. The
// read then continues in another goroutine, and the next call of Grow returns its result. Call [Window.Settle] before
// you close the source.
func (w *Window) GrowWithin(pause time.Duration) error {
	err := w.grow(func() (piece, error) { return w.awaitWithin(pause) })
	if errors.Is(w.failed, ErrPause) {
		w.failed = nil
	}
	return err
}

// Settle waits for the end of a read that continues in another goroutine.
func (w *Window) Settle() {
	if w.pending != nil {
		<-w.pending
		w.pending = nil
	}
}

// await waits for the read that another goroutine has begun, and returns its result. If no read has begun, await calls
// w.read.
func (w *Window) await() (piece, error) {
	if w.pending == nil {
		return w.read()
	}
	next := <-w.pending
	w.pending = nil
	return next.piece, next.err
}

// awaitWithin returns the result of the current read, and starts a read if there is none. It returns [ErrPause] if the
// read takes longer than the given duration.
func (w *Window) awaitWithin(pause time.Duration) (piece, error) {
	if w.pending == nil {
		arrived := make(chan readResult, 1)
		w.pending = arrived
		go func() {
			next, err := w.read()
			arrived <- readResult{next, err}
		}()
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case next := <-w.pending:
		w.pending = nil
		return next.piece, next.err
	case <-timer.C:
		return piece{}, ErrPause
	}
}

// grow calls read for the next piece and adds it to the window.
func (w *Window) grow(read func() (piece, error)) error {
	const cheap = 4 << 10
	have := w.to - w.from
	want := have + 1
	if have >= cheap {
		want = 2 * have
	}
	for empty := 0; w.to-w.from < want && w.failed == nil; {
		w.beforeRead()
		next, err := read()
		w.failed = err
		if empty++; next.to > next.from {
			empty = 0
			w.join(next)
		}
		if empty >= maxEmptyReads {
			w.failed = io.ErrNoProgress
		}
	}
	if w.to-w.from == have {
		return w.failed
	}
	return nil
}

// join appends a new piece to the unconsumed bytes, so that both are in one buffer. If the chunk that contains the
// piece has room for the unconsumed bytes before the piece, this chunk becomes the buffer. Otherwise, join copies the
// piece.
func (w *Window) join(next piece) {
	rest, added := w.Bytes(), next.chunk[next.from:next.to]
	if w.countsLines {
		w.lines += int64(bytes.Count(added, []byte{'\n'}))
	}
	switch {
	case w.to == next.from && len(w.buffer) > 0 && &w.buffer[0] == &next.chunk[0]:
		w.to = next.to
	case len(rest) <= next.from:
		// If earlier pieces are in the same chunk, this overwrites bytes with the same bytes.
		old, isChunk := w.buffer, !w.own && len(w.buffer) > 0
		w.moveTo(next.chunk, next.from-len(rest))
		w.to, w.own = next.to, false
		if w.recycle != nil && isChunk {
			w.recycle(old)
		}
	default:
		if !w.own || len(w.buffer)-w.to < len(added) {
			w.moveTo(make([]byte, 2*(len(rest)+len(added))), 0)
			w.own = true
		}
		w.to += copy(w.buffer[w.to:], added)
	}
}

// moveTo copies the unconsumed bytes to buffer[at:], and uses that buffer from now on.
func (w *Window) moveTo(buffer []byte, at int) {
	w.origin = w.Offset() - int64(at)
	w.to = at + copy(buffer[at:], w.Bytes())
	w.buffer, w.from = buffer, at
}

// maxBlank is the maximum amount of white space between two tokens of an answer, in bytes.
const maxBlank = 1 << 20

// ErrBlank is the error for too much white space between two tokens.
var ErrBlank = errors.New("more than 1 MiB of white space")

// Next skips white space and returns the next byte without consuming it. The error is [ErrBlank] or the error of the
// source.
func (w *Window) Next() (byte, error) {
	for blank := 0; ; {
		space := jsonscan.Space(w.Bytes(), 0)
		w.from += space
		if w.from < w.to {
			return w.buffer[w.from], nil
		}
		if blank += space; w.maxBlank > 0 && blank > w.maxBlank {
			return 0, ErrBlank
		}
		if err := w.Grow(); err != nil {
			return 0, err
		}
	}
}

// expect is like Next, but returns an error at the end of the text.
func (w *Window) expect() (byte, error) {
	c, err := w.Next()
	if err != nil {
		return 0, w.Broken(err)
	}
	return c, nil
}

// consume skips white space and consumes the next byte. It returns an error if that byte is not c.
func (w *Window) consume(c byte) error {
	switch got, err := w.expect(); {
	case err != nil:
		return err
	case got != c:
		return w.unexpected()
	}
	w.from++
	return nil
}

// unexpected returns the error for an unexpected byte at the start of the window.
func (w *Window) unexpected() error { return jsonscan.Unexpected(w.buffer[w.from], w.Offset()) }

// Broken returns the error for a text that ended too early. err is the error of the source.
func (w *Window) Broken(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &PositionError{Offset: w.origin + int64(w.to), Err: err}
}

// Scan consumes and returns the value at the start of the window. The function measure returns the length of the value,
// or [jsonscan.ErrShort] if the window ends inside the value; Scan then reads more of the text. If the value is longer
// than limit bytes, Scan returns tooLarge. The returned bytes are valid until the next read.
func (w *Window) Scan(measure func([]byte) (int, error), limit int, tooLarge error) ([]byte, error) {
	for {
		end, err := measure(w.Bytes())
		if err == nil {
			found := w.Bytes()[:end]
			w.from += end
			return found, nil
		}
		if !errors.Is(err, jsonscan.ErrShort) {
			return nil, w.located(err)
		}
		if w.to-w.from > limit {
			return nil, &PositionError{Offset: w.Offset(), Err: tooLarge}
		}
		if err := w.Grow(); err != nil {
			return nil, w.Broken(err)
		}
	}
}

// ScanOuter is like Scan, but also accepts a number at the very end of the text. Scan does not accept it, because more
// digits might follow.
func (w *Window) ScanOuter(measure func([]byte) (int, error), limit int, tooLarge error) ([]byte, error) {
	found, err := w.Scan(measure, limit, tooLarge)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		if number := w.lastNumber(measure); number != nil {
			return number, nil
		}
	}
	return found, err
}

// lastNumber consumes and returns a number that ends the text. The function measure treats such a number as incomplete,
// because more digits could follow.
func (w *Window) lastNumber(measure func([]byte) (int, error)) []byte {
	begin := w.Bytes()
	if !errors.Is(w.failed, io.EOF) || len(begin) == 0 || begin[0] != '-' && (begin[0] < '0' || begin[0] > '9') {
		return nil
	}
	ended := append(bytes.Clone(begin), '\n')
	end, err := measure(ended)
	if err != nil {
		return nil
	}
	w.from += end
	return ended[:end]
}

// located returns err with an offset in the whole text instead of an offset within the window.
func (w *Window) located(err error) error {
	if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
		return &jsonscan.SyntaxError{Offset: w.Offset() + syntax.Offset, Reason: syntax.Reason}
	}
	return &PositionError{Offset: w.Offset(), Err: err}
}

// PositionError is an error with its offset in the text. Syntax errors are not wrapped in it, because they have an
// offset of their own.
type PositionError struct {
	Offset int64
	Err    error
}

// Error returns the cause and the offset.
func (e *PositionError) Error() string { return fmt.Sprintf("after %d bytes: %v", e.Offset, e.Err) }

// Unwrap returns the cause.
func (e *PositionError) Unwrap() error { return e.Err }
