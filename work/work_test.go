package work_test

import (
	"context"
	"errors"
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
