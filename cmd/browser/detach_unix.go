//go:build unix

package browser

import (
	"os/exec"
	"syscall"
)

// detach runs a command without our terminal, so that it can outlive this process.
func detach(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
