//go:build !unix

package cmd

import (
	"errors"

	tea "charm.land/bubbletea/v2"
)

// suspendJob says that this system has no job control.
func suspendJob() error { return errors.New("cannot suspend: this system has no job control") }

// controlJobs has nothing to do without job control.
func controlJobs(*tea.Program, uintptr) (end func()) { return func() {} }
