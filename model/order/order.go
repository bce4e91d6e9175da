// Package order sorts the items of a table by their values.
//
// Values sort in this order: numbers, dates, text, booleans, lists, objects. Text that parses as a number or a date is
// sorted as a number or a date. Other text is in natural order. Lists and objects are in the natural order of their
// JSON. Blank text, null and missing values come last, in this order, in both sort directions. Sorting is stable.
//
// Sorting has separate steps, so that a caller can run them in parallel and stop in between. A [Column] ranks the
// values at a path once. [Ranks.Pass] then sorts rows by those ranks, as often as needed. Dividing the work in another
// way does not change the ranks.
package order

import (
	"bytes"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// Key is a sort key: a path and a direction.
type Key struct {
	Path item.Path
	// Descending sorts the largest value first.
	Descending bool
}

// style holds the formats of the numbers and dates in a column.
type style struct {
	numbers parse.Numbers
	dates   parse.Dates
}

// isCoarse reports whether a number is so large that different integers can be equal as float64.
func isCoarse(number float64) bool { return number >= 1<<53 || number <= -1<<53 }

// isBlank reports whether text is empty or white space.
func isBlank(text []byte) bool {
	if len(text) > 0 && text[0] > ' ' && text[0] < 0x80 {
		return false
	}
	return len(bytes.TrimSpace(text)) == 0
}
