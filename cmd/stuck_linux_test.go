package cmd

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"sbwatch/report"
)

// A terminal that accepts no output, because its connection hangs or the user pressed ctrl+s, must not prevent the
// program from ending.
func TestSIGTERMEndsADashboardWhoseTerminalTakesNoOutput(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked <- struct{}{} }))
	t.Cleanup(server.Close)
	terminal, other, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = terminal.Close(), other.Close() }()
	const stopOutput = 0 // TCOOFF
	if err := unix.IoctlSetInt(int(other.Fd()), unix.TCXONC, stopOutput); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), sbwatchPath(t), "watch", "--base-url", server.URL, "k7Xb9dRmQ2p")
	command.Env = append(testEnviron(t), "TERM=xterm-256color")
	command.Stdin, command.Stdout, command.Stderr = other, other, other
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if code := command.ProcessState.ExitCode(); code != report.Terminated.ExitCode() {
		t.Errorf("%v, want exit code 143", command.ProcessState)
	}
}
