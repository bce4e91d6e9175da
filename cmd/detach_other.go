//go:build !unix

package cmd

import "os/exec"

// detach is needed where a terminal is shared with what it started.
func detach(*exec.Cmd) {}
