//go:build !unix

package browser

import "os/exec"

// detach does nothing, because child processes do not share the terminal on these systems.
func detach(*exec.Cmd) {}
