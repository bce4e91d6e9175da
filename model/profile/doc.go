// Package profile looks at all items of a run and says what they are like: column by column, page by page, and what of it
// looks wrong.
//
// A [Scan] reads rows into parts, any number of them side by side; parts merge in any order, and the result is the same, but
// for how often the commonest of very many values are at least there.
// What cannot be exact within a bounded memory says that it is about so much.
package profile
