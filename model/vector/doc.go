// Package vector stores the values of one key in a compact form while the items with this key are read. Filters and
// sorts then need not find these values in the items.
//
// A [Vector] has one entry for each item: the code of its value, if there are few different values, or else a number, a
// date, or where in the item the value is. [FormOf] selects the form by a sample of the values. If a later value does not fit the form, the vector
// changes its form, or it gives up and stores nothing.
package vector
