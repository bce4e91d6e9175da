//go:build unix

package tty

import (
	"errors"
	"io"
	"os"
	"os/signal"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// errNoJobControl is the error of Suspend if no shell could continue the dashboard.
var errNoJobControl = errors.New("cannot suspend: there is no shell that could continue sbwatch")

// Suspend stops the job of this process, as ctrl+z does in most programs. The job includes other processes, such as a
// script that started this process. If no shell could continue the job, Suspend returns an error instead.
func Suspend() error {
	if signal.Ignored(unix.SIGTSTP) || isOrphaned() {
		return errNoJobControl
	}
	return unix.Kill(0, unix.SIGTSTP)
}

// isOrphaned reports whether the process group of this process is orphaned, which means that no shell can stop and
// continue it. Examples are the process groups of commands started by tmux, "ssh -t" or a container. POSIX requires
// that an orphaned process group ignores SIGTSTP.
func isOrphaned() bool {
	group := unix.Getpgrp()
	session, err := unix.Getsid(0)
	if err != nil || session == group {
		return true // the parent of a session leader is in another session
	}
	parent := os.Getppid()
	parentGroup, err := unix.Getpgid(parent)
	if err != nil {
		return true
	}
	if parentGroup == group {
		return false // for example a script between the shell and this process
	}
	parentSession, err := unix.Getsid(parent)
	return err != nil || parentSession != session
}

// jobControl releases the terminal when a signal stops the dashboard, and sets it up again when a signal continues the
// dashboard.
type jobControl struct {
	screen *tea.Program
	tty    uintptr
	out    io.Writer
	// modes are the modes of the terminal before the dashboard started.
	modes *term.State
	// stopping is true between a SIGTSTP and the next SIGCONT. Only the method handle uses it.
	stopping  bool
	continued chan struct{}
}

// controlJobs handles SIGTSTP and SIGCONT for a dashboard until end is called.
func controlJobs(screen *tea.Program, tty uintptr, out io.Writer) (end func()) {
	modes, err := term.GetState(tty)
	if err != nil {
		return func() {}
	}
	j := &jobControl{screen: screen, tty: tty, out: out, modes: modes, continued: make(chan struct{}, 1)}
	signals, done := make(chan os.Signal, 8), make(chan struct{})
	signal.Notify(signals, unix.SIGCONT)
	if !signal.Ignored(unix.SIGTSTP) {
		signal.Notify(signals, unix.SIGTSTP)
	}
	go func() {
		for {
			select {
			case s := <-signals:
				j.handle(s)
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		signal.Reset(unix.SIGTSTP)
		close(done)
	}
}

// handle reacts to a signal. It must not wait for the dashboard, because the stopped dashboard waits until handle
// receives SIGCONT.
func (j *jobControl) handle(s os.Signal) {
	switch {
	case s == unix.SIGTSTP:
		if !isOrphaned() && !j.stopping {
			j.stopping = true
			j.exec(j.stop)
		}
	case j.stopping:
		j.stopping = false
		select {
		case j.continued <- struct{}{}:
		default:
		}
	default:
		// SIGSTOP stopped the process. It cannot be caught, so the terminal's modes were not restored, and other
		// programs may have changed them.
		j.awaitForeground()
		j.exec(func() {})
	}
}

// exec makes the dashboard release the terminal, calls the function do, and returns the terminal to the dashboard.
func (j *jobControl) exec(do func()) {
	resumed := func(err error) tea.Msg {
		if err != nil { // Bubble Tea could not restore the terminal
			return tea.QuitMsg{}
		}
		return tea.ResumeMsg{}
	}
	go j.screen.Send(tea.Exec(releasedFunc(do), resumed)())
}

// stop stops this process until the user continues it in the foreground. It uses SIGSTOP, because jobControl catches
// SIGTSTP.
func (j *jobControl) stop() {
	select {
	case <-j.continued: // SIGCONT arrived before the process was stopped
		return
	default:
	}
	_, _ = io.WriteString(j.out, ansi.ResetModeLightDark)
	defer func() { _, _ = io.WriteString(j.out, ansi.SetModeLightDark) }()
	if unix.Kill(unix.Getpid(), unix.SIGSTOP) == nil {
		<-j.continued
	}
	j.awaitForeground()
}

// awaitForeground sets the modes of the terminal. If this process is in the background, the system stops it here until
// it is in the foreground again.
func (j *jobControl) awaitForeground() { _ = term.SetState(j.tty, j.modes) }
