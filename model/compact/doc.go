// Package compact keeps the values at one path of a table in a compact form, so that filters and sorts need not find
// the values in their rows again.
//
// A [Column] with few different values has a dictionary of these values, and for each row the index of its value. A
// filter or a sort then examines each different value only once. Any other column stores the position of each value in
// its row, and also numbers or dates, if most values are numbers or dates. A [Builder] builds a column in parts, which
// can run in parallel.
package compact
