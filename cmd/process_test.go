//go:build unix

package cmd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/termtest"
	"sbwatch/report"
)

// sbwatchPath returns the path of this test binary under the program's name, see TestMain.
func sbwatchPath(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("sbwatch")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// slowService starts an emulator whose runs take longer than the test.
func slowService(t *testing.T) (url string) {
	t.Helper()
	server, _ := emulated.Serve(t, emulator.Options{Speed: 0.5})
	return server.URL + "/v1"
}

// process is a running sbwatch process. The test reads its standard output from a pipe.
type process struct {
	*exec.Cmd
	lines  *bufio.Reader
	reader *os.File
	stderr bytes.Buffer
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	return startCommand(t, sbwatchPath(t), args...)
}

// testEnviron returns the environment of this process with the key of the emulator, and with empty folders for data and
// settings.
func testEnviron(t *testing.T) []string {
	t.Helper()
	return append(os.Environ(), keyVariable+"="+emulator.ExampleKey, "XDG_DATA_HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir())
}

func startCommand(t *testing.T, name string, args ...string) *process {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{lines: bufio.NewReader(reader), reader: reader, Cmd: exec.CommandContext(t.Context(), name, args...)}
	p.Env = testEnviron(t)
	p.Stdout, p.Stderr = writer, &p.stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		_ = reader.Close()
	})
	return p
}

// line returns the next line of standard output.
func (p *process) line(t *testing.T) string {
	t.Helper()
	line, err := p.lines.ReadString('\n')
	if err != nil {
		t.Fatalf("no line: %v; standard error: %s", err, p.stderr.String())
	}
	return line
}

// exit waits for the process to end and returns its exit code, or -1 if a signal killed it.
func (p *process) exit(t *testing.T) int {
	t.Helper()
	err := p.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

func TestSignalsEndWatch(t *testing.T) {
	t.Parallel()
	url := slowService(t)
	for signal, want := range map[syscall.Signal]report.Outcome{
		syscall.SIGINT: report.Left, syscall.SIGTERM: report.Terminated, syscall.SIGHUP: report.HungUp,
	} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			p := startProcess(t, "run", "--base-url", url, "--interval", "100ms", "catalogue01")
			id := strings.Fields(p.line(t))[1]
			if err := p.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if code := p.exit(t); code != want.ExitCode() {
				t.Errorf("got exit code %d, want %d", code, want)
			}
			if want := "left before run " + id + " ended; the run continues: sbwatch watch --base-url " + url + " " + id + "\n"; !strings.HasSuffix(fast(p.stderr.String()), want) {
				t.Errorf("got standard error %q, want it to end in %q", p.stderr.String(), want)
			}
		})
	}
}

func TestIgnoredSignalsStayIgnored(t *testing.T) {
	t.Parallel()
	url := slowService(t)
	nohup := startCommand(t, "sh", "-c", `trap "" HUP; exec "$0" "$@"`,
		sbwatchPath(t), "run", "--base-url", url, "--interval", "100ms", "catalogue01")
	nohup.line(t)
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		if err := nohup.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
	}
	if code := nohup.exit(t); code != report.Terminated.ExitCode() {
		t.Errorf("got exit code %d, want 143: SIGHUP was ignored from the start", code)
	}
}

func TestClosedPipeEndsWatchSilently(t *testing.T) {
	t.Parallel()
	p := startProcess(t, "demo", "--plain", "--speed", "1", "--interval", "100ms", "huge0000001")
	p.line(t)
	_ = p.reader.Close()
	if code := p.exit(t); code != report.Left.ExitCode() || p.stderr.Len() > 0 {
		t.Errorf("got exit code %d, standard error %q, want 130 and nothing", code, p.stderr.String())
	}
}

func TestHelpIntoClosedPipe(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"man"}, {"--help"}, {"--version"}, {"completion", "bash"}, {"completion", "zsh"}} {
		p := startProcess(t, args...)
		_ = p.reader.Close()
		if code := p.exit(t); code != report.Completed.ExitCode() || p.stderr.Len() > 0 {
			t.Errorf("%v: got exit code %d, standard error %q, want 0 and nothing", args, code, p.stderr.String())
		}
	}
}

// net/http logs to standard error by default, which would disturb the dashboard and the lines of plain mode.
func TestStandardLoggerIsDiscarded(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go overanswer(conn)
		}
	}()
	p := startProcess(t, "watch", "--plain", "--base-url", "http://"+listener.Addr().String(), "--interval", "100ms", "--timeout", "500ms", "k7Xb9dRmQ2p")
	if code := p.exit(t); code != report.TimedOut.ExitCode() {
		t.Errorf("got exit code %d, want 124", code)
	}
	if err := oneSafeLine(fast(p.stderr.String())); err != nil {
		t.Error(err)
	}
}

// overanswer answers each request of a connection and sends extra bytes after each answer.
func overanswer(conn net.Conn) {
	defer conn.Close()
	const content = `{"data":{"id":"k7Xb9dRmQ2p","run_status":"running","pages_extracted":1}}`
	for requests := bufio.NewReader(conn); ; {
		if _, err := http.ReadRequest(requests); err != nil {
			return
		}
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s%s", len(content), content, "and another thing")
	}
}

func TestEmulatorServesUntilStopped(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		p := startProcess(t, "emulator", "--addr", "127.0.0.1:0", "--credits", "7")
		url, ok := strings.CutPrefix(strings.TrimSpace(p.line(t)), "listening on ")
		if !ok || !strings.HasPrefix(url, "http://127.0.0.1:") || !strings.HasSuffix(url, "/v1") {
			t.Fatalf("got URL %q in the first line", url)
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/smartbrowse/usage", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-API-Key", emulator.ExampleKey)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		_, _ = body.ReadFrom(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK || !strings.Contains(body.String(), `"credits_remaining":7`) {
			t.Errorf("got usage status %d: %s", response.StatusCode, &body)
		}
		if err := p.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if code := p.exit(t); code != 0 || p.stderr.Len() > 0 {
			t.Errorf("%v: got exit code %d, standard error %q, want 0 and nothing", signal, code, p.stderr.String())
		}
	}
}

func TestEmulatorReportsServerErrors(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{Process: Process{Stderr: &stderr}}
	log.New(sayWriter(p.say), "", 0).Print("http: panic serving 127.0.0.1:1: \x1b[31mboom\ngoroutine 7\n")
	if err := oneSafeLine(stderr.String()); err != nil || !strings.Contains(stderr.String(), "boom") {
		t.Errorf("%q: %v", stderr.String(), err)
	}
}

func TestEmulatorAddressInUse(t *testing.T) {
	t.Parallel()
	url := slowService(t)
	taken := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/v1")
	p := startProcess(t, "emulator", "--addr", taken)
	code := p.exit(t)
	if err := oneSafeLine(fast(p.stderr.String())); err != nil || code != report.Failed.ExitCode() || !strings.Contains(p.stderr.String(), "cannot listen on "+taken) {
		t.Errorf("got exit code %d: %v", code, p.stderr.String())
	}
}

func TestRunAsksForConfirmation(t *testing.T) {
	t.Parallel()
	const question = "dispatch this run? [y/N]"
	tests := map[string]struct {
		answer string
		wait   string
		want   report.Outcome
	}{
		"yes":     {"y\r", "completed", report.Completed},
		"no":      {"n\r", "nothing was dispatched", report.Left},
		"nothing": {"\r", "nothing was dispatched", report.Left},
		"ctrl+c":  {"\x03", "", report.Left},
		"ctrl+d":  {"\x04", "nothing was dispatched", report.Left},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, env := emulated.Serve(t, emulator.Options{Speed: 1000})
			term := termtest.Start(t, termtest.Options{
				Cols: 120, Rows: 20,
				Args: []string{sbwatchPath(t), "run", "--plain", "--interval", "100ms", "m3Yc2tFvN8q"},
				Env:  env,
			})
			term.Wait("at 2 credits per page")
			term.Wait(question)
			term.Type(test.answer)
			if code := term.Exit(); code != test.want.ExitCode() {
				t.Errorf("got exit code %d, want %d", code, test.want)
			}
			if screen := term.Screen(); !strings.Contains(screen, test.wait) {
				t.Errorf("%q is not on the screen:\n%s", test.wait, screen)
			}
		})
	}
}

func TestDumbTerminalUsesPlainMode(t *testing.T) {
	t.Parallel()
	term := termtest.Start(t, termtest.Options{
		Args: []string{sbwatchPath(t), "demo", "--speed", "1000", "--interval", "100ms", "m3Yc2tFvN8q"},
		Env:  []string{"TERM=dumb"},
	})
	if code := term.Exit(); code != report.Completed.ExitCode() {
		t.Errorf("got exit code %d, want 0", code)
	}
	if raw := term.Raw(); bytes.Contains(raw, []byte("\x1b")) || !bytes.Contains(raw, []byte("  completed ")) {
		t.Errorf("the terminal got %q", raw)
	}
}

// Control characters are escaped only in exports to a terminal.
func TestExportToATerminalIsSafe(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "items.json")
	items := `[{"a":"\u001b]0;owned\u0007 \u009b31m \u202e","b":"one\rtwo\tthree\nfour é"}]`
	writeFile(t, name, items)
	term := termtest.Start(t, termtest.Options{Args: []string{sbwatchPath(t), "export", "--format", "csv", name}})
	if code := term.Exit(); code != report.Completed.ExitCode() {
		t.Errorf("got exit code %d, want 0", code)
	}
	want := "a,b\r\n\"\\x1b]0;owned\\x07 \\u009b31m \\u202e\",\"one\\rtwo\tthree\nfour é\"\r\n"
	if raw := strings.ReplaceAll(string(term.Raw()), "\r", ""); raw != strings.ReplaceAll(want, "\r", "") {
		t.Errorf("the terminal got %q, want %q", raw, want)
	}
	p := startProcess(t, "export", "--format", "csv", name)
	if piped, err := io.ReadAll(p.lines); err != nil || !bytes.Contains(piped, []byte("\x1b]0;owned\a \u009b31m \u202e")) {
		t.Errorf("the pipe got %q, %v", piped, err)
	}
}

// The progress of an export is shown only if the items are not written to the same terminal.
func TestProgressOnlyIfItemsGoElsewhere(t *testing.T) {
	terminal, other, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = terminal.Close(), other.Close() }()
	for _, test := range []struct {
		stdout, stderr io.Writer
		output         string
		want           bool
	}{
		{other, other, "-", false},
		{other, other, "items.csv", true},
		{io.Discard, other, "-", true},
		{other, io.Discard, "items.csv", false},
	} {
		p := &program{Process: Process{Stdout: test.stdout, Stderr: test.stderr}}
		if got := p.showsProgress(test.output); got != test.want {
			t.Errorf("%+v: got progress shown: %t", test, got)
		}
	}
}

// TestHelpReportsWriteErrors writes the help to a full disk and to a closed pipe.
func TestHelpReportsWriteErrors(t *testing.T) {
	for cause, want := range map[error]string{
		syscall.ENOSPC: "sbwatch: standard output: no space left on device\n",
		syscall.EPIPE:  "",
	} {
		for _, args := range [][]string{{"help"}, {"run", "--help"}, {"--version"}, {"completion", "bash"}} {
			var stderr strings.Builder
			code := Main(Process{Args: args, Stdout: failingWriter{cause}, Stderr: &stderr, Stdin: strings.NewReader(""), Now: time.Now})
			if (code == 0) != (want == "") || stderr.String() != want {
				t.Errorf("%v: %v gives exit code %d, %q", args, cause, code, stderr.String())
			}
		}
	}
}
