// Package emulator serves the SmartBrowse API from this process, from a script and a seed: for the demo, for tests, and
// for trying out a SmartBrowse client in any language.
//
// An [Emulator] is an [http.Handler] for the paths below /v1. It has no goroutines, timers or sockets of its own: what a
// run has done so far is worked out from the clock whenever somebody asks. That makes it exact under a fake clock, and it
// can stand behind a real server as well as behind [Transport], which needs no network.
//
// Each recipe of [Recipes] shows one thing that can happen to a run. The same seed and the same requests in the same
// order give the same answers: run ids, request ids, pace and items; only the times are those of the clock.
//
// Where the published API leaves a choice:
//
//   - Every well-formed key is an account of its own, with its own credits, limits and runs; the runs of one are not found
//     with another. So tests that share an emulator keep apart by using different keys. The run of the published sample,
//     [SampleRunID], is there in each of them.
//   - The limits of requests, where they are switched on, count polls and usage as well as dispatches, which the service
//     is kinder about: a client has to cope with a 429 on any of them.
//   - Times have milliseconds where they are not whole seconds.
//   - A run that would take longer than fifteen minutes, at a speed below 1, is force-stopped then, as the service does.
package emulator
