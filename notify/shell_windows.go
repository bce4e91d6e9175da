package notify

import (
	"context"
	"os/exec"
	"syscall"
)

// shell returns a command that runs a command line in the shell. The shell gets the line unchanged. The shell is killed
// when ctx ends.
func shell(ctx context.Context, line string) *exec.Cmd {
	command := exec.CommandContext(ctx, "cmd.exe")
	command.SysProcAttr = &syscall.SysProcAttr{CmdLine: "cmd.exe /d /s /c \"" + line + "\"", CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	return command
}
