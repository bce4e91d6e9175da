//go:build unix

package main_test

import (
	"bytes"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/termtest"
)

// startJob runs the demo as a job of a shell that controls jobs. When the job stops, the shell says so, and continues it
// after a line of input.
func startJob(t *testing.T) *termtest.Term {
	t.Helper()
	term := termtest.Start(t, termtest.Options{
		Args: []string{
			"sh", "-c", `set -m; "$0" demo --speed 1; echo "stopped: $?"; read line; fg; echo "ended: $?"`,
			termtest.Build(t, "sbwatch"),
		},
		Cols: 100, Rows: 30,
	})
	term.Wait("running")
	return term
}

// aliveAgain waits until a dashboard has the terminal again and takes keys.
func aliveAgain(t *testing.T, term *termtest.Term, modes []string) {
	t.Helper()
	term.Wait("running")
	term.WaitFor("the modes of the dashboard", func() bool { return slices.Equal(term.Changed(), modes) })
	term.Type("?")
	term.Wait("esc close")
	term.Press("esc")
	term.WaitFor("the help to close", func() bool { return !strings.Contains(term.Screen(), "esc close") })
}

// takenAgain waits until a dashboard has left the terminal, taken it again and drawn everything, after output of some length.
// Only its output tells: until then the screen is still the old one.
func takenAgain(t *testing.T, term *termtest.Term, after int) {
	t.Helper()
	term.WaitFor("the dashboard to take the terminal again", func() bool {
		_, left, _ := bytes.Cut(term.Raw()[after:], []byte(ansi.ResetModeAltScreenSaveCursor))
		_, taken, _ := bytes.Cut(left, []byte(ansi.SetModeAltScreenSaveCursor))
		return bytes.Contains(taken, []byte("running"))
	})
}

func TestStoppingAndContinuing(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*termtest.Term){
		"ctrl+z":  func(term *termtest.Term) { term.Press("ctrl+z") },
		"SIGTSTP": func(term *termtest.Term) { _ = syscall.Kill(term.Foreground(), syscall.SIGTSTP) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := startJob(t)
			modes := term.Changed()
			stop(term)
			term.Wait("stopped: ")
			if changed := term.Changed(); len(changed) > 0 {
				t.Errorf("the shell got the terminal with %v", changed)
			}
			term.Press("enter")
			aliveAgain(t, term, modes)
			_ = syscall.Kill(term.Foreground(), syscall.SIGTERM)
			term.Wait("ended: 143")
			term.ModesRestored()
		})
	}
}

// SIGSTOP cannot be caught, so the shell gets the terminal as it is. What the shell makes of it must not last.
func TestContinuingAfterSIGSTOP(t *testing.T) {
	t.Parallel()
	term := startJob(t)
	modes, job := term.Changed(), term.Foreground()
	_ = syscall.Kill(job, syscall.SIGSTOP)
	term.WaitFor("the shell", func() bool { return bytes.Contains(term.Raw(), []byte("stopped: ")) })
	// A signal that ends it is not lost meanwhile.
	output := len(term.Raw())
	term.Type("\n")
	takenAgain(t, term, output)
	aliveAgain(t, term, modes)
	_ = syscall.Kill(job, syscall.SIGTERM)
	term.Wait("ended: 143")
	term.ModesRestored()
}

// A signal that comes while the program is stopped ends it when it is continued.
func TestSIGTERMWhileStopped(t *testing.T) {
	t.Parallel()
	term := startJob(t)
	job := term.Foreground()
	term.Press("ctrl+z")
	term.Wait("stopped: ")
	_ = syscall.Kill(job, syscall.SIGTERM)
	term.Press("enter")
	term.Wait("ended: 143")
	term.ModesRestored()
}

// The command of a tmux window, of "ssh -t" or of a container leads a session: no shell could continue it.
func TestNoSuspensionWithoutJobControl(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "--speed", "1")
	term.Wait("running")
	modes := term.Changed()
	term.Press("ctrl+z")
	term.Wait("cannot suspend: no shell is there to continue sbwatch")
	term.Signal(syscall.SIGTSTP) // which the system ignores for such a program
	aliveAgain(t, term, modes)
	output := len(term.Raw())
	term.Signal(syscall.SIGSTOP)
	term.Signal(syscall.SIGCONT)
	takenAgain(t, term, output)
	aliveAgain(t, term, modes)
	term.Signal(syscall.SIGTERM)
	left(t, term, 143)
}

func TestTheTimeoutAfterCtrlZWithoutJobControl(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "--speed", "1", "--timeout", "1s")
	term.Wait("q quit")
	term.Press("ctrl+z")
	left(t, term, 124)
}

func TestSignalsForDebuggingLeaveTheTerminalWhole(t *testing.T) {
	t.Parallel()
	for signal, code := range map[syscall.Signal]int{syscall.SIGQUIT: 131, syscall.SIGABRT: 134} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			term := start(t, nil, "demo", "--speed", "1")
			term.Wait("running")
			term.Signal(signal)
			left(t, term, code)
			if raw := string(term.Raw()); !strings.Contains(raw, "sbwatch: "+signal.String()) || !strings.Contains(raw, "goroutine ") {
				t.Errorf("no stacks on standard error:\n%s", term.Screen())
			}
		})
	}
}

// nohup and its like make a program ignore SIGHUP, which tells others that their terminal is gone.
func TestTheTerminalIsGoneAndSIGHUPIgnored(t *testing.T) {
	t.Parallel()
	for name, args := range map[string]string{"dashboard": "demo --speed 1", "plain": "demo --speed 5 --interval 100ms --plain"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := termtest.Start(t, termtest.Options{
				Args: []string{"sh", "-c", `trap "" HUP; exec "$0" ` + args, termtest.Build(t, "sbwatch")}, Cols: 100, Rows: 30,
			})
			term.Wait("running")
			term.HangUp()
			if code := term.Exit(); name == "dashboard" && code != 129 || code == 0 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}
