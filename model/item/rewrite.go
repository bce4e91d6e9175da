package item

import "slices"

// rewriteBlocks is the number of blocks of rows that are rewritten between two calls of the function step.
const rewriteBlocks = 64

// Rewrite replaces the first n rows. For each of them, the function rewrite appends the new row to dst. A new row that
// is not valid JSON is ignored, and the old row is kept. Rewrite frees the memory of old rows as it proceeds. It calls
// the function step regularly, and the table is consistent during these calls. Snapshots that were returned earlier do
// not change.
func (b *Builder) Rewrite(n int, rewrite func(dst, row []byte) []byte, step func()) {
	n = min(n, b.table.rows)
	if n <= 0 {
		return
	}
	b.StopCollecting()
	last := b.lastRows()
	var dst []byte
	b.table.chunks = slices.Clone(b.table.chunks)
	b.free = nil // the next row needs a new chunk, because the chunk of earlier copies may be freed
	for from := 0; from < n; from += rewriteBlocks * blockRows {
		to := min(n, from+rewriteBlocks*blockRows)
		b.table.blocks = slices.Clone(b.table.blocks)
		b.table.chunks = slices.Clone(b.table.chunks)
		b.snapshot = nil
		for row := from; row < to; row++ {
			if row == from || row%blockRows == 0 {
				b.table.blocks[row/blockRows] = new(*b.table.blocks[row/blockRows])
			}
			place := &b.table.blocks[row/blockRows][row%blockRows]
			dst = rewrite(dst[:0], b.table.chunks[place.chunk()][place.from:place.to])
			if end, traits, err := b.check(dst); err == nil && end == len(dst) {
				*place = b.store(dst, traits)
			} else {
				last[place.chunk()] = b.table.rows // the row stays where it is
			}
		}
		for chunk, row := range last {
			if row < to && b.table.chunks[chunk] != nil {
				b.memory -= int64(len(b.table.chunks[chunk]))
				b.table.chunks[chunk] = nil
			}
		}
		step()
	}
}

func (b *Builder) lastRows() []int {
	last := make([]int, len(b.table.chunks))
	for row := range b.table.rows {
		last[b.table.blocks[row/blockRows][row%blockRows].chunk()] = row
	}
	return last
}
