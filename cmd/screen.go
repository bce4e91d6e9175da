package cmd

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

// terminalOptions connect a dashboard to the terminal. It reads keys from standard input or, where that is no terminal,
// from the terminal itself.
func (p *program) terminalOptions(gone func()) []tea.ProgramOption {
	options := []tea.ProgramOption{tea.WithOutput(p.Stdout)}
	if file, ok := p.Stdout.(*os.File); ok {
		options = []tea.ProgramOption{tea.WithOutput(screenFile{file, gone})}
	}
	keys, ok := p.Stdin.(*os.File)
	if !ok || !isTerminal(keys) {
		var err error
		if keys, _, err = tea.OpenTTY(); err != nil {
			return options // Bubble Tea fails in the same way, and says so
		}
	}
	return append(options, tea.WithInput(newKeyFile(screenFile{keys, gone})))
}

// terminalFree is a function that Bubble Tea calls while it leaves the terminal alone.
type terminalFree func()

// Run calls the function.
func (f terminalFree) Run() error {
	f()
	return nil
}

// SetStdin does nothing: the function uses no streams.
func (terminalFree) SetStdin(io.Reader) {}

// SetStdout does nothing, as [terminalFree.SetStdin].
func (terminalFree) SetStdout(io.Writer) {}

// SetStderr does nothing, as [terminalFree.SetStdin].
func (terminalFree) SetStderr(io.Writer) {}

// errStuck is the error of a dashboard that does not end: its terminal takes no output, say.
var errStuck = errors.New("the dashboard does not end")

// runScreen runs a dashboard until it is left or ctx ends. It asks for its end first, then forces it, and in the end
// abandons it: the error is then errStuck.
func (p *program) runScreen(ctx context.Context, screen *tea.Program) error {
	var modes *term.State
	file, isFile := p.Stdout.(interface{ Fd() uintptr })
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
		go end() // it waits until the dashboard listens
		select {
		case err := <-ended:
			return err
		case <-time.After(patienceAfterSignal / 2):
		}
	}
	if modes != nil {
		_ = term.SetState(file.Fd(), modes)
	}
	return errStuck
}
