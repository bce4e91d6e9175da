// Package item holds the items of a run as a table.
//
// A [Builder] appends items, which are JSON values. It keeps the bytes as they were received, and records where each
// item begins. [Builder.Items] returns a [Table], an immutable snapshot that is safe to read while the builder goes on.
// A [Cell] is one value; it is cut out of its row on demand.
//
// A [Path] addresses one value of an item: a column or a value nested in it. A [Place] also addresses the values inside
// lists, of which an item can have many. A [Filter] selects items. [Layout] is the arrangement of the columns by the
// user.
package item
