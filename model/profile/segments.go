package profile

import (
	"slices"

	"sbwatch/model/item"
)

// segments divide a table into ranges of rows: one or more per page. Values are counted per segment. The counts show
// from which segment on a column has no more values, without another pass over the rows.
type segments struct {
	// from holds the first row of each segment. Its last element is the total number of rows.
	from []int
}

// segmentRows is the maximum number of rows per segment. It must fit into 16 bits, the size of a count.
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

// of returns the index of the segment that contains a row.
func (s segments) of(row int) int {
	segment, exact := slices.BinarySearch(s.from, row)
	if !exact {
		segment--
	}
	return segment
}

// ofRows returns the segments of a range of rows. The ends of the range must be segment boundaries.
func (s segments) ofRows(from, to int) (first, end int) {
	first, _ = slices.BinarySearch(s.from, from)
	end, _ = slices.BinarySearch(s.from, to)
	return first, end
}
