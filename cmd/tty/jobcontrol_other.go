//go:build !unix

package tty

import (
	"errors"
	"io"

	tea "charm.land/bubbletea/v2"
)

// Suspend returns an error because this system has no job control.
func Suspend() error { return errors.New("cannot suspend: this system has no job control") }

// controlJobs does nothing because this system has no job control.
func controlJobs(*tea.Program, uintptr, io.Writer) (end func()) { return func() {} }
