package work

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// resultsAhead is the maximum number of results per core that [Ordered] holds before they are used.
const resultsAhead = 2

// Ordered calls the function do for the tasks 0 to tasks-1, in parallel on all cores. It calls the function take with
// each result, in the order of the tasks, on the goroutine of the caller. Each core has its own state, created by the
// function begin. Only a few results exist at a time. If take is slow, the cores wait.
//
// Ordered returns the error of take, or the error of ctx if ctx ends before all results were taken. All calls of do
// have returned by then.
func Ordered[S, R any](ctx context.Context, tasks int, begin func() S, do func(state S, task int) R, take func(result R) error) error {
	cores := min(tasks, runtime.GOMAXPROCS(0))
	ahead := resultsAhead * cores
	running := sync.WaitGroup{}
	defer running.Wait()
	working, cancel := context.WithCancel(ctx)
	defer cancel()

	results := make([]chan R, ahead) // the result of task i arrives on channel i modulo ahead
	for i := range results {
		results[i] = make(chan R, 1)
	}
	places := make(chan struct{}, ahead)
	var next atomic.Int64
	for range cores {
		running.Go(func() {
			state := begin()
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
				results[task%ahead] <- do(state, task)
				runtime.Gosched() // see Each
			}
		})
	}
	for task := range tasks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		select {
		case result := <-results[task%ahead]:
			if err := take(result); err != nil {
				return err
			}
			<-places
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}
