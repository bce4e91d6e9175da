package cmd

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/adrg/xdg"

	"sbwatch/cmd/tty"
	"sbwatch/config"
	"sbwatch/report"
)

// Process is the environment that the operating system provides to the program. Tests provide their own.
type Process struct {
	// Args are the arguments, without the program name.
	Args   []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Environ is the environment, as name=value.
	Environ []string
	// DataHome is the directory for data of this user, unless XDG_DATA_HOME in Environ names one. If it is "", nothing
	// is kept between runs.
	DataHome string
	// ConfigHome is the directory for config files of this user, unless XDG_CONFIG_HOME in Environ names one. If it is "", there
	// is no config file.
	ConfigHome string
	// Signals receives the signals that end the program. It may be nil.
	Signals <-chan os.Signal
	// Now returns the current time.
	Now func() time.Time
}

// ThisProcess returns the environment of the current process. It starts catching signals, and discards the output of the
// standard logger, because net/http would write over the dashboard.
func ThisProcess() Process {
	log.SetOutput(io.Discard)
	signals := make(chan os.Signal, 8)
	for _, s := range endingSignals() {
		if !signal.Ignored(s) { // nohup ignores SIGHUP, and shells ignore SIGINT for background jobs
			signal.Notify(signals, s)
		}
	}
	// With a handler for SIGPIPE, a write to a closed pipe returns an error instead of killing the program, which can
	// then report its run and return the documented exit code.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return Process{
		Args:       os.Args[1:],
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Environ:    os.Environ(),
		DataHome:   home(xdg.DataHome),
		ConfigHome: home(xdg.ConfigHome),
		Signals:    signals,
		Now:        time.Now,
	}
}

// endingSignals returns the signals that end the program.
func endingSignals() []os.Signal {
	return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT}
}

// getenv returns the value of an environment variable, or "" if it is not set.
func (p Process) getenv(name string) string {
	for _, entry := range p.Environ {
		if value, found := strings.CutPrefix(entry, name+"="); found {
			return value
		}
	}
	return ""
}

// signalError is the cause of a context that was ended by a signal.
type signalError struct {
	signal os.Signal
	// stacks are the stacks of all goroutines, for SIGQUIT and SIGABRT.
	stacks string
}

// Error returns the name of the signal.
func (s signalError) Error() string { return s.signal.String() }

// Outcome returns the outcome of a command that was ended by the signal.
func (s signalError) Outcome() report.Outcome { return report.OutcomeOfSignal(s.signal) }

// maxStacks is the maximum size of the stack traces, in bytes.
const maxStacks = 1 << 20

// stacksFor returns the stacks of all goroutines for SIGQUIT and SIGABRT, like the Go runtime, or "" for other signals.
func stacksFor(s os.Signal) string {
	if s != syscall.SIGQUIT && s != syscall.SIGABRT {
		return ""
	}
	stacks := make([]byte, maxStacks)
	return string(stacks[:runtime.Stack(stacks, true)])
}

// shutdownTimeout is how long the program may take to end after a signal. After that the next signal kills it.
const shutdownTimeout = 2 * time.Second

// untilSignal returns a context that ends at the first signal, with a [signalError] as its cause.
func (p Process) untilSignal(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	go func() {
		select {
		case s := <-p.Signals:
			cancel(signalError{s, stacksFor(s)})
			time.AfterFunc(shutdownTimeout, func() { signal.Reset(endingSignals()...) })
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(context.Canceled) }
}

// usesDashboard reports whether to show the dashboard: no flag selects another output, and the terminal supports it.
func (p Process) usesDashboard(f watchFlags) bool {
	return !f.plain && !f.json && tty.IsTerminal(p.Stdout) && p.getenv("TERM") != "dumb"
}

// canAsk reports whether the user can answer a question.
func (p Process) canAsk() bool { return tty.IsTerminal(p.Stdin) && tty.IsTerminal(p.Stderr) }

// home returns a directory of this user, such as ~/.local/share on Linux, or "" if the user has no home directory.
func home(directory string) string {
	if _, err := os.UserHomeDir(); err != nil {
		return ""
	}
	return directory
}

// dataFolder returns the folder for data kept between runs: $XDG_DATA_HOME/sbwatch, or a folder in DataHome if that
// variable is not set. It returns "" if neither is known.
func (p Process) dataFolder() string { return p.folderIn("XDG_DATA_HOME", p.DataHome) }

// folderIn returns our folder in the directory that a variable names, or else in the default one; "" if neither is known.
func (p Process) folderIn(variable, home string) string {
	if given := p.getenv(variable); filepath.IsAbs(given) {
		home = given
	}
	if !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, "sbwatch")
}

// configFile returns the path of a file or folder in our config folder; "" if that folder is not known.
func (p Process) configFile(name string) string {
	folder := p.folderIn("XDG_CONFIG_HOME", p.ConfigHome)
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, name)
}

// config returns the settings of the user. It reports what is wrong with them, once.
func (p *program) config() *config.Config {
	if p.settings != nil {
		return p.settings
	}
	settings, problems := config.Read(p.configFile("config.toml"), p.getenv)
	p.settings = &settings
	for _, problem := range problems {
		p.say(problem.String())
	}
	return p.settings
}
