// Package run holds what the service reports about runs and the account.
//
// [Run] is the state of one run, [Answer] the result of one poll, [Dispatch] that of starting a run, and [Usage] the
// state of the account. A request that fails returns a [Problem], which says whether to retry and what the user can do.
package run
