//go:build !unix

package browser

import "os/exec"

// detach is needed where a terminal is shared with what it started.
func detach(*exec.Cmd) {}
