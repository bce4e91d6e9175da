// Package item is the table of a run's items.
//
// A [Table] holds each item as the bytes that were received and an index of where each row begins; a [Cell] is cut out of
// its row when it is asked for. A table is a snapshot: it is safe to read while a [Builder] appends to the data behind it.
// A [Path] names a column, also inside nested objects; a [Place] names values inside lists as well. [Layout] is how a user
// has arranged the columns.
package item
