//go:build unix

package browser

import (
	"os/exec"
	"syscall"
)

// detach detaches a command from the terminal, so that it can outlive this process.
func detach(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
