// Package golden compares what a test has drawn with a file in the folder testdata/golden of the package under test.
//
// In packages that import it, tests have the flag -update, which rewrites the files after an intended change:
//
//	go test ./ui/widget/list -update
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of go test

// Check compares got with the file testdata/golden/<name>.txt. With -update, it writes the file instead.
func Check(t testing.TB, name, got string) {
	t.Helper()
	CheckFile(t, filepath.Join("testdata", "golden", name+".txt"), got)
}

// CheckFile compares got with a file. With -update, it writes the file instead.
func CheckFile(t testing.TB, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes the file)", err)
	}
	if got != string(want) {
		t.Errorf("%s has changed (run go test -update if the change was intended)\n--- want\n%s--- got\n%s", path, want, got)
	}
}

// Frame returns lines as plain text. It fails the test if a line is wider than w cells, or if it contains a control
// sequence that does not set colors or text attributes.
func Frame(t testing.TB, lines []string, w int, method ansi.Method) string {
	t.Helper()
	var out strings.Builder
	styles := sgr()
	for i, line := range lines {
		if got := method.StringWidth(line); got > w {
			t.Errorf("line %d is %d cells wide, want at most %d: %q", i+1, got, w, ansi.Strip(line))
		}
		CheckSafe(t, styles.ReplaceAllString(line, ""))
		out.WriteString(strings.TrimRight(ansi.Strip(line), " ") + "\n")
	}
	return out.String()
}

// CheckSafe fails the test if text contains a control character or a character that changes the direction of text.
func CheckSafe(t testing.TB, text string) {
	t.Helper()
	if bad := strings.IndexFunc(text, isUnsafe); bad >= 0 {
		t.Errorf("%q would reach the terminal", text[max(0, bad-20):min(len(text), bad+20)])
	}
}

func isUnsafe(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// sgr returns a pattern for the only escape sequences that a screen may contain. They set colors and text attributes.
func sgr() *regexp.Regexp { return regexp.MustCompile(`\x1b\[[0-9;:]*m`) }

// Marked is like Frame, but puts reverse video between ⟦ and ⟧ and underlined text between ‹ and ›, so that a golden
// file shows the cursor and highlighted text. The lines must be drawn with the styles of theme.Mono.
func Marked(t testing.TB, lines []string, w int, method ansi.Method) string {
	t.Helper()
	Frame(t, lines, w, method)
	var out strings.Builder
	for _, line := range lines {
		out.WriteString(strings.TrimRight(withBrackets(line), " ") + "\n")
	}
	return out.String()
}

// withBrackets puts reverse video between ⟦ and ⟧ and underlined text between ‹ and ›, and removes all escape
// sequences.
func withBrackets(line string) string {
	var out strings.Builder
	open := ""
	styles := sgr()
	for rest := line; ; {
		at := styles.FindStringIndex(rest)
		if at == nil {
			// Each underlined character has escape sequences of its own.
			return strings.ReplaceAll(out.String()+rest, "›‹", "")
		}
		out.WriteString(rest[:at[0]])
		codes := strings.FieldsFunc(rest[at[0]+2:at[1]-1], func(r rune) bool { return r == ';' })
		rest = rest[at[1]:]
		out.WriteString(open)
		open = ""
		switch {
		case slices.Contains(codes, "7"):
			out.WriteString("⟦")
			open = "⟧"
		case slices.Contains(codes, "4"):
			out.WriteString("‹")
			open = "›"
		}
	}
}
