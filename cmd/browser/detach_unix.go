//go:build unix

package browser

import (
	"os/exec"
	"syscall"
)

// detach makes a command run without our terminal, so that it can outlive this process.
func detach(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
