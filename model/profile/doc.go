// Package profile describes the items of a run, by column and by page, and finds what looks wrong in them.
//
// [NewScan] starts a profile. Each [Part] of a profile reads some of the rows. Several parts can read at once. Merge
// the parts in any order, then call [Part.Finish], which returns the [Profile]. The order of merging does not change
// the result, except for the counts of frequent values marked [Value.AtLeast].
//
// A profile has a [Column] for each key, nested ones included, a [Page] for each page, and a [Finding] for each thing
// that looks wrong, with a filter for the affected items. [Profile.Summary] returns the profile as plain data. Memory
// is bounded, so some numbers are estimates. These are marked as Estimated.
package profile
