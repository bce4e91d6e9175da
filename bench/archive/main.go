// Archive measures how fast the items of a large run are archived and read back. It compares the times with those of
// zstd alone on the same bytes and with the same settings. It measures the zstd library on all cores and on one core,
// and the zstd program if it is installed.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"

	"sbwatch/bench/answers"
	"sbwatch/files"
	"sbwatch/files/read"
	"sbwatch/files/write"
	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

func main() {
	count := flag.Int("items", 200_000, "number of items")
	rounds := flag.Int("rounds", 5, "number of measurements of each kind")
	flag.Parse()
	if err := measure(context.Background(), *count, *rounds); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "archive:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, count, rounds int) error {
	answer, err := answers.Read(answers.HugeRecipe, count)
	if err != nil {
		return err
	}
	var lines bytes.Buffer
	if err := write.Write(ctx, &lines, answer.Items, write.Options{Format: files.NDJSON}); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "sbwatch-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	plain := filepath.Join(folder, "items.ndjson")
	if err := os.WriteFile(plain, lines.Bytes(), 0o600); err != nil {
		return err
	}
	a, r := archive.NewDirectory(filepath.Join(folder, "archive")), record()
	work := []step{
		{"zstd library, all cores", func() error { return compress(folder, lines.Bytes(), 0) }},
		{"zstd library, one core", func() error { return compress(folder, lines.Bytes(), 1) }},
		{"archive a run", func() (err error) {
			r.Archive, err = a.Write(ctx, r, answer.Items)
			return err
		}},
		{"read it back", func() error { return readBack(ctx, a, r, answer.Items) }},
	}
	if program, err := exec.LookPath("zstd"); err == nil {
		work = slices.Insert(work, 2, step{"zstd program, one core", func() error {
			return exec.CommandContext(ctx, program, "-q", "-f", "-3", "-T1", "--single-thread", plain, "-o", plain+".zst").Run()
		}})
	}
	return report(work, rounds, lines.Len(), func() int64 { return r.Archive.Bytes })
}

// step is something to measure.
type step struct {
	name string
	work func() error
}

// report measures the steps in turn and prints their median speeds. The parameter size is the size of the items in
// bytes. The function packed returns the size of the archive in bytes.
func report(steps []step, rounds, size int, packed func() int64) error {
	durations := make([][]time.Duration, len(steps))
	for range rounds {
		for i, s := range steps {
			began := time.Now()
			if err := s.work(); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			durations[i] = append(durations[i], time.Since(began))
		}
	}
	fmt.Printf("%d bytes of items, %d bytes in the archive\n", size, packed())
	slices.Sort(durations[0])
	reference := durations[0][rounds/2]
	for i, s := range steps {
		slices.Sort(durations[i])
		median := durations[i][rounds/2]
		fmt.Printf("%-24s %6.0f MB/s  %4.2f times the speed of zstd\n", s.name, float64(size)/1e6/median.Seconds(), reference.Seconds()/median.Seconds())
	}
	fmt.Println("target: archive a run at least half as fast as zstd")
	return nil
}

// compress compresses bytes into a file with the zstd library alone. cores is the number of cores; 0 stands for all.
func compress(folder string, content []byte, cores int) error {
	file, err := os.Create(filepath.Join(folder, "alone.zst"))
	if err != nil {
		return err
	}
	var options []zstd.EOption
	if cores > 0 {
		options = append(options, zstd.WithEncoderConcurrency(cores))
	}
	packed, err := zstd.NewWriter(file, options...)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	_, err = packed.Write(content)
	return errors.Join(err, packed.Close(), file.Sync(), file.Close())
}

// readBack reads the recorded run.
func readBack(ctx context.Context, a history.Archiver, r *history.Record, items item.Table) (err error) {
	file, err := history.OpenAnswer(ctx, a, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	answer, err := read.Open(io.Reader(file), read.Options{})
	if err == nil && answer.Items.Len() != items.Len() {
		err = fmt.Errorf("%d of %d items", answer.Items.Len(), items.Len())
	}
	return err
}

func record() *history.Record {
	return &history.Record{Host: "api.webscrape.ai", Run: baseline.Run{
		ID: text.NewText("k7Xb9dRmQ2p"), RecipeID: text.NewText("m3Yc2tFvN8q"), Status: run.StatusCompleted,
		StartedAt: time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC),
	}}
}
