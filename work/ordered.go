package work

import (
	"context"
	"runtime"
	"sync/atomic"
)

// resultsAhead is the maximum number of results per core that [Ordered] keeps while they wait for handleResult.
const resultsAhead = 2

// Ordered calls runTask with each number from 0 to tasks-1, in parallel on all cores. It passes each result to
// handleResult, in the order of the numbers, on the goroutine of the caller. Each core has its own state, created by
// newState. Only a few results exist at a time. If handleResult is slow, the cores wait.
//
// Ordered returns the error of handleResult, or the error of ctx if ctx ends first. If ctx ends, Ordered returns at
// once, although some calls of runTask may still be running; see [Each]. Otherwise, all calls have returned by then. If
// a call panics, Ordered panics with a [*Panic].
func Ordered[S, R any](ctx context.Context, tasks int, newState func() S, runTask func(state S, task int) R, handleResult func(result R) error) error {
	cores := min(tasks, runtime.GOMAXPROCS(0))
	ahead := resultsAhead * cores
	working, cancel := context.WithCancel(ctx)

	results := make([]chan R, ahead) // the result of task i arrives on channel i modulo ahead
	for i := range results {
		results[i] = make(chan R, 1)
	}
	places := make(chan struct{}, ahead)
	failed := make(chan *Panic, cores)
	var next atomic.Int64
	running := onCores(tasks, func() {
		defer catch(func(p *Panic) { failed <- p })
		state := newState()
		for {
			select {
			case places <- struct{}{}:
			case <-working.Done():
				return
			}
			task := int(next.Add(1)) - 1
			if task >= tasks || working.Err() != nil {
				return
			}
			results[task%ahead] <- runTask(state, task)
			runtime.Gosched() // see Each
		}
	})
	defer func() {
		cancel()
		running.wait(ctx)
	}()
	for task := range tasks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		select {
		case result := <-results[task%ahead]:
			if err := handleResult(result); err != nil {
				return err
			}
			<-places
		case p := <-failed:
			panic(p)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}
