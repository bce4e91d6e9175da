// Package api speaks to SmartBrowse: it polls a run, dispatches a recipe and reads the account's usage.
//
// One call is one attempt. Nothing here waits or repeats, so that whoever calls can show the wait and cut it short. Every
// failure is a [model.Problem], whatever was behind it, and says whether asking again may help and whether a dispatch
// may have started a run.
//
// The API key goes to the host of the base URL and to no other.
package api
