// Package tty is the terminal that a program has: whether there is one, how large it is, and running a Bubble Tea program on
// it so that the terminal is whole again whatever ends, stops or continues the program.
package tty

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/term"
)

// screenFile is a terminal that tells when it is gone.
type screenFile struct {
	*os.File
	gone func()
}

// Read reads keys.
func (f screenFile) Read(keys []byte) (int, error) {
	n, err := f.File.Read(keys)
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO) {
		f.gone()
	}
	return n, err
}

// Write writes to the screen.
func (f screenFile) Write(text []byte) (int, error) {
	n, err := f.File.Write(text)
	if errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO) {
		f.gone()
	}
	return n, err
}

// keyFile is a terminal that keys are read from.
type keyFile struct {
	screenFile
	pastes *pasteFilter
}

func newKeyFile(f screenFile) keyFile { return keyFile{f, &pasteFilter{source: f, now: time.Now}} }

// Read reads keys and what is pasted.
func (f keyFile) Read(keys []byte) (int, error) { return f.pastes.Read(keys) }

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(stream any) bool {
	file, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(file.Fd())
}

// Size returns the size of a terminal in cells, 80 by 24 where it does not tell.
func Size(stream any) (width, height int) {
	if file, ok := stream.(interface{ Fd() uintptr }); ok {
		width, height, err := term.GetSize(file.Fd())
		if err == nil && width > 0 && height > 0 {
			return width, height
		}
	}
	return 80, 24
}

// Screen is where a program runs.
type Screen struct {
	In  io.Reader
	Out io.Writer
	// Environ is the environment, as name=value.
	Environ []string
	// Patience is how long a program that was asked to end may take, before it is forced to and again before it is abandoned.
	Patience time.Duration
	// Gone is called when the terminal is gone.
	Gone func()
}

// options connect a program to the terminal. It reads keys from standard input or, where that is no terminal, from the
// terminal itself. Signals are the caller's: Bubble Tea takes SIGTERM for a plain quit, and does not know SIGHUP.
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
			return options // Bubble Tea fails in the same way, and says so
		}
	}
	return append(options, tea.WithInput(newKeyFile(screenFile{keys, s.Gone})))
}

// rendererRest is how long the renderer of Bubble Tea gets to end when the terminal is left. Bubble Tea tells it to end but does
// not wait, and the next renderer uses the same ticker: an old one that stops the ticker after the next one has started it makes
// the screen stay empty.
const rendererRest = 50 * time.Millisecond

// terminalFree is a function that Bubble Tea calls while it leaves the terminal alone.
type terminalFree func()

// Run calls the function.
func (f terminalFree) Run() error {
	time.Sleep(rendererRest)
	f()
	return nil
}

// SetStdin does nothing: the function uses no streams.
func (terminalFree) SetStdin(io.Reader) {}

// SetStdout does nothing, as [terminalFree.SetStdin].
func (terminalFree) SetStdout(io.Writer) {}

// SetStderr does nothing, as [terminalFree.SetStdin].
func (terminalFree) SetStderr(io.Writer) {}

// ErrStuck is the error of a program that does not end, because its terminal takes no output, say.
var ErrStuck = errors.New("the dashboard does not end")

// Run runs a program until it ends or ctx does. Then it asks the program to end, forces it, and at last abandons it: the error
// is then ErrStuck.
func (s Screen) Run(ctx context.Context, model tea.Model) error {
	screen := tea.NewProgram(model, s.options()...)
	var modes *term.State
	file, isFile := s.Out.(interface{ Fd() uintptr })
	if isFile {
		modes, _ = term.GetState(file.Fd())
		defer controlJobs(screen, file.Fd())()
	}
	ended := make(chan error, 1)
	go func() {
		_, err := screen.Run()
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	for _, end := range []func(){screen.Quit, screen.Kill} {
		go end() // it waits until the program listens
		select {
		case err := <-ended:
			return err
		case <-time.After(s.Patience):
		}
	}
	if modes != nil {
		_ = term.SetState(file.Fd(), modes)
	}
	return ErrStuck
}
