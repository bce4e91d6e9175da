//go:build !unix && !windows

package notify

import (
	"context"
	"os/exec"
)

// shell returns a command that runs a command line in the shell. When ctx ends, the shell is killed.
func shell(ctx context.Context, line string) *exec.Cmd {
	return exec.CommandContext(ctx, "sh", "-c", line)
}
