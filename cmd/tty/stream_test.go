package tty_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"sbwatch/cmd/tty"
)

// TestStreamsDoNotBlockTheEnd writes to a pipe that nobody reads.
func TestStreamsDoNotBlockTheEnd(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = reader.Close(), writer.Close() }()
	ctx, cancel := context.WithCancelCause(t.Context())
	out := tty.NewStream(ctx, writer)
	if _, err := io.WriteString(out, "ready\n"); err != nil {
		t.Fatal(err)
	}
	ended := errors.New("the program ends")
	go cancel(ended)
	const more = 1 << 20 // more than a pipe holds
	if _, err := io.Copy(out, io.LimitReader(strings.NewReader(strings.Repeat("x", more)), more)); !errors.Is(err, ended) {
		t.Errorf("got error %v, want the cause of the context", err)
	}
	if _, err := io.WriteString(out, "y"); !errors.Is(err, ended) {
		t.Errorf("after a write that blocked: got error %v, want the cause of the context", err)
	}
	got := make([]byte, len("ready\n"))
	if _, err := io.ReadFull(reader, got); err != nil || string(got) != "ready\n" {
		t.Errorf("the pipe has %q, %v", got, err)
	}
}

// TestBlockedWritesKeepTheirText changes the text of a write that is still blocked after it has failed, as functions
// that use their buffers again do.
func TestBlockedWritesKeepTheirText(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = reader.Close(), writer.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	const size = 1 << 20 // more than a pipe holds
	text := bytes.Repeat([]byte("a"), size)
	if _, err := tty.NewStream(ctx, writer).Write(text); err == nil {
		t.Fatal("the write did not block")
	}
	for i := range text {
		text[i] = 'b'
	}
	got := make([]byte, size)
	if _, err := io.ReadFull(reader, got); err != nil || bytes.ContainsRune(got, 'b') {
		t.Errorf("the pipe has other text than was written, %v", err)
	}
}

// TestStreamsWriteAtTheEnd checks that the last lines of the program reach a pipe that somebody reads.
func TestStreamsWriteAtTheEnd(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := io.WriteString(tty.NewStream(ctx, writer), "left\n"); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close()
	if got, err := io.ReadAll(reader); err != nil || string(got) != "left\n" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestOnlyStreamsThatBlockAreWrapped(t *testing.T) {
	var buffer bytes.Buffer
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for _, w := range []io.Writer{&buffer, file} {
		if got := tty.NewStream(t.Context(), w); got != w {
			t.Errorf("%T is wrapped", w)
		}
	}
}
