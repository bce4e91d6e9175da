//go:build unix

package termtest_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"sbwatch/internal/termtest"
)

// counter returns a program that counts keys.
func counter(withoutRace bool) *termtest.Program {
	return &termtest.Program{Package: "./testdata/counter", WithoutRace: withoutRace}
}

func sh(t testing.TB, script string) *termtest.Term {
	return termtest.Start(t, termtest.Options{Args: []string{"sh", "-c", script}})
}

func TestBubbleTeaProgram(t *testing.T) {
	term := termtest.Start(t, termtest.Options{
		Args: []string{counter(false).Path(t)},
		Cols: 40, Rows: 10,
	})
	term.Wait("size 40x10")
	term.Press("up", "up", "up", "down")
	term.WaitMatch(`👩‍👩‍👧 count 2\nsize`)
	term.Resize(100, 30)
	term.Wait("size 100x30")
	if got, want := term.Screen(), "👩‍👩‍👧 count 2\nsize 100x30"; got != want {
		t.Errorf("screen %q, want %q", got, want)
	}
	term.WaitFor("the window title", func() bool { return bytes.Contains(term.Raw(), []byte("\x1b]2;counter\a")) })
	term.Type("q")
	if code := term.Exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if got := term.Screen(); !strings.Contains(got, "counted to 2") || strings.Contains(got, "size") {
		t.Errorf("the normal screen is not restored:\n%s", got)
	}
	term.ModesRestored()
}

func TestBubbleTeaProgramInterrupted(t *testing.T) {
	term := termtest.Start(t, termtest.Options{Args: []string{counter(true).Path(t)}})
	term.Wait("count 0")
	term.Press("ctrl+c")
	if code := term.Exit(); code != 3 {
		t.Errorf("exit code %d", code)
	}
	term.Wait("interrupted")
	term.ModesRestored()
}

func TestExitCodes(t *testing.T) {
	for script, want := range map[string]int{
		"exit 0":         0,
		"exit 7":         7,
		"kill -TERM $$":  128 + 15,
		"echo x; exit 1": 1,
		// A process that the program leaves behind keeps the terminal open. The test must still end.
		"sleep 1000 & exit 2": 2,
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			if code := sh(t, script).Exit(); code != want {
				t.Errorf("exit code %d, want %d", code, want)
			}
		})
	}
}

func TestSignal(t *testing.T) {
	term := sh(t, `trap 'echo told; exit 5' TERM; echo ready; while :; do sleep 0.01; done`)
	term.Wait("ready")
	term.Signal(syscall.SIGTERM)
	if code := term.Exit(); code != 5 {
		t.Errorf("exit code %d", code)
	}
	term.Wait("told")
}

// TestAllOutputIsRead checks that the last output of a program is not lost.
func TestAllOutputIsRead(t *testing.T) {
	const lines = 4000 // many times the buffer of a pseudo terminal
	term := sh(t, fmt.Sprintf("seq 1 %d; printf the-end", lines))
	term.Exit()
	want := []byte(strconv.Itoa(lines) + "\r\nthe-end")
	if raw := term.Raw(); !bytes.HasSuffix(raw, want) || bytes.Count(raw, []byte("\n")) != lines {
		t.Errorf("%d lines, ending in %q", bytes.Count(raw, []byte("\n")), raw[max(0, len(raw)-40):])
	}
	if !strings.HasSuffix(term.Screen(), "\nthe-end") {
		t.Errorf("screen:\n%s", term.Screen())
	}
}

// TestSynchronizedUpdateShowsWhole checks that half a frame is never visible, however the frame is split into reads.
func TestSynchronizedUpdateShowsWhole(t *testing.T) {
	const joiner = "\u200d"
	term := sh(t, `stty -echo; printf old; read _
		printf '\033[?2026h\r\033[Knew 👩‍👩'; read _
		printf '`+joiner+`👧|\033[?2026l'; read _`)
	term.Wait("old")
	term.Press("enter")
	term.WaitFor("half the frame", func() bool { return bytes.Contains(term.Raw(), []byte("new 👩‍👩")) })
	if got := term.Screen(); got != "old" {
		t.Errorf("half a frame is visible: %q", got)
	}
	term.Press("enter")
	term.Wait("new 👩‍👩‍👧|")
	term.Press("enter")
	term.Exit()
}

func TestTerminalAnswersQueries(t *testing.T) {
	// A program that asks for the cursor position waits for the answer.
	term := sh(t, `stty raw -echo; printf 'ab\033[6n'; dd bs=1 count=6 2>/dev/null | od -An -c; stty sane`)
	term.WaitMatch(`033\s+\[\s+1\s+;\s+3\s+R`)
	if code := term.Exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestAnswersThatNobodyReads checks that a program that sends many queries and never reads the answers does not block
// the test.
func TestAnswersThatNobodyReads(t *testing.T) {
	term := sh(t, `stty raw -echo; i=0; while [ $i -lt 20000 ]; do printf '\033[6n'; i=$((i+1)); done; echo asked; sleep 1000`)
	term.Wait("asked")
}

func TestEnvironmentIsSmall(t *testing.T) {
	t.Setenv("WEBSCRAPE_API_KEY", "the developer's own")
	term := termtest.Start(t, termtest.Options{
		Args: []string{"sh", "-c", `echo "key=$WEBSCRAPE_API_KEY term=$TERM given=$GIVEN"; ls -A "$HOME" | wc -l`},
		Env:  []string{"GIVEN=yes"},
	})
	term.Exit()
	if got, want := strings.Fields(term.Screen()), []string{"key=", "term=xterm-256color", "given=yes", "0"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStdinReplacesTheTerminal(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := write.WriteString("from the pipe\n"); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	term := termtest.Start(t, termtest.Options{
		Args:  []string{"sh", "-c", `cat; read answer < /dev/tty; echo "typed: $answer"`},
		Stdin: read,
	})
	term.Wait("from the pipe")
	term.Type("hello\n")
	term.Wait("typed: hello")
}

func TestModesRestoredReportsLeftovers(t *testing.T) {
	for script, want := range map[string]string{
		`printf '\033[?1049h\033[?25l'; exit`: "the cursor off; the program did not restore: the alternate screen on",
		`stty raw`:                            "line discipline",
		`stty -echo; kill -KILL $$`:           "line discipline",
		`printf hello`:                        "",
		`old=$(stty -g); stty raw; stty $old`: "",
	} {
		t.Run(script, func(t *testing.T) {
			failures := failuresOf(t, func(t testing.TB) { sh(t, script).ModesRestored() })
			if !strings.Contains(failures, want) || (want == "") != (failures == "") {
				t.Errorf("failures %q, want %q", failures, want)
			}
		})
	}
}

func TestWaitFails(t *testing.T) {
	waitFor := func(script string, patience time.Duration) string {
		return failuresOf(t, func(t testing.TB) {
			termtest.Start(t, termtest.Options{Args: []string{"sh", "-c", script}, Patience: patience}).Wait("what never comes")
		})
	}
	failures := waitFor("echo something else; exit 4", 0)
	for _, want := range []string{"contain what never comes", "ended with code 4", "something else"} {
		if !strings.Contains(failures, want) {
			t.Errorf("program ends: failures %q lack %q", failures, want)
		}
	}
	for patience := 200 * time.Millisecond; ; patience *= 4 { // on a busy machine, the shell may need more time
		failures = waitFor("echo something else; sleep 1000", patience)
		if strings.Contains(failures, "something else") || patience > 20*time.Second {
			break
		}
	}
	for _, want := range []string{"contain what never comes", "not seen within", "something else"} {
		if !strings.Contains(failures, want) {
			t.Errorf("time passes: failures %q lack %q", failures, want)
		}
	}
}

func TestAllProcessesAreKilled(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	var pids []int
	t.Run("a test that does not wait for its program", func(t *testing.T) {
		term := sh(t, `trap '' TERM HUP INT; sleep 1000 & echo $! $$ ready; wait`)
		term.Wait("ready")
		for _, field := range strings.Fields(term.Screen())[:2] {
			pid, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	})
	for _, pid := range pids {
		if !soon(func() bool { return hasEnded(pid) }) {
			t.Errorf("process %d is still running", pid)
		}
	}
	if !soon(func() bool { return runtime.NumGoroutine() <= goroutines }) {
		t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), goroutines)
	}
}

// soon reports whether holds becomes true within a short time. Killed processes and goroutines that return do not
// disappear at once.
func soon(holds func() bool) bool {
	for range 500 {
		if holds() {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// hasEnded reports whether a process has ended. A zombie counts as ended, because in a container it may never be
// reaped.
func hasEnded(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || err == nil && bytes.Contains(stat, []byte(") Z "))
}

func TestPressRefusesUnknownKeys(t *testing.T) {
	for _, key := range []string{"hyper", "ctrl+", "ctrl+1", ""} {
		if failures := failuresOf(t, func(t testing.TB) { sh(t, "sleep 1000").Press(key) }); !strings.Contains(failures, "unknown key") {
			t.Errorf("key %q: %q", key, failures)
		}
	}
}

// failuresOf runs a test that should fail and returns its messages, or "" if it does not fail.
func failuresOf(t *testing.T, test func(testing.TB)) string {
	t.Helper()
	recorder := &failureRecorder{TB: t}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		test(recorder)
	}()
	<-ended
	return strings.Join(recorder.failures, "; ")
}

// failureRecorder records failures instead of reporting them. Everything else, such as Cleanup, goes to the outer test.
type failureRecorder struct {
	testing.TB
	failures []string
}

func (r *failureRecorder) Error(args ...any) {
	r.failures = append(r.failures, strings.TrimSpace(fmt.Sprintln(args...)))
}

func (r *failureRecorder) Fatalf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
	runtime.Goexit()
}
