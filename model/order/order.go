// Package order sorts the items of a table by their values, as a person would.
//
// Values come in this order: numbers, dates, texts, booleans, lists, objects. A text that reads as a number or as a date
// stands among those. Texts come in natural order, lists and objects in that of their JSON. Behind them all, whichever way
// is sorted, stand those that say nothing: blank texts, then null, then items without the value. What is equal keeps its
// order.
//
// A table is sorted in steps, so that its caller can spread them over the cores and stop between them: a [Column] takes
// the values in and ranks them, once for a path; [Ranks.Sort] then sorts rows, any number of times.
package order

import (
	"bytes"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// Key is what a table is sorted by: the values that a path leads to.
type Key struct {
	Path item.Path
	// Descending puts the largest first.
	Descending bool
}

// style is how the values of a column are written.
type style struct {
	numbers parse.Numbers
	dates   parse.Dates
}

// isCoarse tells of a number whether a float64 does not hold all integers of its size.
func isCoarse(number float64) bool { return number >= 1<<53 || number <= -1<<53 }

// isBlank tells whether a text has nothing in it but white space.
func isBlank(text []byte) bool {
	if len(text) > 0 && text[0] > ' ' && text[0] < 0x80 {
		return false
	}
	return len(bytes.TrimSpace(text)) == 0
}
