//go:build unix

package browser

import (
	"os/exec"
	"syscall"
)

// detach takes our terminal away from a command, and lets it live on after us.
func detach(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
