//go:build !unix && !windows

package notify

import (
	"context"
	"os/exec"
)

// shell returns a command that runs a command line in the shell. The shell is killed when ctx ends.
func shell(ctx context.Context, line string) *exec.Cmd {
	return exec.CommandContext(ctx, "sh", "-c", line)
}
