// Package run holds what the service reports about runs and the account.
//
// [Run] is the state of a run, [Answer] is the result of a poll, [Dispatch] is the answer to starting a run, and
// [Usage] describes the account. A request that fails returns a [Problem], which says whether to retry and what the
// user can do.
package run
