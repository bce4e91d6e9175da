// Package faults makes bad input for tests, all of it by seed: a service that fails in every way that a service can
// ([Service]), text that attacks terminals ([Text]), random keys ([Keys]) and broken files ([Broken]). [Check] decides
// whether a frame is safe for a terminal.
//
// The same seed always makes the same input. [Each] runs an attack once for each seed, few in the ordinary tests and
// many in the nightly ones, and prints the seed of a failure with the command that repeats it.
package faults
