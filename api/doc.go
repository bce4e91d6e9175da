// Package api is the HTTP client of SmartBrowse: it polls a run, dispatches a recipe and requests the account's usage.
//
// Each call of the client sends one request. A call never waits for the service to recover and never retries: that is
// the task of the caller, who can show the wait and end it. Every failure is a [run.Problem], which says whether
// another attempt may help and whether a dispatch may have started a run.
//
// The API key is sent only to the host of the base URL. Package wire decodes the JSON of the answers.
package api
