// Package api is the HTTP client of SmartBrowse: it polls a run, dispatches a recipe and requests the account's usage.
//
// One call is one attempt. Nothing here waits or retries, so that the caller can show the wait and end it. Every
// failure is a [run.Problem], which says whether asking again may help and whether a dispatch may have started a run.
//
// The API key is sent to the host of the base URL and to no other. The JSON of an answer is decoded by package wire.
package api
