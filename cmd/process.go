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

	"sbwatch/cmd/tty"
	"sbwatch/report"

	"github.com/adrg/xdg"
)

// Process is what the operating system gives a program. Tests give something else.
type Process struct {
	// Args are the arguments, without the program's own name.
	Args   []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Environ is the environment, as name=value.
	Environ []string
	// DataHome is the directory for data of this user, unless XDG_DATA_HOME in Environ names one. If it is "", nothing
	// is kept between runs.
	DataHome string
	// Signals are those that ask the program to end; nil where there are none.
	Signals <-chan os.Signal
	// Now is the clock.
	Now func() time.Time
}

// ThisProcess is the real one. From now on its signals are caught, and what the standard library logs by itself goes
// nowhere: net/http would write onto the dashboard.
func ThisProcess() Process {
	log.SetOutput(io.Discard)
	signals := make(chan os.Signal, 8)
	for _, s := range endingSignals() {
		if !signal.Ignored(s) { // nohup lets a program outlive its terminal; a shell spares those in the background
			signal.Notify(signals, s)
		}
	}
	// Caught and not read: a write to a closed pipe then fails, instead of ending the program before it could say what
	// became of its run.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return Process{
		Args:     os.Args[1:],
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Environ:  os.Environ(),
		DataHome: dataHome(),
		Signals:  signals,
		Now:      time.Now,
	}
}

// endingSignals are those that ask a program to end.
func endingSignals() []os.Signal {
	return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT}
}

// getenv is the value of an environment variable; empty where it is not set.
func (p Process) getenv(name string) string {
	for _, entry := range p.Environ {
		if value, found := strings.CutPrefix(entry, name+"="); found {
			return value
		}
	}
	return ""
}

// signalled is the cause of a context that a signal ended.
type signalled struct {
	signal os.Signal
	// stacks are those of all goroutines, where the signal asks for them.
	stacks string
}

// Error names the signal.
func (s signalled) Error() string { return s.signal.String() }

// Outcome returns the outcome of a command that the signal ended.
func (s signalled) Outcome() report.Outcome { return report.OutcomeOfSignal(s.signal) }

// maxStacks bounds what is told of the goroutines, in bytes.
const maxStacks = 1 << 20

// stacksFor gives the stacks of all goroutines for SIGQUIT and SIGABRT, as Go does; "" for other signals.
func stacksFor(s os.Signal) string {
	if s != syscall.SIGQUIT && s != syscall.SIGABRT {
		return ""
	}
	stacks := make([]byte, maxStacks)
	return string(stacks[:runtime.Stack(stacks, true)])
}

// patienceAfterSignal is how long a program that was asked to end may take before the next signal simply kills it.
const patienceAfterSignal = 2 * time.Second

// untilSignal gives a context that the first signal ends; its cause is then a [signalled].
func (p Process) untilSignal(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	go func() {
		select {
		case s := <-p.Signals:
			cancel(signalled{s, stacksFor(s)})
			time.AfterFunc(patienceAfterSignal, func() { signal.Reset(endingSignals()...) })
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(context.Canceled) }
}

// usesDashboard reports whether the dashboard is wanted and there is a terminal that can show it.
func (p *program) usesDashboard(f watchFlags) bool {
	return !f.plain && !f.json && tty.IsTerminal(p.Stdout) && p.getenv("TERM") != "dumb"
}

// canAsk reports whether there is somebody to answer a question.
func (p *program) canAsk() bool { return tty.IsTerminal(p.Stdin) && tty.IsTerminal(p.Stderr) }

// dataHome returns the directory in which programs of this user keep their data, such as ~/.local/share on Linux. It
// returns "" if the user has no home directory.
func dataHome() string {
	if _, err := os.UserHomeDir(); err != nil {
		return ""
	}
	return xdg.DataHome
}

// dataFolder returns the folder for data kept between runs: $XDG_DATA_HOME/sbwatch, or a folder in DataHome if that
// variable is not set. It returns "" if neither is known.
func (p *program) dataFolder() string {
	home := p.DataHome
	if data := p.getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		home = data
	}
	if !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, "sbwatch")
}
