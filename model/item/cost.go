package item

import (
	"iter"
	"slices"
)

// computedCost is the cost of a computed column per row, as [Table.Cost] counts it. A formula can take as long as
// reading so many bytes.
const computedCost = 64 << 10

// Cost returns a function that returns approximately what it costs to read all values of the rows in [from, to). The
// cost is the size of the rows in bytes, and more if the rows have computed columns.
func (t Table) Cost() func(from, to int) int {
	if t.table == nil {
		return func(from, to int) int { return 0 }
	}
	perRow := computedCost * len(t.table.computed)
	return func(from, to int) int { return t.size(from, to) + perRow*(to-from) }
}

// CostAt is like [Table.Cost] for readers of the values at some paths. It counts computed columns only if one of the
// paths is computed.
func (t Table) CostAt(paths ...Path) func(from, to int) int {
	if slices.ContainsFunc(paths, t.IsComputed) {
		return t.Cost()
	}
	return t.size
}

// CostOf returns a function that returns the cost of those of the given rows whose indexes are in [from, to). If rows is
// nil, it returns the parameter cost.
func CostOf(rows []uint32, cost func(from, to int) int) func(from, to int) int {
	if rows == nil {
		return cost
	}
	return func(from, to int) int {
		sum := 0
		for _, row := range rows[from:to] {
			sum += cost(int(row), int(row)+1)
		}
		return sum
	}
}

// size returns the approximate size of the rows in [from, to) in bytes, without computed columns.
func (t Table) size(from, to int) int {
	size := 0
	for from < to {
		end := min(to, (from/blockRows+1)*blockRows)
		size += sizeOf(t.table.blocks[from/blockRows][from%blockRows : (end-1)%blockRows+1])
		from = end
	}
	return size
}

// sizeOf returns the approximate size of consecutive rows in bytes. If the first and the last row are in the same chunk,
// the rows between them are, too.
func sizeOf(rows []rowPlace) int {
	first, last := &rows[0], &rows[len(rows)-1]
	if first.chunk() == last.chunk() && first.from <= last.from {
		return int(last.to - first.from)
	}
	size := 0
	for _, place := range rows {
		size += int(place.to - place.from)
	}
	return size
}

// maxSampled is the maximum work for the computed values of a sample, in bytes.
const maxSampled = 16 << 20

// Sample yields the rows of a sample whose values the caller reads with r. If the values are computed, and computing
// them takes long, it stops early.
func (r *Reader) Sample(rows iter.Seq[int]) iter.Seq[int] {
	if r.evaluation == nil {
		return rows
	}
	return func(yield func(int) bool) {
		limit := r.evaluation.work + maxSampled
		for row := range rows {
			if r.evaluation.work > limit || r.evaluation.stopped || !yield(row) {
				return
			}
		}
	}
}
