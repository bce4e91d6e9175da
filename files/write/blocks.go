package write

import (
	"bufio"
	"context"
	"slices"
	"sync"

	"sbwatch/model/item"
	"sbwatch/work"
)

// Maximum size of a block of rows: the number of rows, and the number of bytes of JSON. A block with one row may be
// larger.
const (
	blockRows = 1024
	blockSize = 256 << 10
)

// pieces holds the sizes of all rows to write, in bytes of JSON. Each size is that of a piece of consecutive rows; the
// last piece may have fewer rows.
type pieces struct {
	rows  int // in each piece
	sizes []int
}

// pieces returns the sizes of the rows. It uses all cores. If columns are computed, each piece has one row, so that
// [table.blocks] need not compute them again.
func (t *table) pieces(ctx context.Context) (pieces, error) {
	const pieceRows = 64
	p, progress := pieces{rows: pieceRows}, (*work.Progress)(nil)
	if slices.ContainsFunc(t.items.Columns(), func(c item.Column) bool { return t.items.IsComputed(c.Path()) }) {
		p.rows, progress = 1, t.progress
	}
	p.sizes = make([]int, (t.len()+p.rows-1)/p.rows)
	err := work.CostlyRows(ctx, t.len(), t.cost(), progress, func() struct{} { return struct{}{} }, func(_ struct{}, _, from, to int) {
		for place := from; place < to; place++ {
			p.sizes[place/p.rows] += len(t.items.Row(t.row(place)))
		}
	})
	if err != nil {
		return p, context.Cause(ctx)
	}
	return p, nil
}

// blocks splits the rows into blocks. It returns the index of the first row of each block, followed by the number of
// rows.
func (t *table) blocks(p pieces, maxRows, maxSize int) []int {
	begins, size := []int{0}, 0
	for place := 0; place < t.len(); {
		last := begins[len(begins)-1]
		if place%p.rows == 0 { // try to add a whole piece
			end, more := min(place+p.rows, t.len()), p.sizes[place/p.rows]
			if end-last <= maxRows && size+more <= maxSize {
				place, size = end, size+more
				continue
			}
		}
		length := t.size(p, place)
		if place > last && (place-last >= maxRows || size+length > maxSize) {
			begins, size = append(begins, place), 0
		}
		size += length
		place++
	}
	return append(begins, t.len())
}

// size returns the size of a row.
func (t *table) size(p pieces, place int) int {
	if p.rows == 1 {
		return p.sizes[place]
	}
	return len(t.items.Row(t.row(place)))
}

// rowWriter appends the text of one row. It is not safe for concurrent use.
type rowWriter func(dst []byte, position int) []byte

// textBlock is the text of a block, with the number of values that were changed in it.
type textBlock struct {
	text    *[]byte
	rows    int
	changes Changes
}

// writeRows formats the rows on all cores, and writes them in order. It calls begin once for each core, to create the
// rowWriter for that core. The rowWriter counts the values that it changes in the Changes passed to begin.
func (t *table) writeRows(ctx context.Context, out *bufio.Writer, begin func(*Changes) rowWriter) error {
	type state struct {
		changes *Changes
		write   rowWriter
	}
	sizes, err := t.pieces(ctx)
	if err != nil {
		return err
	}
	begins := t.blocks(sizes, blockRows, blockSize)
	free := sync.Pool{New: func() any { return new([]byte) }}
	start := func() state {
		changes := new(Changes)
		return state{changes, begin(changes)}
	}
	write := func(s state, block int) textBlock {
		text, isText := free.Get().(*[]byte)
		if !isText {
			text = new([]byte)
		}
		*text, *s.changes = (*text)[:0], Changes{}
		for position := begins[block]; position < begins[block+1] && ctx.Err() == nil; position++ {
			*text = s.write(*text, position)
		}
		return textBlock{text, begins[block+1] - begins[block], *s.changes}
	}
	err = work.Ordered(ctx, len(begins)-1, start, write, func(b textBlock) error {
		_, err := out.Write(*b.text)
		if cap(*b.text) <= 8*blockSize {
			free.Put(b.text)
		}
		t.addWritten(b.rows, b.changes)
		return err
	})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// addWritten adds written rows to the progress, and the changes in these rows to the total.
func (t *table) addWritten(rows int, changes Changes) {
	t.changes.NonFinite += changes.NonFinite
	t.changes.BadText += changes.BadText
	t.advance(rows)
}

// advance adds a number of written rows to the progress. It is safe for concurrent use.
func (t *table) advance(rows int) {
	if t.progress != nil {
		t.progress.Done(rows)
	}
}
