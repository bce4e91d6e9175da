//go:build unix

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// start holds the measurements for one way to open a file: the times until sbwatch shows the first rows (ours), and the
// times until a minimal program shows its first text (other).
type start struct {
	what        string
	ours, other []time.Duration
}

// measureOurs measures single operations of sbwatch. It runs bench/items, in a new process for each round.
func (b *bench) measureOurs(all *samples) error {
	found, err := b.run(b.figure, "-file", b.file)
	if err != nil {
		return fmt.Errorf("%s: %w", b.figure, err)
	}
	all.add(found)
	return nil
}

// measureStarts measures the time from the start of a program to its first rows on the screen. The programs take turns.
func (b *bench) measureStarts() ([]start, error) {
	starts := []start{{what: "a file"}, {what: "a pipe"}}
	for range b.rounds + 1 { // the first round only warms up the file cache
		for i := range starts {
			other, err := b.startOnce(nil, "one line", b.minimal)
			if err != nil {
				return nil, err
			}
			ours, err := b.openOnce(i == 1)
			if err != nil {
				return nil, err
			}
			starts[i].ours = append(starts[i].ours, ours)
			starts[i].other = append(starts[i].other, other)
		}
	}
	for i := range starts {
		starts[i].ours, starts[i].other = starts[i].ours[1:], starts[i].other[1:]
	}
	return starts, nil
}

// openOnce opens the file in sbwatch, by its name or through a pipe.
func (b *bench) openOnce(piped bool) (time.Duration, error) {
	if !piped {
		return b.startOnce(nil, firstRow, b.sbwatch, "open", b.file)
	}
	file, err := os.Open(b.file)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	r, w, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Close() }()
	first := make([]byte, 32<<10)
	if _, err := io.ReadFull(file, first); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, err
	}
	if _, err := w.Write(first); err != nil {
		return 0, err
	}
	go func() {
		_, _ = io.Copy(w, file) // ends when the program ends
		_ = w.Close()
	}()
	return b.startOnce(r, firstRow, b.sbwatch, "open", "-")
}

func (b *bench) startOnce(stdin *os.File, pattern string, args ...string) (time.Duration, error) {
	s, err := b.start(stdin, args...)
	if err != nil {
		return 0, err
	}
	defer s.end()
	return s.await(pattern, s.started, patience)
}
