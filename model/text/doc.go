// Package text holds untrusted text and formats values for people.
//
// A [Text] comes from outside: the service, a website or a file. It reaches the screen only through [Printable], which
// escapes control characters and other characters that could mislead the user. The package also formats counts,
// durations and drift, so that they look the same everywhere. [Nearest] finds the name that a user probably meant.
package text
