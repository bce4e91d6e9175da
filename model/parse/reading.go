// Package parse takes text as a person would: as a number with its currency or unit, as a date, in natural order.
//
// It reads what a person would read one way only, and refuses what could be something else: half a table of readings that
// are wrong is worse than text that stays text. What the texts of one column have in common, such as the comma before the
// decimals, a [Learner] finds.
package parse
