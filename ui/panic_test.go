//go:build unix

package ui

import (
	"bytes"
	"testing"

	"sbwatch/internal/termtest"
)

func TestAPanicLeavesTheTerminalAsItWas(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"poll", "update"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			term := termtest.Start(t, termtest.Options{Args: []string{termtest.BuildWithoutRace(t, "./testdata/panics"), where}})
			if code := term.Exit(); code == 0 {
				t.Error("a broken program exits with 0")
			}
			if !bytes.Contains(term.Raw(), []byte("broken "+where)) {
				t.Errorf("nothing says what broke:\n%s", term.Screen())
			}
			term.ModesRestored()
		})
	}
}
