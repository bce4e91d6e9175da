//go:build unix

package notify

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// shell returns a command that runs a command line in the shell, detached from the terminal. When ctx ends, the shell
// and all processes that it has started are killed.
func shell(ctx context.Context, line string) *exec.Cmd {
	command := exec.CommandContext(ctx, "/bin/sh", "-c", line) //nolint:gosec // the user's own command
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	command.Cancel = func() error {
		err := syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
	return command
}
