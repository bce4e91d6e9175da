package termtest

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// Line is a line of text as a terminal shows it.
type Line struct {
	// Width is the number of cells from the start of the line to the cursor after the text.
	Width int
	// Cells holds the text of each cell. The second cell of a wide character is empty.
	Cells []string
}

// Lines draws lines in a terminal with cols columns. With [ansi.GraphemeWidth], a terminal emulator draws the lines.
// With [ansi.WcWidth], each code point takes its own cells, as in terminals that do not know grapheme clusters.
func Lines(lines []string, cols int, method ansi.Method) []Line {
	drawn := make([]Line, len(lines))
	if method == ansi.WcWidth {
		for i, line := range lines {
			drawn[i] = codePoints(ansi.Strip(line))
		}
		return drawn
	}
	emu := vt.NewEmulator(cols, 1)
	for i, line := range lines {
		_, _ = emu.WriteString("\r" + ansi.EraseEntireLine + line + ansi.ResetStyle)
		drawn[i].Width = emu.CursorPosition().X
		for x := range cols {
			text := ""
			if cell := emu.CellAt(x, 0); cell != nil {
				text = cell.Content
			}
			drawn[i].Cells = append(drawn[i].Cells, text)
		}
	}
	return drawn
}

// codePoints draws a line like a terminal that does not know grapheme clusters: each code point takes cells of its own.
func codePoints(line string) Line {
	var drawn Line
	for _, r := range line {
		switch w := ansi.WcWidth.StringWidth(string(r)); {
		case w > 0:
			drawn.Cells = append(append(drawn.Cells, string(r)), make([]string, w-1)...)
		case len(drawn.Cells) > 0:
			drawn.Cells[len(drawn.Cells)-1] += string(r)
		}
	}
	drawn.Width = len(drawn.Cells)
	return drawn
}

// Corpus returns texts that may take different numbers of cells in different terminals. folder has two files:
// emoji-test.txt, in the format of Unicode, and graphemes.txt, with one text per line. Both have comments that start
// with "# ".
func Corpus(t testing.TB, folder string) []string {
	t.Helper()
	var texts []string
	for line := range corpusLines(t, folder+"/emoji-test.txt") {
		codes, _, _ := strings.Cut(line, ";")
		var b strings.Builder
		for code := range strings.FieldsSeq(codes) {
			r, err := strconv.ParseUint(code, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteRune(rune(r))
		}
		texts = append(texts, b.String())
	}
	for line := range corpusLines(t, folder+"/graphemes.txt") {
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		texts = append(texts, text)
	}
	return texts
}

// corpusLines returns the lines of a file that are not comments.
func corpusLines(t testing.TB, name string) func(yield func(string) bool) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(string) bool) {
		defer func() { _ = file.Close() }()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			if line := lines.Text(); line != "" && !strings.HasPrefix(line, "# ") && !yield(line) {
				return
			}
		}
	}
}
