package work_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"sbwatch/work"
)

func TestEachRowIsProcessedOnce(t *testing.T) {
	for _, rows := range []int{0, 1, work.ChunkRows, work.ChunkRows + 1, 10*work.ChunkRows - 1} {
		seen := make([]atomic.Int32, rows)
		var progress work.Progress
		err := work.Rows(t.Context(), rows, &progress, func() *int { return new(int) }, func(state *int, chunk, from, to int) {
			*state++
			if chunk != from/work.ChunkRows {
				t.Errorf("chunk %d begins at row %d", chunk, from)
			}
			for row := from; row < to; row++ {
				seen[row].Add(1)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for row := range seen {
			if n := seen[row].Load(); n != 1 {
				t.Fatalf("row %d of %d was processed %d times, want 1", row, rows, n)
			}
		}
		if share := progress.Share(); rows > 0 && share != 1 {
			t.Errorf("share after %d rows is %v, want 1", rows, share)
		}
	}
}

func TestRowsStopsWhenContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var chunks atomic.Int32
	err := work.Rows(ctx, 10_000*work.ChunkRows, nil, func() struct{} { return struct{}{} }, func(struct{}, int, int, int) {
		chunks.Add(1)
		cancel()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if n := chunks.Load(); n > 1000 {
		t.Errorf("%d chunks were processed, most of them after the context ended", n)
	}
}

func TestEachTaskRunsOnce(t *testing.T) {
	for _, tasks := range []int{0, 1, 1000} {
		done := make([]atomic.Int32, tasks)
		if err := work.Each(t.Context(), tasks, func() *int { return new(int) }, func(state *int, task int) {
			*state++
			done[task].Add(1)
		}); err != nil {
			t.Fatal(err)
		}
		for task := range done {
			if n := done[task].Load(); n != 1 {
				t.Errorf("task %d of %d ran %d times, want 1", task, tasks, n)
			}
		}
	}
}

func TestBesideCallsBothAtTheSameTime(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	begun := make(chan bool)
	both := 0
	work.Beside(func() {
		for range 2 {
			<-begun
			both++
		}
	}, func() { begun <- true })
	if both != 2 {
		t.Errorf("%d other calls, want 2", both)
	}
}

// TestBesideWaitsAfterAPanic checks that no call runs after the function of the caller has panicked, and that panics of
// the other calls reach the caller.
func TestBesideWaitsAfterAPanic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	ended := false
	func() {
		defer func() {
			if reason := recover(); reason != "bug" || !ended {
				t.Errorf("recovered %v; the other call has ended: %t", reason, ended)
			}
		}()
		begun := make(chan bool)
		work.Beside(func() {
			<-begun
			panic("bug")
		}, func() {
			close(begun)
			runtime.Gosched()
			ended = true
		})
	}()
	defer func() {
		if failure, ok := recover().(*work.Panic); !ok || failure.Reason != "other bug" {
			t.Errorf("recovered %v", failure)
		}
	}()
	work.Beside(func() {}, func() { panic("other bug") })
}

func TestOrderedTakesResultsInOrder(t *testing.T) {
	for _, tasks := range []int{0, 1, 1000} {
		taken := 0
		err := work.Ordered(t.Context(), tasks, func() *int { return new(int) }, func(_ *int, task int) int { return task }, func(result int) error {
			if result != taken {
				t.Errorf("result %d was taken after %d others", result, taken)
			}
			taken++
			return nil
		})
		if err != nil || taken != tasks {
			t.Errorf("%d of %d results were taken, %v", taken, tasks, err)
		}
	}
}

func TestOrderedStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var done atomic.Int32
	count := func(struct{}, int) int { return int(done.Add(1)) }
	nothing := func() struct{} { return struct{}{} }
	failed := errors.New("failed")
	if err := work.Ordered(ctx, 1_000_000, nothing, count, func(int) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("error %v", err)
	}
	err := work.Ordered(ctx, 1_000_000, nothing, count, func(int) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if n := done.Load(); n > 1000 {
		t.Errorf("%d tasks were done, most of them after the end", n)
	}
}

// TestAPanicReachesTheCaller checks that a panic of a task can be recovered where the work was started.
func TestAPanicReachesTheCaller(t *testing.T) {
	nothing := func() struct{} { return struct{}{} }
	fail := func(_ struct{}, task int) int {
		if task == 3 {
			panic("bug")
		}
		return task
	}
	for name, run := range map[string]func() error{
		"Each": func() error {
			return work.Each(t.Context(), 100, nothing, func(s struct{}, task int) { fail(s, task) })
		},
		"Ordered": func() error { return work.Ordered(t.Context(), 100, nothing, fail, func(int) error { return nil }) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if reason, isPanic := recover().(*work.Panic); !isPanic || reason.Reason != "bug" || !strings.Contains(string(reason.Stack), "TestAPanicReachesTheCaller") {
					t.Errorf("recovered %v", reason)
				}
			}()
			err := run()
			t.Errorf("no panic, %v", err)
		})
	}
}

// TestCostlyRowsAreSplit checks that each row of chunks with costly rows is processed once, in parts of limited cost.
func TestCostlyRowsAreSplit(t *testing.T) {
	const rows = 3 * work.ChunkRows / 2
	costOf := func(row int) int {
		switch {
		case row%1000 == 999:
			return 5 << 20 // more than a part may cost
		case row > work.ChunkRows:
			return 40_000
		default:
			return 10
		}
	}
	cost := func(from, to int) (sum int) {
		for row := from; row < to; row++ {
			sum += costOf(row)
		}
		return sum
	}
	var calls atomic.Int64
	seen := make([]atomic.Int32, rows)
	var progress work.Progress
	err := work.CostlyRows(t.Context(), rows, cost, &progress, none, func(_ struct{}, chunk, from, to int) {
		calls.Add(1)
		if c := cost(from, to); c > 1<<20 && to-from > 1 {
			t.Errorf("the rows from %d to %d cost %d", from, to, c)
		}
		for row := from; row < to; row++ {
			seen[row].Add(1)
			if row/work.ChunkRows != chunk {
				t.Errorf("row %d is in chunk %d", row, chunk)
			}
		}
	})
	if err != nil || progress.Share() != 1 {
		t.Errorf("error %v, share %v", err, progress.Share())
	}
	for row := range seen {
		if n := seen[row].Load(); n != 1 {
			t.Fatalf("row %d was processed %d times, want 1", row, n)
		}
	}
	if n := calls.Load(); n > 400 {
		t.Errorf("%d calls for %d rows, want few for cheap rows", n, rows)
	}
}

// TestCostlyRowsStopInsideAChunk checks that work on a single chunk stops after the part in which the context ends.
func TestCostlyRowsStopInsideAChunk(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cost := func(from, to int) int { return (to - from) << 19 }
	var last atomic.Int64
	err := work.CostlyRows(ctx, work.ChunkRows, cost, nil, none, func(_ struct{}, _, from, to int) {
		if from >= 100 {
			cancel()
		}
		last.Store(int64(to))
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if to := last.Load(); to > 103 {
		t.Errorf("the work stopped before row %d, want at most 103", to)
	}
}

// TestCancelingDoesNotWaitForTasks checks that a task that takes long does not delay the end of the work.
func TestCancelingDoesNotWaitForTasks(t *testing.T) {
	for name, run := range map[string]func(ctx context.Context, task func()) error{
		"Each": func(ctx context.Context, task func()) error {
			return work.Each(ctx, 100, none, func(struct{}, int) { task() })
		},
		"new state": func(ctx context.Context, task func()) error {
			return work.Rows(ctx, 100, nil, func() struct{} { task(); return struct{}{} }, func(struct{}, int, int, int) {})
		},
		"Ordered": func(ctx context.Context, task func()) error {
			return work.Ordered(ctx, 100, none, func(struct{}, int) int { task(); return 0 }, func(int) error { return nil })
		},
		"Ordered after an error": func(ctx context.Context, task func()) error {
			return work.Ordered(ctx, 100, none, func(_ struct{}, n int) int {
				if n > 0 {
					task()
				}
				return n
			}, func(int) error { return context.Canceled })
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				release := make(chan struct{})
				go func() {
					synctest.Wait() // until the tasks wait
					cancel()
				}()
				if err := run(ctx, func() { <-release }); !errors.Is(err, context.Canceled) {
					t.Errorf("error %v", err)
				}
				close(release)
			})
		})
	}
}

func none() struct{} { return struct{}{} }
