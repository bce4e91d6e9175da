package tty

import (
	"context"
	"io"
	"os"

	"github.com/charmbracelet/x/term"
)

// ReadSecret writes a prompt to output and reads a line from input, which must be a terminal. The terminal does not
// show the line. If ctx ends first, ReadSecret restores the terminal and returns the cause of ctx.
func ReadSecret(ctx context.Context, input io.Reader, output io.Writer, prompt string) ([]byte, error) {
	file, ok := input.(*os.File)
	if !ok {
		return nil, os.ErrInvalid
	}
	modes, err := term.GetState(file.Fd())
	if err != nil {
		return nil, err
	}
	_, _ = io.WriteString(output, prompt)
	defer func() { _, _ = io.WriteString(output, "\n") }()
	type line struct {
		text []byte
		err  error
	}
	lines := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(file.Fd())
		lines <- line{text, err}
	}()
	select {
	case read := <-lines:
		return read.text, read.err
	case <-ctx.Done():
		_ = term.SetState(file.Fd(), modes)
		return nil, context.Cause(ctx)
	}
}
