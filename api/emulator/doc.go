// Package emulator is a replacement for the SmartBrowse service within this process. It is meant for the demo, for
// tests, and for trying out clients in any language. A script and a seed determine everything that happens in a run.
//
// An [Emulator] is an [http.Handler] for the paths below /v1. On each request, it computes the state of a run from the
// clock. It has no goroutines, and its only timer is for Options.Latency, so tests with a fake clock can predict every
// answer. It works with a real server and with a transport in memory. A real server should use [Emulator.Listener] and a
// ReadTimeout. Then even a malformed or slow request gets an envelope as the answer.
//
// Each recipe of [Recipes] demonstrates one thing that can happen to a run. With the same seed, the same requests in
// the same order get the same answers: run ids, request ids, the speed of each run, and items. Only the times differ,
// because they come from the clock.
//
// The published API leaves some details open. This is how the emulator handles them:
//
//   - Every well-formed key has an account of its own, with credits, limits and runs. An account cannot see the runs of
//     another account, so tests that share an emulator can isolate themselves by using different keys. Every account
//     contains the sample run, [SampleRunID].
//   - Rate limits count polls and usage requests as well as dispatches. The service is more lenient, but a client has
//     to handle a 429 from any call.
//   - A run starts when it is dispatched, because the answer to the dispatch says that it is running. The status of a
//     run is never "queued".
//   - No call takes a body. A body of up to 64 KiB is ignored; a larger one is refused with 413 before a run starts.
//   - The newest 100,000 runs are kept. A poll of an older run that has ended is answered with 404.
//   - Times have milliseconds, unless the milliseconds are 0.
//   - A run is force-stopped after fifteen minutes, as in the service. Runs take that long only if the speed is below 1.
package emulator
