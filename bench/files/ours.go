//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"sbwatch/api/wire"
	"sbwatch/files"
	"sbwatch/files/read"
	"sbwatch/files/write"
	"sbwatch/model/item"
)

// open reads a file without limits.
func open(name string) (item.Table, error) {
	file, err := os.Open(name)
	if err != nil {
		return item.Table{}, err
	}
	defer func() { _ = file.Close() }()
	const unlimited = 1 << 40
	answer, err := read.Open(file, read.Options{
		Name: name, Limits: wire.Limits{Body: unlimited, Memory: unlimited}, OnItems: func(item.Table) {},
	})
	if err == nil && answer.Items.Len() == 0 {
		err = errors.New("no items")
	}
	return answer.Items, err
}

// loadOnce loads a file and prints how long it took.
func loadOnce(name string) error {
	w := startWatch()
	if _, err := open(name); err != nil {
		return err
	}
	return w.print(os.Stdout)
}

// exportOnce loads a file, exports its items to another file, and prints how long the export took.
func exportOnce(ctx context.Context, from, to string) error {
	items, err := open(from)
	if err != nil {
		return err
	}
	format, known := files.FormatOf(to)
	if !known {
		return fmt.Errorf("the format of %s is unknown", to)
	}
	o := write.Options{Format: format, ParquetZstd: strings.Contains(to, ".zstd.")}
	o.Compression, _ = files.CompressionOf(to)
	w := startWatch()
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	if err := errors.Join(write.ToFile(ctx, file, items, o), file.Close()); err != nil {
		return err
	}
	return w.print(os.Stdout)
}

type stopwatch struct {
	began time.Time
	cpu   time.Duration
}

func startWatch() stopwatch { return stopwatch{time.Now(), cpuTime()} }

// print prints the time and the CPU time since the start, in seconds.
func (s stopwatch) print(w io.Writer) error {
	_, err := fmt.Fprintln(w, time.Since(s.began).Seconds(), (cpuTime() - s.cpu).Seconds())
	return err
}

// cpuTime returns the CPU time of this process so far.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // fails only for a wrong argument
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
