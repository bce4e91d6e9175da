//go:build !unix

package browser

import "os/exec"

// detach does nothing: these systems do not share a terminal with child processes.
func detach(*exec.Cmd) {}
