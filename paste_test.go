//go:build unix

package main_test

import (
	"strings"
	"testing"

	"sbwatch/internal/termtest"
)

// TestKeysWorkAfterAnyPaste pastes texts into the search that a key decoder may mistake for incomplete escape
// sequences. Then it presses keys.
func TestKeysWorkAfterAnyPaste(t *testing.T) {
	t.Parallel()
	const start, end = "\x1b[200~", "\x1b[201~"
	for name, paste := range map[string]string{
		"invalid UTF-8":           "a\xffb",
		"C1 control of one byte":  "a\x90b",
		"cut character":           "ab\xe6\x97",
		"control string":          "a\x1bPb",
		"command of the terminal": "a\x1b]0;b",
		"escape at the end":       "ab\x1b",
		"1 MB":                    "ab" + strings.Repeat("日本語 ", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := termtest.Start(t, termtest.Options{
				Args: []string{sbwatch.Path(t), "demo", "--speed", "100"}, Cols: 100, Rows: 30,
			})
			term.Wait("completed")
			term.Press("/")
			term.Wait("enter done")
			term.Type(start + paste + end)
			term.Press("enter")
			term.Type("?")
			term.Wait("esc close")
			term.Press("esc")
			term.WaitFor("the help to close", func() bool {
				return !strings.Contains(term.Screen(), "esc close") && strings.Contains(term.Screen(), "1,204")
			})
			term.Press("q")
			term.Exit()
			term.ModesRestored()
		})
	}
}
