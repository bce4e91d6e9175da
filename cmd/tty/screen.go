// Package tty handles the terminal. It detects a terminal, determines its size, and runs a Bubble Tea program on it
// ([Screen]). It restores the terminal, no matter how the program ends or is stopped.
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

// screenFile is the file of a terminal. It calls the function gone when the terminal no longer exists.
type screenFile struct {
	*os.File
	gone func()
}

// Read reads input from the terminal.
func (f screenFile) Read(keys []byte) (int, error) {
	n, err := f.File.Read(keys)
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO) {
		f.gone()
	}
	return n, err
}

// Write writes output to the terminal.
func (f screenFile) Write(text []byte) (int, error) {
	n, err := f.File.Write(text)
	if errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO) {
		f.gone()
	}
	return n, err
}

// keyFile is the file of a terminal whose input is filtered by a pasteFilter.
type keyFile struct {
	screenFile
	pastes *pasteFilter
}

func newKeyFile(f screenFile) keyFile { return keyFile{f, &pasteFilter{source: f, now: time.Now}} }

// Read reads keys and filtered pastes.
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
	// Timeout is how long Run waits for the program to quit after ctx has ended. If the program does not quit, Run
	// kills it and waits for the same time again.
	Timeout time.Duration
	// Gone is called when the terminal no longer exists, for example because its window was closed.
	Gone func()
}

// options returns the options that connect a program to the terminal. Keys come from standard input or, if that is not
// a terminal, from the controlling terminal. The caller handles signals: Bubble Tea does not handle SIGHUP, and it
// treats SIGTERM like a normal quit.
func (s Screen) options() []tea.ProgramOption {
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithEnvironment(s.Environ)}
	out := s.Out
	if known, ok := out.(*stream); ok {
		out = known.File // Run does not wait for writes that block
	}
	if file, ok := out.(*os.File); ok {
		options = append(options, tea.WithOutput(screenFile{file, s.Gone}))
	} else {
		options = append(options, tea.WithOutput(out))
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

// rendererDelay is how long to wait for Bubble Tea's renderer to stop when the terminal is released. Bubble Tea tells
// the renderer to stop, but does not wait for it. The next renderer uses the same ticker. If the old renderer stopped
// this ticker after the new one has started it, the screen would stay empty.
const rendererDelay = 50 * time.Millisecond

// releasedFunc is a [tea.ExecCommand] that calls a function while the terminal is released.
type releasedFunc func()

// Run waits for rendererDelay, so that the renderer has stopped, and then calls f.
func (f releasedFunc) Run() error {
	time.Sleep(rendererDelay)
	f()
	return nil
}

// SetStdin does nothing: a releasedFunc uses no streams.
func (releasedFunc) SetStdin(io.Reader) {}

// SetStdout does nothing: a releasedFunc uses no streams.
func (releasedFunc) SetStdout(io.Writer) {}

// SetStderr does nothing: a releasedFunc uses no streams.
func (releasedFunc) SetStderr(io.Writer) {}

// ErrStuck is the error for a program that does not end, for example because the terminal accepts no output.
var ErrStuck = errors.New("the dashboard did not quit")

// Run runs a program until it ends. Meanwhile, the terminal reports when it switches between dark and light colors. If
// ctx ends first, Run tells the program to quit, and kills it after Timeout. If the program still does not end, Run
// abandons it and returns [ErrStuck].
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
		if _, err := io.WriteString(s.Out, ansi.SetModeLightDark); err != nil && ctx.Err() != nil {
			return // the terminal accepts no output, and the program must end
		}
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
