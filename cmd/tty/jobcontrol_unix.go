//go:build unix

package tty

import (
	"errors"
	"os"
	"os/signal"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// errNoJobControl is shown where ctrl+z would freeze the dashboard for good.
var errNoJobControl = errors.New("cannot suspend: no shell is there to continue sbwatch")

// Suspend stops the job that this process belongs to, as ctrl+z does in a terminal's usual mode: the other members
// too, such as the script that started us. It returns an error where nobody could continue the job.
func Suspend() error {
	if signal.Ignored(unix.SIGTSTP) || isOrphaned() {
		return errNoJobControl
	}
	return unix.Kill(0, unix.SIGTSTP)
}

// isOrphaned reports whether no shell controls the process group of this process: its parent is neither in the group nor in
// another group of the same session. So it is for the command of a tmux window, of "ssh -t" or of a container. POSIX makes such a
// group ignore SIGTSTP.
func isOrphaned() bool {
	group := unix.Getpgrp()
	session, err := unix.Getsid(0)
	if err != nil || session == group {
		return true // what started the session is outside of it
	}
	parent := os.Getppid()
	parentGroup, err := unix.Getpgid(parent)
	if err != nil {
		return true
	}
	if parentGroup == group {
		return false // a script between the shell and us
	}
	parentSession, err := unix.Getsid(parent)
	return err != nil || parentSession != session
}

// jobControl keeps the terminal whole when the dashboard is stopped and continued by signals.
type jobControl struct {
	screen *tea.Program
	tty    uintptr
	// modes are the terminal's before the dashboard.
	modes *term.State
	// stopping is set from a SIGTSTP until the SIGCONT after it. Only handle uses it.
	stopping  bool
	continued chan struct{}
}

// controlJobs handles SIGTSTP and SIGCONT for a dashboard until the function it returns is called.
func controlJobs(screen *tea.Program, tty uintptr) (end func()) {
	modes, err := term.GetState(tty)
	if err != nil {
		return func() {}
	}
	j := &jobControl{screen: screen, tty: tty, modes: modes, continued: make(chan struct{}, 1)}
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
		signal.Reset(unix.SIGTSTP) // the default again
		close(done)
	}
}

// handle never waits for the dashboard: while that is stopped it waits for what comes next here.
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
		// SIGSTOP cannot be caught: whoever had the terminal meanwhile may have changed its modes.
		j.awaitForeground()
		j.exec(func() {})
	}
}

// exec has the dashboard leave the terminal, do something and take the terminal again.
func (j *jobControl) exec(do func()) {
	resumed := func(err error) tea.Msg {
		if err != nil { // the terminal cannot be had again
			return tea.QuitMsg{}
		}
		return tea.ResumeMsg{}
	}
	go j.screen.Send(tea.Exec(terminalFree(do), resumed)())
}

// stop stops this process until it is continued in the foreground. SIGSTOP, as SIGTSTP is caught.
func (j *jobControl) stop() {
	select {
	case <-j.continued: // already
		return
	default:
	}
	if unix.Kill(unix.Getpid(), unix.SIGSTOP) == nil {
		<-j.continued
	}
	j.awaitForeground()
}

// awaitForeground waits until this process may use its terminal: a change of its modes stops one that is continued in the
// background.
func (j *jobControl) awaitForeground() { _ = term.SetState(j.tty, j.modes) }
