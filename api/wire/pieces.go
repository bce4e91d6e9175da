package wire

import "io"

// piece is what one read gave: the bytes of a chunk from place from up to, but not, place to. A chunk has room before its
// first piece, and its later pieces follow one after the other. Once given, a piece is the receiver's.
type piece struct {
	chunk    []byte
	from, to int
}

// Sizes, in bytes. Chunks grow from the first to the last, so that what is small stays small.
const (
	firstChunk = 128 << 10
	lastChunk  = 2 << 20
	// readSize is the most that is read at once: few enough to be scanned while the next is read.
	readSize = 1 << 20
	// roomShare is which part of a chunk is left free before its first piece, for the item that began in the chunk before.
	// Memory that nothing is written to costs nothing.
	roomShare = 32
	// A read that could bring less than this, or less than a quarter of a chunk, is made into the next chunk.
	leastRead = 64 << 10
)

// pieces reads a source into chunks that stay where they are, so that the items in them need not be copied.
type pieces struct {
	source io.Reader
	chunk  []byte
	used   int
	// nextSize and lastSize are those of the next chunk and of the largest.
	nextSize, lastSize int
}

func newPieces(source io.Reader) *pieces {
	return &pieces{source: source, nextSize: firstChunk, lastSize: lastChunk}
}

// read gives what the source gives next. As with any reader there may be an error beside it, and nothing in it.
func (p *pieces) read() (piece, error) {
	if len(p.chunk)-p.used <= min(leastRead, len(p.chunk)/4) {
		p.chunk = make([]byte, p.nextSize)
		p.nextSize = min(2*p.nextSize, p.lastSize)
		p.used = len(p.chunk) / roomShare
	}
	from := p.used
	n, err := p.source.Read(p.chunk[from:min(len(p.chunk), from+readSize)])
	p.used += n
	return piece{p.chunk, from, p.used}, err
}

// piecesAhead is how many pieces are read before the first of them is asked for.
const piecesAhead = 4

// ahead lets a goroutine of its own do the reading, while what was read is looked at. The first piece is read at once, and the
// goroutine begins when more is asked for: what comes of the first is not to wait for the others. stop ends it, and waits for
// the read that it may be in. No read may follow the first error.
func (p *pieces) ahead() (read func() (piece, error), stop func()) {
	type result struct {
		piece
		err error
	}
	var results chan result
	stopped := make(chan struct{})
	readAll := func() {
		defer close(results)
		for {
			next, err := p.read()
			select {
			case results <- result{next, err}:
			case <-stopped:
				return
			}
			if err != nil {
				return
			}
		}
	}
	first := true
	read = func() (piece, error) {
		if first {
			first = false
			return p.read()
		}
		if results == nil {
			results = make(chan result, piecesAhead)
			go readAll()
		}
		next := <-results
		return next.piece, next.err
	}
	stop = func() {
		close(stopped)
		if results != nil {
			for range results { // until the goroutine has ended
			}
		}
	}
	return read, stop
}
