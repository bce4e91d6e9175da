package order

import "math/bits"

// Ranks holds one number for each value of a column. The numbers sort like the values, and equal values have equal
// numbers. Ranks are immutable and safe for concurrent use.
type Ranks struct {
	of []uint32
	// nonEmpty is the number of ranks that belong to values. The other ranks are higher and belong to blank, null and
	// missing values.
	nonEmpty uint32
}

// Ranks returns the ranks of all rows. Call [Sorter.Sort] for every task first; see [Column.Tasks].
func (c *Column) Ranks() Ranks { return Ranks{of: c.ranks, nonEmpty: uint32(c.nonEmpty)} }

// Sorted returns the indexes of all rows in ascending order. Call [Sorter.Sort] for every task first; see
// [Column.Tasks].
func (c *Column) Sorted() []uint32 { return c.split }

// Size returns the size of the ranks in bytes.
func (r Ranks) Size() int { return 4 * len(r.of) }

// Of returns the ranks of the given rows, in the same order as rows.
func (r Ranks) Of(rows []uint32) Ranks {
	some := make([]uint32, len(rows))
	for i, row := range rows {
		some[i] = r.of[row]
	}
	return Ranks{of: some, nonEmpty: r.nonEmpty}
}

// radixBits is the number of bits of a rank that a Pass sorts by.
const radixBits = 12

// Passes returns the number of passes that are needed to sort rows by their ranks.
func (r Ranks) Passes() int {
	highest := r.nonEmpty
	for _, rank := range r.of {
		highest = max(highest, rank)
	}
	return (bits.Len32(highest) + radixBits - 1) / radixBits
}

// Pass is one pass of a stable radix sort of row indexes. It sorts by some bits of their ranks. The first pass sorts by
// the lowest bits. To sort by several keys, sort by the last key first. Blank, null and missing values come last in
// both directions.
//
// The indexes are divided into parts. Call Count for each part, then Split, then Move for each part. The calls of Count
// can run in parallel, and so can the calls of Move.
type Pass struct {
	ranks      Ranks
	shift      int
	descending bool
	ends       [][1 << radixBits]uint32
}

// Pass returns one pass of the sort. Passes are numbered from 0 to [Ranks.Passes]-1. The parameter parts is the number
// of parts into which the caller divides the row indexes.
func (r Ranks) Pass(number, parts int, descending bool) *Pass {
	return &Pass{ranks: r, shift: number * radixBits, descending: descending, ends: make([][1 << radixBits]uint32, parts)}
}

// Count counts the row indexes in places by the bits of their ranks that the pass sorts by. The slice places has the
// row indexes of the given part.
func (p *Pass) Count(part int, places []uint32) {
	ends := &p.ends[part]
	for _, at := range places {
		ends[p.ranks.digit(at, p.shift, p.descending)]++
	}
}

// Split computes the positions to which Move copies the row indexes of each part. Call it after [Pass.Count] has been
// called for every part.
func (p *Pass) Split() {
	begin := uint32(0)
	for digit := range 1 << radixBits {
		for part := range p.ends {
			end := &p.ends[part][digit]
			begin, *end = begin+*end, begin
		}
	}
}

// Move copies the row indexes of the given part from places to their positions in sorted. The slice sorted has room for
// the row indexes of all parts.
func (p *Pass) Move(part int, places, sorted []uint32) {
	ends := &p.ends[part]
	for _, at := range places {
		end := &ends[p.ranks.digit(at, p.shift, p.descending)]
		sorted[*end] = at
		*end++
	}
}

func (r Ranks) digit(at uint32, shift int, descending bool) uint32 {
	rank := r.of[at]
	if descending && rank < r.nonEmpty {
		rank = r.nonEmpty - 1 - rank
	}
	return rank >> shift & (1<<radixBits - 1)
}

// Spread converts the ranks of the values of a dictionary to the ranks of rows. codes holds the index of the value of
// each row.
func Spread[Code uint8 | uint16](values Ranks, codes []Code) Ranks {
	all := make([]uint32, len(codes))
	for row, code := range codes {
		all[row] = values.of[code]
	}
	return Ranks{of: all, nonEmpty: values.nonEmpty}
}
