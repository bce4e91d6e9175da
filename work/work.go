// Package work processes the rows of a large table in parallel on all cores. It splits the rows into small chunks, so
// that work stops soon after it is canceled. The package does not access tables: callers process the rows.
package work

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
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

// Counts returns how much work is done, and the total amount of work.
func (p *Progress) Counts() (done, total int64) { return p.done.Load(), p.total.Load() }

// Chunks returns the number of chunks that [Rows] makes from the rows 0 to rows-1.
func Chunks(rows int) int { return (rows + ChunkRows - 1) / ChunkRows }

// Rows splits the rows 0 to rows-1 into chunks and calls runChunk for each, in parallel on all cores. Each core has its
// own state, created by newState. runChunk receives the number of the chunk and processes the rows in [from, to).
// Chunks start in order. progress may be nil. A chunk must take only a few milliseconds; otherwise, use [CostlyRows].
//
// If ctx ends before all chunks are done, Rows returns the error of ctx at once; see [Each].
func Rows[S any](ctx context.Context, rows int, progress *Progress, newState func() S, runChunk func(state S, chunk, from, to int)) error {
	return CostlyRows(ctx, rows, nil, progress, newState, runChunk)
}

// CostlyRows is like [Rows] for rows that may take long to process. It calls runChunk several times for a chunk with a
// high cost, with one part of its rows after the other, so that the work stops soon after ctx has ended and the progress
// advances steadily. The function cost returns the cost of the rows in [from, to), about one per byte to read. It may be
// nil if all rows are cheap.
func CostlyRows[S any](ctx context.Context, rows int, cost func(from, to int) int, progress *Progress, newState func() S, runChunk func(state S, chunk, from, to int)) error {
	if progress != nil {
		progress.Add(rows)
	}
	return Each(ctx, Chunks(rows), newState, func(state S, chunk int) {
		begin := chunk * ChunkRows
		for from, to := range Parts(ctx, begin, min(rows, begin+ChunkRows), cost) {
			runChunk(state, chunk, from, to)
			if progress != nil {
				progress.Done(to - from)
			}
		}
	})
}

// maxCost is the maximum cost of a part of the rows; see [Parts]. Filtering or profiling a megabyte takes a few
// milliseconds.
const maxCost = 1 << 20

// Parts splits the rows in [begin, end) into parts with a limited cost, each with at least one row. It yields the first
// row of each part and the row after its last. When ctx ends, it yields no further parts. See [CostlyRows] for the
// function cost.
func Parts(ctx context.Context, begin, end int, cost func(from, to int) int) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for from, size := begin, end-begin; from < end && ctx.Err() == nil; from += size {
			size = min(2*size, end-from)
			for size > 1 && cost != nil && cost(from, from+size) > maxCost {
				size /= 2
			}
			if !yield(from, from+size) {
				return
			}
		}
	}
}

// Each calls runTask with each number from 0 to tasks-1, in parallel on all cores. Each core has its own state, created
// by newState. The calls start in the order of the numbers.
//
// If ctx ends before all calls are done, Each returns the error of ctx at once. Some calls may still be running, and
// will end in the background, so the caller must not use their states and results. Each starts no further calls. If a
// call panics, Each panics with a [*Panic], so that the caller can recover.
func Each[S any](ctx context.Context, tasks int, newState func() S, runTask func(state S, task int)) error {
	var next atomic.Int64
	var failed atomic.Pointer[Panic]
	one := func() {
		defer catch(func(p *Panic) { failed.CompareAndSwap(nil, p) })
		if ctx.Err() != nil {
			return
		}
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
	if !onCores(tasks, one).wait(ctx) {
		return ctx.Err()
	}
	if failure := failed.Load(); failure != nil {
		panic(failure)
	}
	return ctx.Err()
}

// Beside calls own and, at the same time, calls other once on each other core. It returns when all calls have returned.
// If a call of other panics, Beside panics with a [*Panic].
func Beside(own, other func()) {
	var failed atomic.Pointer[Panic]
	others := onCores(runtime.GOMAXPROCS(0)-1, func() {
		defer catch(func(p *Panic) { failed.CompareAndSwap(nil, p) })
		other()
	})
	func() {
		defer others.wait(context.Background()) // also if own panics
		own()
	}()
	if failure := failed.Load(); failure != nil {
		panic(failure)
	}
}

// team is a group of goroutines. ended is closed when all of them have ended.
type team struct{ ended chan struct{} }

// onCores starts a goroutine on each core, but not more than there are tasks.
func onCores(tasks int, run func()) team {
	t := team{make(chan struct{})}
	var running atomic.Int64
	cores := min(tasks, runtime.GOMAXPROCS(0))
	running.Store(int64(cores))
	if cores <= 0 {
		close(t.ended)
	}
	for range cores {
		go func() {
			defer func() {
				if running.Add(-1) == 0 {
					close(t.ended)
				}
			}()
			run()
		}()
	}
	return t
}

// wait waits until all goroutines have ended or ctx ends. It reports whether all goroutines have ended.
func (t team) wait(ctx context.Context) bool {
	select {
	case <-t.ended:
		return true
	case <-ctx.Done():
		return false
	}
}

// Do calls do in another goroutine and returns its result. If ctx ends first, Do returns the error of ctx at once, while
// the call continues in the background. Use it for a calculation that does not notice that ctx has ended. If the call
// panics, Do panics with a [*Panic].
func Do[T any](ctx context.Context, do func() (T, error)) (T, error) {
	var result T
	var err error
	var failed atomic.Pointer[Panic]
	calculation := onCores(1, func() {
		defer catch(failed.Store)
		result, err = do()
	})
	if !calculation.wait(ctx) {
		var none T
		return none, ctx.Err()
	}
	if failure := failed.Load(); failure != nil {
		panic(failure)
	}
	return result, err
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
	switch reason := recover().(type) {
	case nil:
	case *Panic: // of a task that the task has started
		report(reason)
	default:
		report(&Panic{reason, debug.Stack()})
	}
}
