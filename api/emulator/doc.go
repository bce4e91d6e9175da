// Package emulator is a replacement for the SmartBrowse service within this process. It is meant for the demo, for
// tests, and for trying out clients in any language. What happens in its runs depends only on a script and a seed.
//
// An [Emulator] is an [http.Handler] for the paths below /v1. It computes the state of a run from the clock on each
// request. It has no goroutines and no sockets, and its only timer is for Options.Latency. Its answers are therefore
// exact with a fake clock, and it works with a real server as well as with a transport in memory. A real server should
// use [Emulator.Listener] and a ReadTimeout, so that every malformed and every slow request gets an envelope.
//
// Each recipe of [Recipes] demonstrates one thing that can happen to a run. With the same seed, the same requests in
// the same order get the same answers: run ids, request ids, pace and items. Only the times differ, because they come
// from the clock.
//
// The published API leaves some details open. This is how the emulator handles them:
//
//   - Every well-formed key is an account with its own credits, limits and runs. An account cannot see the runs of
//     another, so tests that share an emulator can isolate themselves by using different keys. Every account contains
//     the run of the published sample, [SampleRunID].
//   - Rate limits, where they are set, count polls and usage requests as well as dispatches. The service is more
//     lenient, but a client has to handle a 429 from any call.
//   - A run starts when it is dispatched, because the answer to the dispatch says that it is running. No poll says queued.
//   - No call takes a body. A body of up to 64 KiB is ignored; a larger one is refused with 413 before a run starts.
//   - The newest 100,000 runs are kept. Older ones, once they have ended, are answered with 404.
//   - Times have milliseconds, unless the milliseconds are 0.
//   - A run that would take longer than fifteen minutes, at a speed below 1, is force-stopped after fifteen minutes,
//     as the service does.
package emulator
