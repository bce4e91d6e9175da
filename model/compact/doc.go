// Package compact keeps the values at one path of a table in a compact form, so that later questions about them need not find them in
// their rows again.
//
// A [Column] with few different values is a dictionary: each row has the number of its value. A filter or a sort then looks at each
// different value once. Other columns have the place of each value in its row and, if most are numbers or dates, those. A [Builder]
// builds a column in parts, which can run in parallel.
package compact
