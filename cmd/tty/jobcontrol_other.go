//go:build !unix

package tty

import (
	"errors"

	tea "charm.land/bubbletea/v2"
)

// Suspend says that this system has no job control.
func Suspend() error { return errors.New("cannot suspend: this system has no job control") }

// controlJobs has nothing to do without job control.
func controlJobs(*tea.Program, uintptr) (end func()) { return func() {} }
