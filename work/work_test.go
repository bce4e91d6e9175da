package work_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

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

// TestNoTasksNeedNoState checks that the function that creates states, which may wait for one, is not called in vain.
func TestNoTasksNeedNoState(t *testing.T) {
	begun := false
	err := work.EachBeside(t.Context(), 0, func() struct{} {
		t.Error("a state without a task")
		return struct{}{}
	}, func(struct{}, int) {}, func() { begun = true })
	if err != nil || !begun {
		t.Errorf("begun: %v, %v", begun, err)
	}
}

// TestEachBesideRunsTasksMeanwhile checks that tasks begin before the function of the caller has returned.
func TestEachBesideRunsTasksMeanwhile(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	begun := make(chan int, 10)
	first := -1
	err := work.EachBeside(t.Context(), cap(begun), func() struct{} { return struct{}{} }, func(_ struct{}, task int) { begun <- task }, func() {
		first = <-begun
	})
	if err != nil || first != 0 || len(begun) != cap(begun)-1 {
		t.Errorf("task %d came first, then %d others, %v", first, len(begun), err)
	}
}

// TestEachBesideWaitsAfterAPanic checks that no task runs after the function of the caller has panicked.
func TestEachBesideWaitsAfterAPanic(t *testing.T) {
	var begun, done atomic.Int32
	defer func() {
		if reason := recover(); reason != "bug" || begun.Load() != done.Load() {
			t.Errorf("recovered %v, %d of %d tasks are done", reason, done.Load(), begun.Load())
		}
	}()
	err := work.EachBeside(t.Context(), 1000, func() struct{} { return struct{}{} }, func(struct{}, int) {
		begun.Add(1)
		runtime.Gosched()
		done.Add(1)
	}, func() { panic("bug") })
	t.Errorf("no panic, %v", err)
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
