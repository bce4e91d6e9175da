// Package clipboard copies text to the clipboard of the user's machine. On a local machine it uses the system's
// clipboard through github.com/atotto/clipboard. In an SSH session, the system's clipboard would be that of the remote
// machine. In that case, the package uses tmux or asks the terminal to copy the text.
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

// timeout is how long a copy program may take. Some programs hang when their display is gone.
const timeout = 2 * time.Second

// Clipboard copies text through the system's clipboard, tmux or the terminal, depending on the environment.
type Clipboard struct {
	environ []string
	// toSystem and toTmux copy a text. Tests replace them.
	toSystem func(content string) error
	toTmux   func(ctx context.Context, content string, options ...string) error
}

// New returns a clipboard. environ is the environment, as name=value, of the programs that the clipboard starts.
func New(environ []string) Clipboard {
	c := Clipboard{environ: environ}
	c.toSystem, c.toTmux = c.writeSystem, c.loadBuffer
	return c
}

// Copy copies a text and returns the way in which the text was copied. For [ui.CopyTerminal] and [ui.CopyTmuxTerminal],
// the caller must also copy the text through the terminal.
func (c Clipboard) Copy(ctx context.Context, content string) ui.CopyWay {
	if !c.isRemote() && c.inTime(ctx, content) {
		return ui.CopySystem
	}
	if !c.has("TMUX") {
		return ui.CopyTerminal
	}
	// The option -w makes tmux copy the text to the terminal's clipboard, too. tmux before 3.2 rejects the option.
	if c.toTmux(ctx, content, "-w") == nil {
		return ui.CopyTmux
	}
	if c.toTmux(ctx, content) == nil {
		return ui.CopyTmuxTerminal
	}
	return ui.CopyTerminal
}

// inTime copies a text to the system's clipboard, and reports whether that succeeded before the timeout. A copy program
// that hangs keeps running, because the clipboard library cannot stop it.
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

// isRemote reports whether the program runs in an SSH session, which means that the user's terminal is on another
// machine.
func (c Clipboard) isRemote() bool {
	return c.has("SSH_CONNECTION") || c.has("SSH_TTY") || c.has("SSH_CLIENT")
}

// has reports whether an environment variable is set and not empty.
func (c Clipboard) has(variable string) bool {
	return slices.ContainsFunc(c.environ, func(entry string) bool {
		name, value, _ := strings.Cut(entry, "=")
		return name == variable && value != ""
	})
}

func (c Clipboard) writeSystem(content string) error {
	if system.Unsupported {
		return errors.New("no clipboard program is installed")
	}
	c.hideVariables()
	return system.WriteAll(content)
}

// hideVariables removes variables that are not in environ, such as the API key, from the environment of this process.
// The clipboard library passes this environment to the programs that it starts, and some of these programs keep
// running.
func (c Clipboard) hideVariables() {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); name != "" && !slices.Contains(c.environ, entry) {
			_ = os.Unsetenv(name)
		}
	}
}

// loadBuffer adds a text to tmux as its newest paste buffer.
func (c Clipboard) loadBuffer(ctx context.Context, content string, options ...string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	command := exec.CommandContext(ctx, "tmux", append(append([]string{"load-buffer"}, options...), "-")...)
	command.Env = c.environ
	command.Stdin = strings.NewReader(content)
	return command.Run()
}
