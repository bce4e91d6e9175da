package faults

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Frame is a frame that a program is about to show on a terminal.
type Frame struct {
	Content       string
	Width, Height int // size of the terminal, in cells
	// Method is how the terminal counts the cells of a character.
	Method ansi.Method
}

// Check returns an error unless the frame is safe for its terminal. A safe frame has as many lines as the terminal, and
// none of them is wider than the terminal. It is valid UTF-8, and its only control sequences set colors and text
// attributes.
func Check(f Frame) error {
	if !utf8.ValidString(f.Content) {
		return errors.New("the frame is not valid UTF-8")
	}
	lines := strings.Split(f.Content, "\n")
	if len(lines) != f.Height {
		return fmt.Errorf("the frame has %d lines, the terminal %d", len(lines), f.Height)
	}
	for i, line := range lines {
		if width := f.Method.StringWidth(line); width > f.Width {
			return fmt.Errorf("line %d is %d cells wide, the terminal %d: %q", i+1, width, f.Width, line)
		}
		if err := CheckLine(sgr.ReplaceAllString(line, "")); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}

// sgr matches the only control sequence allowed in a frame. It sets colors and attributes.
var sgr = regexp.MustCompile(`\x1b\[[0-9;:]*m`)

// CheckLine returns an error if a line of plain output contains a line break, or a character that controls the
// terminal, hides text or reorders it.
func CheckLine(line string) error {
	if !utf8.ValidString(line) {
		return fmt.Errorf("the line is not valid UTF-8: %.200q", line)
	}
	for at, r := range line {
		if isControl(r) {
			return fmt.Errorf("%U reaches the terminal: %.200q", r, line[max(0, at-50):])
		}
	}
	return nil
}

// isControl reports whether a terminal does more with a character than show it.
func isControl(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // bidirectional
		return true
	case r == 0x2028, r == 0x2029, r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}
