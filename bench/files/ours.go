//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
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
	began := time.Now()
	if _, err := open(name); err != nil {
		return err
	}
	return printTime(os.Stdout, time.Since(began))
}

// exportOnce loads a file, exports its items to another and prints how long the export took.
func exportOnce(ctx context.Context, from, to string) error {
	items, err := open(from)
	if err != nil {
		return err
	}
	format, known := files.FormatOf(to)
	if !known {
		return fmt.Errorf("the format of %s is unknown", to)
	}
	o := write.Options{Format: format}
	o.Compression, _ = files.CompressionOf(to)
	began := time.Now()
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 256<<10)
	if err := write.Write(ctx, out, items, o); err != nil {
		return err
	}
	if err := errors.Join(out.Flush(), file.Close()); err != nil {
		return err
	}
	return printTime(os.Stdout, time.Since(began))
}

func printTime(w io.Writer, took time.Duration) error {
	_, err := fmt.Fprintln(w, took.Seconds())
	return err
}
