// Package work processes the rows of a large table in parallel on all cores. It splits the rows into small chunks, so
// that work stops soon after it is canceled. The package does not access tables: callers process the rows.
package work

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// ChunkRows is the number of rows in a chunk. Larger chunks have less overhead. Smaller chunks can be stopped sooner.
const ChunkRows = 8192

// Progress reports how far work has advanced. It is safe for concurrent use. The zero value has no work.
type Progress struct{ done, total atomic.Int64 }

// Add adds rows to the total amount of work.
func (p *Progress) Add(rows int) { p.total.Add(int64(rows)) }

// Done adds rows to the amount of work that is done.
func (p *Progress) Done(rows int) { p.done.Add(int64(rows)) }

// Share returns the fraction of the work that is done, from 0 to 1. It returns 0 if the total is 0.
func (p *Progress) Share() float64 {
	total := p.total.Load()
	if total <= 0 {
		return 0
	}
	return min(1, float64(p.done.Load())/float64(total))
}

// Chunks returns the number of chunks that [Rows] makes from the rows 0 to rows-1.
func Chunks(rows int) int { return (rows + ChunkRows - 1) / ChunkRows }

// Rows splits the rows 0 to rows-1 into chunks and calls runChunk for each, in parallel on all cores. Each core has its
// own state, created by newState. runChunk receives the number of the chunk and processes the rows in [from, to).
// Chunks start in order. progress may be nil.
//
// If ctx ends before all chunks are done, Rows returns the error of ctx. All calls of runChunk have returned by then.
func Rows[S any](ctx context.Context, rows int, progress *Progress, newState func() S, runChunk func(state S, chunk, from, to int)) error {
	if progress != nil {
		progress.Add(rows)
	}
	return Each(ctx, Chunks(rows), newState, func(state S, chunk int) {
		from := chunk * ChunkRows
		to := min(rows, from+ChunkRows)
		runChunk(state, chunk, from, to)
		if progress != nil {
			progress.Done(to - from)
		}
	})
}

// Each calls runTask with each number from 0 to tasks-1, in parallel on all cores. Each core has its own state, created
// by newState. The calls start in the order of the numbers.
//
// If ctx ends before all calls are done, Each returns the error of ctx. All calls of runTask have returned by then. If a
// call panics, Each panics with a [*Panic], so that the caller can recover.
func Each[S any](ctx context.Context, tasks int, newState func() S, runTask func(state S, task int)) error {
	return EachBeside(ctx, tasks, newState, runTask, func() {})
}

// EachBeside is like [Each], but also calls the function beside, on the goroutine of the caller, while other cores
// already run tasks. This core runs tasks after beside has returned.
func EachBeside[S any](ctx context.Context, tasks int, newState func() S, runTask func(state S, task int), beside func()) error {
	var next atomic.Int64
	var failed atomic.Pointer[Panic]
	one := func() {
		defer catch(func(p *Panic) { failed.CompareAndSwap(nil, p) })
		state := newState()
		for ctx.Err() == nil && failed.Load() == nil {
			task := int(next.Add(1)) - 1
			if task >= tasks {
				return
			}
			runTask(state, task)
			// Let other goroutines run first, such as one that draws a frame. Otherwise the scheduler would make them
			// wait for up to 10 ms.
			runtime.Gosched()
		}
	}
	others := min(tasks, runtime.GOMAXPROCS(0)) - 1
	func() {
		var running sync.WaitGroup
		defer running.Wait() // also if beside panics
		for range others {
			running.Go(one)
		}
		beside()
		if tasks > 0 {
			one()
		}
	}()
	if failure := failed.Load(); failure != nil {
		panic(failure)
	}
	return ctx.Err()
}

// Panic is the panic of a task in another goroutine. Its Reason was passed to panic, and Stack is the stack of the task.
type Panic struct {
	Reason any
	Stack  []byte
}

// Error returns the reason.
func (p *Panic) Error() string { return fmt.Sprint(p.Reason) }

// catch recovers from a panic and passes it to report. It must be deferred.
func catch(report func(*Panic)) {
	if reason := recover(); reason != nil {
		report(&Panic{reason, debug.Stack()})
	}
}
