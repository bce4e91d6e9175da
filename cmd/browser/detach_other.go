//go:build !unix

package browser

import "os/exec"

// detach does nothing: on these systems child processes do not share our terminal.
func detach(*exec.Cmd) {}
