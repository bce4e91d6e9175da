// Package faults generates bad input for tests: a service that fails in every possible way ([Service]), text that
// attacks terminals ([Text]), random keys ([Keys]) and broken files ([Broken]). [Check] decides whether a frame is safe
// for a terminal.
//
// The same seed always generates the same input. [Each] runs a randomized test, called an attack, once per seed: with
// few seeds in ordinary tests, and with many in nightly ones. It prints the seed of a failure and the command that
// repeats it.
package faults
