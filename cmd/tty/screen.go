// Package tty handles the terminal: it detects one, measures it, and runs a Bubble Tea program on it ([Screen]) so that
// the terminal is restored however the program ends or is stopped.
package tty

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// screenFile is a terminal that calls gone when it no longer exists.
type screenFile struct {
	*os.File
	gone func()
}

// Read reads input.
func (f screenFile) Read(keys []byte) (int, error) {
	n, err := f.File.Read(keys)
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO) {
		f.gone()
	}
	return n, err
}

// Write writes output.
func (f screenFile) Write(text []byte) (int, error) {
	n, err := f.File.Write(text)
	if errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO) {
		f.gone()
	}
	return n, err
}

// keyFile is a terminal whose input is filtered by a pasteFilter.
type keyFile struct {
	screenFile
	pastes *pasteFilter
}

func newKeyFile(f screenFile) keyFile { return keyFile{f, &pasteFilter{source: f, now: time.Now}} }

// Read reads keys and pastes.
func (f keyFile) Read(keys []byte) (int, error) { return f.pastes.Read(keys) }

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(stream any) bool {
	file, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(file.Fd())
}

// Size returns the size of a terminal in cells, or 80 by 24 if it is unknown.
func Size(stream any) (width, height int) {
	if file, ok := stream.(interface{ Fd() uintptr }); ok {
		width, height, err := term.GetSize(file.Fd())
		if err == nil && width > 0 && height > 0 {
			return width, height
		}
	}
	return 80, 24
}

// Screen runs a Bubble Tea program on a terminal.
type Screen struct {
	In  io.Reader
	Out io.Writer
	// Environ is the environment, as name=value.
	Environ []string
	// Timeout is how long to wait for the program to quit, and then again for it to be killed.
	Timeout time.Duration
	// Gone is called when the terminal is gone.
	Gone func()
}

// options returns the options that connect a program to the terminal. It reads keys from standard input or, if that is
// not a terminal, from the controlling terminal. The caller handles signals, because Bubble Tea does not distinguish
// SIGTERM from a normal quit and does not handle SIGHUP.
func (s Screen) options() []tea.ProgramOption {
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithEnvironment(s.Environ)}
	if file, ok := s.Out.(*os.File); ok {
		options = append(options, tea.WithOutput(screenFile{file, s.Gone}))
	} else {
		options = append(options, tea.WithOutput(s.Out))
	}
	keys, ok := s.In.(*os.File)
	if !ok || !IsTerminal(keys) {
		var err error
		if keys, _, err = tea.OpenTTY(); err != nil {
			return options // Bubble Tea fails in the same way and reports the error
		}
	}
	return append(options, tea.WithInput(newKeyFile(screenFile{keys, s.Gone})))
}

// rendererDelay is how long a renderer of Bubble Tea gets to end when the terminal is released. Bubble Tea signals it to
// end but does not wait, and the next renderer uses the same ticker: an old renderer that stops the ticker after the next
// one has started it leaves the screen empty.
const rendererDelay = 50 * time.Millisecond

// releasedFunc is a [tea.ExecCommand] that calls a function while Bubble Tea has released the terminal.
type releasedFunc func()

// Run calls the function.
func (f releasedFunc) Run() error {
	time.Sleep(rendererDelay)
	f()
	return nil
}

// SetStdin does nothing because the function uses no streams.
func (releasedFunc) SetStdin(io.Reader) {}

// SetStdout does nothing because the function uses no streams.
func (releasedFunc) SetStdout(io.Writer) {}

// SetStderr does nothing because the function uses no streams.
func (releasedFunc) SetStderr(io.Writer) {}

// ErrStuck is the error of a program that cannot be ended, for example because its terminal accepts no output.
var ErrStuck = errors.New("the dashboard did not quit")

// Run runs a program until it ends or ctx ends. Meanwhile the terminal reports changes between its dark and its light colors. When ctx ends, it tells the program to quit and then kills it. If both
// take longer than the timeout, it abandons the program and returns [ErrStuck].
func (s Screen) Run(ctx context.Context, model tea.Model) error {
	screen := tea.NewProgram(model, s.options()...)
	var modes *term.State
	file, isFile := s.Out.(interface{ Fd() uintptr })
	if isFile {
		modes, _ = term.GetState(file.Fd())
		defer controlJobs(screen, file.Fd(), s.Out)()
	}
	ended := make(chan error, 1)
	go func() {
		_, _ = io.WriteString(s.Out, ansi.SetModeLightDark)
		_, err := screen.Run()
		_, _ = io.WriteString(s.Out, ansi.ResetModeLightDark)
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	for _, end := range []func(){screen.Quit, screen.Kill} {
		go end() // blocks until the program reads its messages
		select {
		case err := <-ended:
			return err
		case <-time.After(s.Timeout):
		}
	}
	if modes != nil {
		_ = term.SetState(file.Fd(), modes)
	}
	return ErrStuck
}
