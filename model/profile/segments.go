package profile

import (
	"slices"

	"sbwatch/model/item"
)

// segments cut a table into runs of rows, at every page and so often within long ones, for which it is counted what is
// there: to find where a column stops without reading the rows again.
type segments struct {
	// from has the first row of each segment, and one more for the end.
	from []int
}

// segmentRows is how many rows a segment has at most. Counts of a segment have 16 bits.
const segmentRows = 4096

func newSegments(items item.Table) segments {
	var s segments
	cut := func(from, to int) {
		for ; from < to; from += segmentRows {
			s.from = append(s.from, from)
		}
	}
	beforePages := items.Len()
	if items.Pages() > 0 {
		beforePages, _ = items.PageRows(1)
	}
	cut(0, beforePages)
	for page := range items.Pages() {
		cut(items.PageRows(page + 1))
	}
	s.from = append(s.from, items.Len())
	return s
}

func (s segments) len() int { return len(s.from) - 1 }

// of is the segment of a row.
func (s segments) of(row int) int {
	segment, exact := slices.BinarySearch(s.from, row)
	if !exact {
		segment--
	}
	return segment
}

// ofRows are the segments of rows that begin and end with one.
func (s segments) ofRows(from, to int) (first, end int) {
	first, _ = slices.BinarySearch(s.from, from)
	end, _ = slices.BinarySearch(s.from, to)
	return first, end
}
