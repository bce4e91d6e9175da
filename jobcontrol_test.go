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

// startJob runs the demo as a job of a shell with job control. The shell reports when the job stops, and continues it
// after a line of input.
func startJob(t *testing.T) *termtest.Term {
	t.Helper()
	term := termtest.Start(t, termtest.Options{
		Args: []string{
			"sh", "-c", `set -m; "$0" demo --speed 1; echo "stopped: $?"; read line; fg; echo "ended: $?"`,
			sbwatch.Path(t),
		},
		Cols: 100, Rows: 30,
	})
	term.Wait("running")
	return term
}

// dashboardModes waits until a dashboard has set all its modes, even those that depend on the terminal's answers, and
// returns them.
func dashboardModes(term *termtest.Term) []string {
	term.WaitFor("the last mode", func() bool { return slices.Contains(term.Changed(), "grapheme clusters on") })
	report(term) // what the dashboard wrote together with this mode has arrived, too
	return term.Changed()
}

// waitForDashboard waits until the dashboard uses the terminal again and reacts to keys.
func waitForDashboard(t *testing.T, term *termtest.Term, modes []string) {
	t.Helper()
	term.Wait("running")
	term.WaitFor("the modes of the dashboard", func() bool { return slices.Equal(term.Changed(), modes) })
	report(term)
}

// waitForRedraw waits until a dashboard has left the terminal, returned to it and drawn everything. after is the length
// of the output before. The screen cannot show this, because it does not change until then.
func waitForRedraw(t *testing.T, term *termtest.Term, after int) {
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
			modes := dashboardModes(term)
			stop(term)
			term.Wait("stopped: ")
			if changed := term.Changed(); len(changed) > 0 {
				t.Errorf("not restored for the shell: %v", changed)
			}
			term.Press("enter")
			waitForDashboard(t, term, modes)
			_ = syscall.Kill(term.Foreground(), syscall.SIGTERM)
			term.Wait("ended: 143")
			term.ModesRestored()
		})
	}
}

// TestContinuingAfterSIGSTOP checks that the dashboard restores its modes. SIGSTOP cannot be caught, so the shell gets
// the terminal unchanged and may change it.
func TestContinuingAfterSIGSTOP(t *testing.T) {
	t.Parallel()
	term := startJob(t)
	modes, job := dashboardModes(term), term.Foreground()
	_ = syscall.Kill(job, syscall.SIGSTOP)
	term.WaitFor("the shell", func() bool { return bytes.Contains(term.Raw(), []byte("stopped: ")) })
	// A signal that would end the program must still be handled afterwards.
	output := len(term.Raw())
	term.Type("\n")
	waitForRedraw(t, term, output)
	waitForDashboard(t, term, modes)
	_ = syscall.Kill(job, syscall.SIGTERM)
	term.Wait("ended: 143")
	term.ModesRestored()
}

// TestSIGTERMWhileStopped checks that a signal sent to a stopped program ends it once it is continued.
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

// TestNoSuspensionWithoutJobControl is about programs that are started directly by a tmux window, by "ssh -t" or by a
// container. Such a program leads a session, so no shell could continue it.
func TestNoSuspensionWithoutJobControl(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "--speed", "1")
	term.Wait("running")
	modes := dashboardModes(term)
	term.Press("ctrl+z")
	term.Wait("cannot suspend: there is no shell that could continue sbwatch")
	term.Signal(syscall.SIGTSTP) // the system ignores it for such a program
	waitForDashboard(t, term, modes)
	output := len(term.Raw())
	term.Signal(syscall.SIGSTOP)
	term.Signal(syscall.SIGCONT)
	waitForRedraw(t, term, output)
	waitForDashboard(t, term, modes)
	term.Signal(syscall.SIGTERM)
	checkExit(t, term, 143)
}

func TestTimeoutAfterCtrlZWithoutJobControl(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "--speed", "1", "--timeout", "5s") // long enough to see the screen on a busy machine
	term.Wait("q quit")
	term.Press("ctrl+z")
	checkExit(t, term, 124)
}

func TestDebugSignalsRestoreTheTerminal(t *testing.T) {
	t.Parallel()
	for signal, code := range map[syscall.Signal]int{syscall.SIGQUIT: 131, syscall.SIGABRT: 134} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			term := start(t, nil, "demo", "--speed", "1")
			term.Wait("running")
			term.Signal(signal)
			checkExit(t, term, code)
			if raw := string(term.Raw()); !strings.Contains(raw, "sbwatch: "+signal.String()) || !strings.Contains(raw, "goroutine ") {
				t.Errorf("no stacks on standard error:\n%s", term.Screen())
			}
		})
	}
}

// TestTerminalGoneWithSIGHUPIgnored is about programs started by nohup. They ignore the signal that reports a closed
// terminal.
func TestTerminalGoneWithSIGHUPIgnored(t *testing.T) {
	t.Parallel()
	for name, args := range map[string]string{"dashboard": "demo --speed 1", "plain": "demo --speed 5 --interval 100ms --plain"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := termtest.Start(t, termtest.Options{
				Args: []string{"sh", "-c", `trap "" HUP; exec "$0" ` + args, sbwatch.Path(t)}, Cols: 100, Rows: 30,
			})
			term.Wait("running")
			term.HangUp()
			if code := term.Exit(); name == "dashboard" && code != 129 || code == 0 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}
