package write_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"sbwatch/files"
	"sbwatch/files/write"
	"sbwatch/model/item"
	"sbwatch/work"
)

// TestCancelingStopsWithinAFewRows cancels exports in each format while they compute the values of a column. Few further
// values may be computed after that, and no file may be left. The progress must advance before.
func TestCancelingStopsWithinAFewRows(t *testing.T) {
	var b item.Builder
	for range 20_000 {
		if _, err := b.Append([]byte(`{"name":"lamp"}`)); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range files.Formats() {
		t.Run(format.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const limit = 5000
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var computed, late atomic.Int64
				items := b.Items().WithComputed("slow", func(*item.Evaluation) func(int) item.Cell {
					return func(int) item.Cell {
						switch n := computed.Add(1); {
						case n == limit:
							cancel()
						case n > limit:
							late.Add(1)
						}
						return item.NewCell([]byte(`"text"`))
					}
				})
				folder := t.TempDir()
				var progress work.Progress
				target := write.Target{Name: filepath.Join(folder, "out")}
				err := target.Write(ctx, items, write.Options{Format: format, Progress: &progress})
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got error %v, want that of the context", err)
				}
				synctest.Wait() // until the calls in the background have ended
				if n := late.Load(); n > 1000 {
					t.Errorf("%d values were computed after the export was canceled", n)
				}
				if share := progress.Share(); share <= 0 || share >= 1 {
					t.Errorf("the progress was %v", share)
				}
				if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
					t.Errorf("%d files are left, %v", len(left), err)
				}
				if err := write.Write(ctx, io.Discard, items, write.Options{Format: format}); !errors.Is(err, context.Canceled) {
					t.Errorf("to a stream: got error %v, want that of the context", err)
				}
			})
		})
	}
}
