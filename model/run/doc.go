// Package run has what the service says of a run and of an account: [Run], [Answer], [Dispatch], [Usage], and [Problem]
// for every way in which a request can fail.
package run
