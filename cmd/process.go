package cmd

import (
	"context"
	"fmt"
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
	"sbwatch/model/settings"
	"sbwatch/report"
)

// Process holds the arguments, standard streams and other things that the operating system provides to the program.
// Tests create their own Process.
type Process struct {
	// Args are the arguments, without the program name.
	Args   []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Environ is the environment, as name=value.
	Environ []string
	// DataHome is the user's directory for data, unless the variable XDG_DATA_HOME selects another. If it is "", the
	// program stores no data.
	DataHome string
	// ConfigHome is the user's directory for config files, unless the variable XDG_CONFIG_HOME selects another. If it
	// is "", there is no config file.
	ConfigHome string
	// Signals receives the signals that end the program. It may be nil.
	Signals <-chan os.Signal
	// Now returns the current time.
	Now func() time.Time
}

// ThisProcess returns the Process of the current process. It starts to catch signals. It also discards the output of
// the standard logger, because net/http would otherwise write to the dashboard.
func ThisProcess() Process {
	log.SetOutput(io.Discard)
	signals := make(chan os.Signal, 8)
	for _, s := range endingSignals() {
		if !signal.Ignored(s) { // nohup ignores SIGHUP, and shells ignore SIGINT for background jobs
			signal.Notify(signals, s)
		}
	}
	// Once SIGPIPE is caught, writing to a closed pipe returns an error instead of killing the program. The program can
	// then report its run and exit with the documented code.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return Process{
		Args:       os.Args[1:],
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Environ:    os.Environ(),
		DataHome:   inHome(xdg.DataHome),
		ConfigHome: inHome(xdg.ConfigHome),
		Signals:    signals,
		Now:        time.Now,
	}
}

// endingSignals returns the signals that make the program end.
func endingSignals() []os.Signal {
	return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT}
}

func (p Process) getenv(name string) string {
	for _, entry := range p.Environ {
		if value, found := strings.CutPrefix(entry, name+"="); found {
			return value
		}
	}
	return ""
}

// signalError is the cause of a context that a signal has canceled.
type signalError struct {
	signal os.Signal
	// stacks holds the stack traces of all goroutines after SIGQUIT or SIGABRT.
	stacks string
}

// Error returns the name of the signal.
func (s signalError) Error() string { return s.signal.String() }

// Outcome returns the outcome of a command that the signal ends.
func (s signalError) Outcome() report.Outcome { return report.OutcomeOfSignal(s.signal) }

// maxStacks is the maximum size of the stack traces, in bytes.
const maxStacks = 1 << 20

// stacksFor returns the stack traces of all goroutines for SIGQUIT and SIGABRT, as the Go runtime prints them. It
// returns "" for other signals.
func stacksFor(s os.Signal) string {
	if s != syscall.SIGQUIT && s != syscall.SIGABRT {
		return ""
	}
	stacks := make([]byte, maxStacks)
	return string(stacks[:runtime.Stack(stacks, true)])
}

// shutdownTimeout is how long the program may take to end after a signal. A further signal after this time kills it.
const shutdownTimeout = 2 * time.Second

// untilSignal returns a context that is canceled by the first signal, with a [signalError] as its cause.
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

// usesDashboard reports whether to show the dashboard. Standard output must be a terminal that can show it, and none of
// --plain, --json and --screen-reader may be set.
func (p Process) usesDashboard(f watchFlags) bool {
	return !f.plain && !f.json && !f.screen.reader && tty.IsTerminal(p.Stdout) && p.getenv("TERM") != "dumb"
}

// canAsk reports whether the program can ask the user a question. Standard input and standard error must be a terminal.
func (p Process) canAsk() bool { return tty.IsTerminal(p.Stdin) && tty.IsTerminal(p.Stderr) }

// inHome returns path unchanged, or "" if the user has no home directory. path is a directory in the home directory,
// such as "/home/ann/.local/share".
func inHome(path string) string {
	if _, err := os.UserHomeDir(); err != nil {
		return ""
	}
	return path
}

// dataFolder returns the folder in which the program stores data: $XDG_DATA_HOME/sbwatch or, if that variable is not
// set, a folder in DataHome. It returns "" if neither is known.
func (p Process) dataFolder() string { return p.folderIn("XDG_DATA_HOME", p.DataHome) }

// isFirstStart reports whether this user has never seen the dashboard before. It creates a file that records the first
// start. It returns false in CI, or if the file cannot be created.
func (p Process) isFirstStart() bool {
	folder := p.dataFolder()
	if folder == "" || p.getenv("CI") != "" || os.MkdirAll(folder, 0o700) != nil {
		return false
	}
	file, err := os.OpenFile(filepath.Join(folder, "started"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return false
	}
	return file.Close() == nil
}

// folderIn returns the folder "sbwatch" in the directory that an environment variable names. If the variable is not
// set, it returns the folder "sbwatch" in home, or "" if home is empty.
func (p Process) folderIn(variable, home string) string {
	if given := p.getenv(variable); filepath.IsAbs(given) {
		home = given
	}
	if !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, "sbwatch")
}

// configFile returns the path of a file or folder inside the folder for config files. It returns "" if there is no such
// folder.
func (p Process) configFile(name string) string {
	folder := p.folderIn("XDG_CONFIG_HOME", p.ConfigHome)
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, name)
}

// config returns the user's settings. On the first call, it tells the user about problems in the config file.
func (p *program) config() *config.Config {
	reportProblems(p, readConfig(p))
	return p.settings
}

// readConfig reads the user's settings and returns the problems in them. It reads the settings only once: later calls
// return nil.
func readConfig(p *program) []settings.Problem {
	if p.settings != nil {
		return nil
	}
	settings, problems := config.Read(p.configFile("config.toml"), p.getenv)
	p.settings = &settings
	return append(problems, environmentProblems(p.getenv)...)
}

// environmentProblems returns the problems in environment variables, such as a relative path in XDG_DATA_HOME.
func environmentProblems(getenv func(name string) string) []settings.Problem {
	var problems []settings.Problem
	for _, variable := range []string{"XDG_CONFIG_HOME", "XDG_DATA_HOME"} {
		if path := getenv(variable); path != "" && !filepath.IsAbs(path) {
			problems = append(problems, settings.Problem{Reason: fmt.Sprintf("%s %q is not an absolute path: the default folder is used", variable, path)})
		}
	}
	if value := getenv(keyringVariable); value != "" && value != "on" && value != "off" {
		problems = append(problems, settings.Problem{Reason: fmt.Sprintf("%s %q is not on or off: the keyring is used", keyringVariable, value)})
	}
	return problems
}
