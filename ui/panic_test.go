//go:build unix

package ui

import (
	"testing"

	"sbwatch/internal/termtest"
)

func TestAPanicDoesNotEndTheDashboard(t *testing.T) {
	t.Parallel()
	program := termtest.Program{Package: "./testdata/panics", WithoutRace: true}
	for _, where := range []string{"poll", "update"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			term := termtest.Start(t, termtest.Options{Args: []string{program.Path(t), where}})
			term.Wait("broken " + where)
			term.Press("q")
			if code := term.Exit(); code != 0 {
				t.Errorf("q exits with %d", code)
			}
			term.ModesRestored()
		})
	}
}
