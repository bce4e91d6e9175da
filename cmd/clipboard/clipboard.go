// Package clipboard copies text to the clipboard of the user's machine.
//
// Locally it uses the system's clipboard through github.com/atotto/clipboard. Over SSH that would be the clipboard of the
// wrong machine, so only tmux and the terminal remain.
package clipboard

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	system "github.com/atotto/clipboard"

	"sbwatch/ui"
)

// timeout is the maximum time to wait for each program that copies. Some hang when their display is gone.
const timeout = 2 * time.Second

// Clipboard copies text in the way that suits the environment.
type Clipboard struct {
	environ []string
	// toSystem and toTmux are replaced in tests.
	toSystem func(content string) error
	toTmux   func(ctx context.Context, content string, options ...string) error
}

// New returns a clipboard. Programs that it starts get the environment environ, as name=value.
func New(environ []string) Clipboard {
	c := Clipboard{environ: environ}
	c.toSystem, c.toTmux = c.writeSystem, c.loadBuffer
	return c
}

// Copy copies a text and returns how: to the system's clipboard, to tmux, or not at all, because only the terminal can do
// it.
func (c Clipboard) Copy(ctx context.Context, content string) ui.CopyWay {
	if !c.isRemote() && c.inTime(ctx, content) {
		return ui.CopySystem
	}
	if !c.has("TMUX") {
		return ui.CopyTerminal
	}
	// With -w, tmux passes the text on to the terminal. Versions before 3.2 do not have that option.
	if c.toTmux(ctx, content, "-w") == nil {
		return ui.CopyTmux
	}
	if c.toTmux(ctx, content) == nil {
		return ui.CopyTmuxTerminal
	}
	return ui.CopyTerminal
}

// inTime copies to the system's clipboard and reports whether that succeeded within timeout. A program that hangs keeps
// running, because the library cannot stop it.
func (c Clipboard) inTime(ctx context.Context, content string) bool {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- c.toSystem(content) }()
	select {
	case err := <-done:
		return err == nil
	case <-ctx.Done():
		return false
	}
}

// isRemote reports whether the terminal is on another machine.
func (c Clipboard) isRemote() bool {
	return c.has("SSH_CONNECTION") || c.has("SSH_TTY") || c.has("SSH_CLIENT")
}

// has reports whether a variable of the environment is not empty.
func (c Clipboard) has(variable string) bool {
	return slices.ContainsFunc(c.environ, func(entry string) bool {
		name, value, _ := strings.Cut(entry, "=")
		return name == variable && value != ""
	})
}

// writeSystem writes to the system's clipboard.
func (c Clipboard) writeSystem(content string) error {
	if system.Unsupported {
		return errors.New("no clipboard program is installed")
	}
	c.hideVariables()
	return system.WriteAll(content)
}

// hideVariables removes the variables that environ does not have, such as the API key, from the environment of this
// process: the library passes that to the programs that it starts, and some of them keep running.
func (c Clipboard) hideVariables() {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); name != "" && !slices.Contains(c.environ, entry) {
			_ = os.Unsetenv(name)
		}
	}
}

// loadBuffer makes a text the newest buffer of tmux.
func (c Clipboard) loadBuffer(ctx context.Context, content string, options ...string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	command := exec.CommandContext(ctx, "tmux", append(append([]string{"load-buffer"}, options...), "-")...)
	command.Env = c.environ
	command.Stdin = strings.NewReader(content)
	return command.Run()
}
