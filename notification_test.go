//go:build unix

package main_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/termtest"
)

const (
	focusLost   = "\x1b[O"
	focusGained = "\x1b[I"
	// notice is the start of a notification of WezTerm.
	notice = "\x1b]777;notify;sbwatch;"
)

// startNotifying starts a demo in a terminal that shows notifications.
func startNotifying(t *testing.T, args ...string) *termtest.Term {
	t.Helper()
	return start(t, []string{"TERM_PROGRAM=WezTerm"}, append([]string{"demo", "--interval", "100ms"}, args...)...)
}

func notices(term *termtest.Term) int { return bytes.Count(term.Raw(), []byte(notice)) }

// startHeldRun starts a run in a terminal that shows notifications. The run ends when the clock is advanced.
func startHeldRun(t *testing.T, recipe string) (*termtest.Term, *emulated.Clock) {
	t.Helper()
	clock := emulated.NewClock()
	_, env := emulated.Serve(t, emulator.Options{Now: clock.Now})
	term := start(t, append(env, "TERM_PROGRAM=WezTerm"), "run", "--yes", "--interval", "100ms", recipe)
	term.Wait("q quit")
	return term, clock
}

// report types focus reports and waits until the screen of a run has read them.
func report(term *termtest.Term, reports ...string) {
	term.Type(strings.Join(reports, "") + "?")
	term.Wait("esc close")
	term.Press("esc")
	// Wait for the screen of the run. The help may be absent for a moment while the screen is redrawn, and a key right
	// after esc would be read as a combination with alt.
	term.WaitFor("the help to close", func() bool {
		return !strings.Contains(term.Screen(), "esc close") && strings.Contains(term.Screen(), "balance")
	})
}

func TestNotificationWhileUnfocused(t *testing.T) {
	t.Parallel()
	term, clock := startHeldRun(t, "catalogue01")
	report(term, focusLost)
	clock.Advance(time.Hour)
	term.Wait("1 of 1,204")
	term.WaitFor("a notification", func() bool { return notices(term) == 1 })
	_, from, _ := strings.Cut(string(term.Raw()), notice)
	message, _, isWhole := strings.Cut(from, "\x1b\\\a")
	if !isWhole || !strings.HasSuffix(message, " completed: 1,204 items, drift 0.07, 1 warning") {
		t.Fatalf("the notification is %.200q", from)
	}
	lines := strings.Split(term.Screen(), "\n")
	if strings.Contains(term.Screen(), "notify") || !strings.Contains(lines[0], "catalogue01 › ") || !strings.Contains(lines[0], "✓ completed") {
		t.Errorf("the notification changed the screen:\n%s", term.Screen())
	}
	term.Type("jjl")
	term.Wait("3 of 1,204")
	term.Type("q")
	checkExit(t, term, 0)
}

func TestNoNotificationWhileFocused(t *testing.T) {
	t.Parallel()
	term, clock := startHeldRun(t, "m3Yc2tFvN8q")
	report(term, focusLost, focusGained)
	clock.Advance(time.Hour)
	term.Wait("1 of 87")
	term.Type("q")
	checkExit(t, term, 0)
	if notices(term) > 0 || bytes.Contains(term.Raw(), []byte("\a\a")) {
		t.Errorf("there was a notification: %q", term.Raw())
	}
}

func TestNotificationsOfManyRuns(t *testing.T) {
	t.Parallel()
	term := startNotifying(t, "--many", "--speed", "1000", "--notify", "always")
	term.WaitFor("a notification of several runs", func() bool { return bytes.Contains(term.Raw(), []byte(" runs ended: ")) })
	if bytes.Contains(term.Raw(), []byte("\x1b[?1004h")) {
		t.Error("the terminal is asked for focus reports, although it always notifies")
	}
	term.Type("q")
	term.Exit()
	term.ModesRestored()
	if n := notices(term); n >= 12 {
		t.Errorf("12 runs that end at about the same time made %d notifications", n)
	}
}

func TestNotificationInPlainMode(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]int{"auto": 0, "always": 1, "never": 0} {
		term := startNotifying(t, "--plain", "--speed", "1000", "--notify", mode, "m3Yc2tFvN8q")
		checkExit(t, term, 0)
		if got := notices(term); got != want {
			t.Errorf("%s: %d notifications, want %d", mode, got, want)
		}
		if got := bytes.Count(term.Raw(), []byte("\a")); got != want {
			t.Errorf("%s: the bell rang %d times, want %d", mode, got, want)
		}
	}
}

// What a command writes does not reach the screen of the dashboard. It follows the summary.
func TestCommandsBesideTheDashboard(t *testing.T) {
	t.Parallel()
	term := startNotifying(t, "--speed", "1000", "--exec", `printf 'from the hook\033[2J'; printf direct >/dev/tty; exit 2`, "m3Yc2tFvN8q")
	term.Wait("1 of 87")
	term.Type("j")
	term.Wait("2 of 87")
	if screen := term.Screen(); strings.Contains(screen, "hook") || strings.Contains(screen, "direct") {
		t.Errorf("the output is on the screen:\n%s", screen)
	}
	term.Type("q")
	checkExit(t, term, 0)
	for _, want := range []string{`: from the hook\x1b[2J`, "the command failed: exit status 2"} {
		if !strings.Contains(strings.ReplaceAll(term.Screen(), "\n", ""), want) {
			t.Errorf("%q is missing after the summary:\n%s", want, term.Screen())
		}
	}
}
