// Package text holds untrusted text and formats what is shown.
//
// A [Text] comes from outside: the service, a web site or a file. It reaches a screen, a line or an error only through
// [Printable], which shows control characters and bidirectional controls as escapes. The package also formats counts,
// durations and drift in the same way everywhere, and guesses the name that a user meant ([Nearest]).
package text
