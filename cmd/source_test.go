//go:build unix

package cmd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"sbwatch/api/emulator"
	"sbwatch/internal/termtest"
	"sbwatch/report"
)

// Delays before SIGTERM. The delay late is for programs that should end before SIGTERM arrives.
const (
	soon = 100 * time.Millisecond
	late = 30 * time.Second
)

// runHere runs a command line in this process and delivers a SIGTERM after a delay.
func runHere(t *testing.T, after time.Duration, args ...string) (code int, stderr string) {
	t.Helper()
	signals := make(chan os.Signal, 1)
	later := time.AfterFunc(after, func() { signals <- syscall.SIGTERM })
	defer later.Stop()
	var said bytes.Buffer
	code = Main(Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &said, Signals: signals, Now: time.Now,
		Environ: []string{keyVariable + "=" + emulator.ExampleKey, baseURLVariable + "=http://127.0.0.1:1"},
	})
	return code, said.String()
}

// Opening a named pipe blocks until another process opens its other end.
func TestANamedPipeWithoutItsOtherEnd(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	items := writeFile(t, filepath.Join(folder, "items.json"), `[{"a":1}]`)
	for _, c := range []struct {
		args      string
		noTimeout bool
	}{
		{"open --plain PIPE", true},
		{"usage --api-key-file PIPE", true},
		{"check PIPE", false},
		{"check --rules PIPE ITEMS", false},
		{"export --format csv PIPE", false},
		{"export --format csv -o PIPE ITEMS", false},
		{"watch --plain --rules PIPE k7Xb9dRmQ2p", false},
		{"watch --plain --api-key-file PIPE k7Xb9dRmQ2p", false},
		{"run --plain --yes --api-key-file PIPE m3Yc2tFvN8q", false},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			pipe := filepath.Join(t.TempDir(), "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			args := strings.Fields(strings.NewReplacer("PIPE", pipe, "ITEMS", items).Replace(c.args))
			if code, stderr := runHere(t, soon, args...); code != report.Terminated.ExitCode() {
				t.Errorf("SIGTERM: exit code %d, want 143; standard error %q", code, stderr)
			}
			if c.noTimeout {
				return
			}
			if code, stderr := runHere(t, late, append(args, "--timeout", "20ms")...); code != report.TimedOut.ExitCode() {
				t.Errorf("--timeout: exit code %d, want 124; standard error %q", code, stderr)
			}
		})
	}
}

// Reading or writing blocks if the process at the other end of a pipe does nothing.
func TestANamedPipeWhoseOtherEndDoesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	pipe, items := filepath.Join(folder, "pipe"), filepath.Join(folder, "items.json")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	many := "[" + strings.Repeat(`{"a":1},`, 100_000) + "1]"
	writeFile(t, items, many)
	other, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	for _, args := range [][]string{
		{"check", pipe}, {"check", "--rules", pipe, items}, {"collect", "--from", pipe}, {"watch", "--from", pipe}, {"usage", "--api-key-file", pipe}, {"export", "--format", "json", "-o", pipe, items},
	} {
		if code, stderr := runHere(t, soon, args...); code != report.Terminated.ExitCode() {
			t.Errorf("%v: got exit code %d, want 143; standard error %q", args, code, stderr)
		}
	}
}

// TestAListThatDoesNotEnd reads ids from a standard input, and from a pipe, that stay open.
func TestAListThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	stdin, other := io.Pipe()
	defer func() { _ = other.Close() }()
	for source, want := range map[string]string{"-": "standard input", pipe: "the list " + pipe} {
		var stderr bytes.Buffer
		p := &program{Process: Process{Stdin: stdin, Stderr: &stderr, Now: time.Now}}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, report.ErrTimeout)
		_, err := readList(ctx, p, source, "")
		cancel()
		if said := "sbwatch: the timeout passed before " + want + " was read\n"; !errors.Is(err, report.ErrTimeout) || stderr.String() != said {
			t.Errorf("%s: got error %v and the message %q, want %q", source, err, stderr.String(), said)
		}
	}
}

// The reading of the list of collect ends after --timeout.
func TestCollectStopsWaitingForItsList(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	code, stderr := runHere(t, late, "collect", "--from", pipe, "--timeout", "1ms")
	if want := "the timeout passed before the list " + pipe + " was read"; code != report.TimedOut.ExitCode() || !strings.Contains(stderr, want) {
		t.Errorf("got exit code %d and the message %q, want 124 and %q", code, stderr, want)
	}
}

// An export to a terminal is escaped, no matter which name of the terminal it uses, such as /dev/tty.
func TestExportToATerminalByAnyNameIsSafe(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	items, link := filepath.Join(folder, "items.json"), filepath.Join(folder, "link.csv")
	writeFile(t, items, `[{"a":"\u001b]0;owned\u0007"}]`)
	if err := os.Symlink("/dev/tty", link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/dev/tty", "/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/2", "/proc/self/fd/1", link} {
		if _, err := os.Stat(name); err != nil && name != "/dev/tty" && name != link {
			continue // this system does not have it
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := termtest.Start(t, termtest.Options{Cols: 200, Args: []string{sbwatchPath(t), "export", "--format", "csv", "-o", name, items}})
			if code := term.Exit(); code != report.Completed.ExitCode() {
				t.Errorf("got exit code %d, want 0", code)
			}
			if raw := string(term.Raw()); raw != "a\r\n\"\\x1b]0;owned\\x07\"\r\n" {
				t.Errorf("the terminal got %q", raw)
			}
			term = termtest.Start(t, termtest.Options{Cols: 200, Args: []string{sbwatchPath(t), "export", "--format", "parquet", "-o", name, items}})
			if code := term.Exit(); code == report.Completed.ExitCode() || !strings.Contains(term.Screen(), "Parquet") {
				t.Errorf("Parquet: exit code %d, the screen:\n%s", code, term.Screen())
			}
		})
	}
}

// The output file may be another terminal than standard output.
func TestExportToAnotherTerminalIsSafe(t *testing.T) {
	t.Parallel()
	terminal, other, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = terminal.Close(), other.Close() }()
	items := writeFile(t, filepath.Join(t.TempDir(), "items.json"), `["\u001b[2J"]`)
	if code, stderr := runHere(t, late, "export", "--format", "ndjson", "-o", other.Name(), items); code != report.Completed.ExitCode() {
		t.Fatalf("got exit code %d: %s", code, stderr)
	}
	got := make([]byte, 100)
	n, err := terminal.Read(got)
	if err != nil || bytes.Contains(got[:n], []byte("\x1b")) {
		t.Errorf("the terminal got %q, %v", got[:n], err)
	}
}
