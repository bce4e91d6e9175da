// Package work spreads a pure function over the rows of a large table, on every core, in parts that are small enough to
// stop between them. It knows nothing of tables: what is done with the rows is the caller's.
package work

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// PartRows is how many rows a part has: enough to make the change of parts cheap, and few enough to stop soon.
const PartRows = 8192

// Progress tells how far work has come. It is safe to read while the work goes on; its zero value is work not begun.
type Progress struct{ done, total atomic.Int64 }

// Add makes the work so much larger, in rows.
func (p *Progress) Add(rows int) { p.total.Add(int64(rows)) }

// Done notes rows that are done.
func (p *Progress) Done(rows int) { p.done.Add(int64(rows)) }

// Share is how much is done, from 0 to 1; 0 where nothing is known to do.
func (p *Progress) Share() float64 {
	total := p.total.Load()
	if total <= 0 {
		return 0
	}
	return min(1, float64(p.done.Load())/float64(total))
}

// Parts is how many parts so many rows have.
func Parts(rows int) int { return (rows + PartRows - 1) / PartRows }

// Rows does work on rows 0 to rows, in [Parts] parts, as many at once as there are cores. Each core has a state of its own,
// made by begin. do is told the number of its part and its rows, those from number from up to, but not, number to; parts
// are begun in order. progress may be nil.
//
// The error is that of ctx, where that ended before all was done; no call of do goes on by then.
func Rows[S any](ctx context.Context, rows int, progress *Progress, begin func() S, do func(state S, part, from, to int)) error {
	if progress != nil {
		progress.Add(rows)
	}
	return Each(ctx, Parts(rows), begin, func(state S, part int) {
		from := part * PartRows
		to := min(rows, from+PartRows)
		do(state, part, from, to)
		if progress != nil {
			progress.Done(to - from)
		}
	})
}

// Each does so many tasks, numbered from 0, as many at once as there are cores. Each core has a state of its own, made by
// begin; tasks are begun in order.
//
// The error is that of ctx, where that ended before all was done; no call of do goes on by then.
func Each[S any](ctx context.Context, tasks int, begin func() S, do func(state S, task int)) error {
	var next atomic.Int64
	one := func() {
		state := begin()
		for ctx.Err() == nil {
			task := int(next.Add(1)) - 1
			if task >= tasks {
				return
			}
			do(state, task)
			// What waits for a core, a frame perhaps, goes first. Left to itself the runtime lets it wait for 10 ms.
			runtime.Gosched()
		}
	}
	var running sync.WaitGroup
	for range min(tasks, runtime.GOMAXPROCS(0)) {
		running.Go(one)
	}
	running.Wait()
	return ctx.Err()
}
