package order

import "math/bits"

// Ranks are the values of a column as numbers: equal ones for equal values, and in their order. They do not change, and
// are safe to read from anywhere.
type Ranks struct {
	of []uint32
	// said is how many ranks, from 0 on, are those of values that say something.
	said uint32
}

// Ranks are those of all rows, when every pile has been sorted. The column is of no further use.
func (c *Column) Ranks() Ranks {
	r := Ranks{of: c.ranks, said: uint32(c.said)}
	*c = Column{}
	return r
}

// Size is the memory that the ranks take, in bytes.
func (r Ranks) Size() int { return 4 * len(r.of) }

// Of are the ranks of some of the rows, in the order given.
func (r Ranks) Of(rows []uint32) Ranks {
	some := make([]uint32, len(rows))
	for i, row := range rows {
		some[i] = r.of[row]
	}
	return Ranks{of: some, said: r.said}
}

// rankDigit is how many bits of a rank are sorted by at once.
const rankDigit = 11

// Sort sorts places among the rows that are ranked, ascending or not, and keeps the order of equal ones: so the last key of
// several is sorted by first. What says nothing stands last either way. spare is as long as places; which of the two has
// the result is told.
func (r Ranks) Sort(places, spare []uint32, descending bool) (sorted, other []uint32) {
	width := bits.Len32(r.highest())
	for shift := 0; shift < width; shift += rankDigit {
		var ends [1 << rankDigit]int
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
	if descending && rank < r.said {
		rank = r.said - 1 - rank
	}
	return rank >> shift & (1<<rankDigit - 1)
}

func (r Ranks) highest() uint32 {
	highest := r.said
	for _, rank := range r.of {
		highest = max(highest, rank)
	}
	return highest
}
