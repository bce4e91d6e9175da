// Package profile describes the items of a run, by column and by page, and finds what looks wrong in them.
//
// [NewScan] starts a profile. Its parts ([Part]) each read some of the rows, concurrently if needed; merge them in any
// order and call [Part.Finish] for the [Profile]. The order of merging does not change the result, except for the
// counts of frequent values marked [Value.AtLeast].
//
// A profile has a [Column] for each key, nested ones included, a [Page] for each page, and a [Finding] for each thing
// that looks wrong, with a filter for the items concerned. [Profile.Summary] returns it as plain data. Memory is
// bounded: numbers that are estimates are marked About.
package profile
