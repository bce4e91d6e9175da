package order

import "math/bits"

// Ranks holds one number for each value of a column. The numbers sort like the values, and equal values have equal
// numbers. Ranks are immutable and safe for concurrent use.
type Ranks struct {
	of []uint32
	// nonEmpty is the number of ranks that belong to values other than blank, null or missing. These are the lowest
	// ranks.
	nonEmpty uint32
}

// Ranks returns the ranks of all rows. All buckets must have been sorted. The column must not be used afterwards.
func (c *Column) Ranks() Ranks {
	r := Ranks{of: c.ranks, nonEmpty: uint32(c.nonEmpty)}
	*c = Column{}
	return r
}

// Size returns the size of the ranks in bytes.
func (r Ranks) Size() int { return 4 * len(r.of) }

// Of returns the ranks of some rows, in the order given.
func (r Ranks) Of(rows []uint32) Ranks {
	some := make([]uint32, len(rows))
	for i, row := range rows {
		some[i] = r.of[row]
	}
	return Ranks{of: some, nonEmpty: r.nonEmpty}
}

// radixBits is the number of bits of a rank that Sort processes at once.
const radixBits = 11

// Sort sorts row indexes by their ranks. It is stable: to sort by several keys, sort by the last key first. Blank, null
// and missing values come last in both directions. spare must be as long as places. Sort returns the slice that holds
// the result, and the other of the two slices.
func (r Ranks) Sort(places, spare []uint32, descending bool) (sorted, other []uint32) {
	width := bits.Len32(r.highest())
	for shift := 0; shift < width; shift += radixBits {
		var ends [1 << radixBits]int
		for _, at := range places {
			ends[r.digit(at, shift, descending)]++
		}
		begin := 0
		for digit, count := range ends {
			ends[digit] = begin
			begin += count
		}
		for _, at := range places {
			end := &ends[r.digit(at, shift, descending)]
			spare[*end] = at
			*end++
		}
		places, spare = spare, places
	}
	return places, spare
}

func (r Ranks) digit(at uint32, shift int, descending bool) uint32 {
	rank := r.of[at]
	if descending && rank < r.nonEmpty {
		rank = r.nonEmpty - 1 - rank
	}
	return rank >> shift & (1<<radixBits - 1)
}

func (r Ranks) highest() uint32 {
	highest := r.nonEmpty
	for _, rank := range r.of {
		highest = max(highest, rank)
	}
	return highest
}
