package wire

import "io"

// piece holds the bytes of one read, chunk[from:to]. A chunk is a block of memory for several pieces: its start is
// free, and then each piece begins where the previous piece ends. Only the goroutine that received a piece may use it.
type piece struct {
	chunk    []byte
	from, to int
}

// Sizes in bytes. The first chunk has firstChunk bytes and later ones have up to lastChunk, so that small answers use
// little memory.
const (
	firstChunk = 128 << 10
	lastChunk  = 2 << 20
	// readSize is the maximum size of one read. It is small enough that the decoder can scan one piece while the next
	// is read.
	readSize = 1 << 20
	// The start of each chunk, 1/roomShare of its size, is left free. If an item begins in the previous chunk, its
	// first bytes are moved there. Memory that is never written to costs nothing.
	roomShare = 32
	// The next read uses a new chunk if the unused part of the current chunk is smaller than minRead bytes, or smaller
	// than a quarter of this chunk.
	minRead = 64 << 10
)

// pieces reads a source into chunks of memory that are never moved, so that the text of an item can stay where it was
// read.
type pieces struct {
	source io.Reader
	chunk  []byte
	used   int
	// nextSize is the size of the next chunk, and lastSize is the maximum size of a chunk.
	nextSize, lastSize int
	// free holds chunks that may be reused.
	free chan []byte
}

func newPieces(source io.Reader) *pieces {
	return &pieces{source: source, nextSize: firstChunk, lastSize: lastChunk, free: make(chan []byte, piecesAhead)}
}

// read reads the next piece. Like io.Reader, it may return an error together with a piece, and the piece may be empty.
func (p *pieces) read() (piece, error) {
	if len(p.chunk)-p.used <= min(minRead, len(p.chunk)/4) {
		p.chunk = p.newChunk()
		p.nextSize = min(2*p.nextSize, p.lastSize)
		p.used = len(p.chunk) / roomShare
	}
	from := p.used
	n, err := p.source.Read(p.chunk[from:min(len(p.chunk), from+readSize)])
	p.used += n
	return piece{p.chunk, from, p.used}, err
}

// newChunk returns a chunk of at least nextSize bytes.
func (p *pieces) newChunk() []byte {
	select {
	case chunk := <-p.free:
		if len(chunk) >= p.nextSize {
			return chunk
		}
	default:
	}
	return make([]byte, p.nextSize)
}

// recycle makes an unused chunk available for later pieces. recycle and read may be called from different goroutines.
func (p *pieces) recycle(chunk []byte) {
	select {
	case p.free <- chunk:
	default:
	}
}

// piecesAhead is the maximum number of pieces that are read in advance.
const piecesAhead = 4

// ahead returns functions for reading pieces in advance. The first call of read reads only one piece, so that its items
// appear early. The second call starts a goroutine that reads all further pieces in advance. stop ends this goroutine
// and waits for its current read. After read has returned an error, it must not be called again.
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
			for range results { // wait for the goroutine to end
			}
		}
	}
	return read, stop
}
