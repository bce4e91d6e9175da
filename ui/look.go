package ui

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/theme"
)

// look is how things are drawn: the styles, and how wide the terminal shows a text. Every part of a screen is given one.
type look struct {
	theme.Styles
	// method counts cells as the terminal does, which differ in what they take for one character.
	method ansi.Method
}

// width is how many cells s takes.
func (l look) width(s string) int {
	if isPlain(s) {
		return len(s)
	}
	return l.method.StringWidth(s)
}

// isPlain tells whether s is plain ASCII, as most text is, each byte of which takes one cell.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cut shortens s to at most w cells, with an ellipsis where something is left out.
func (l look) cut(s string, w int) string {
	switch {
	case w <= 0:
		return ""
	case len(s) <= w && isPlain(s):
		return s
	default:
		return l.truncate(s, w, "…")
	}
}

// truncate shortens s to at most w cells, with a tail where something is left out. The Truncate of x/ansi returns a text
// whole that has room when counted by graphemes, however the terminal counts; spaces behind it prevent that.
func (l look) truncate(s string, w int, tail string) string {
	if l.method != ansi.GraphemeWidth && ansi.StringWidth(s) <= w && l.method.StringWidth(s) > w {
		s += spaces(w + 1)
	}
	return l.method.Truncate(s, w, tail)
}

// fit makes s exactly w cells wide, its text at the left.
func (l look) fit(s string, w int) string {
	s = l.cut(s, w)
	return s + spaces(w-l.width(s))
}

// fitRight makes s exactly w cells wide, its text at the right.
func (l look) fitRight(s string, w int) string {
	s = l.cut(s, w)
	return spaces(w-l.width(s)) + s
}

// between puts left and right at the two ends of a line of w cells. Where both do not fit, left gives way.
func (l look) between(left, right string, w int) string {
	room := w - l.width(right)
	if right != "" {
		room -= 2
	}
	if room < 8 {
		return l.fit(left, w)
	}
	left = l.cut(left, room)
	return left + spaces(w-l.width(left)-l.width(right)) + right
}

// wrap breaks s into lines of at most w cells, at spaces where there are any.
func (l look) wrap(s string, w int) []string {
	w = max(1, w)
	lines := make([]string, 0, 1)
	for line := range strings.SplitSeq(l.method.Wrap(s, w, " /,;"), "\n") {
		lines = append(lines, l.broken(line, w)...)
	}
	return lines
}

// broken returns a line in parts of at most w cells. Wrap misjudges the width of some clusters, such as letters with many
// combining marks.
func (l look) broken(line string, w int) []string {
	var parts []string
	for l.width(line) > w {
		part := l.truncate(line, w, "")
		rest := l.method.TruncateLeft(line, l.width(part), "")
		if part == "" || len(rest) >= len(line) {
			return append(parts, l.cut(line, w)) // a single character wider than w
		}
		parts, line = append(parts, part), rest
	}
	return append(parts, line)
}

// rule is a thin line across w cells.
func (l look) rule(w int) string { return l.Faint.Render(strings.Repeat("─", max(0, w))) }

func spaces(n int) string { return strings.Repeat(" ", max(0, n)) }

// field is a label and its value.
func (l look) field(label, value string) string {
	return l.Muted.Render(label) + " " + l.Strong.Render(value)
}

// flow puts parts side by side, as many on a line of w cells as fit.
func (l look) flow(parts []string, gap, w int) []string {
	var lines []string
	line := ""
	for _, part := range parts {
		switch {
		case part == "":
		case line == "":
			line = part
		case l.width(line)+gap+l.width(part) <= w:
			line += spaces(gap) + part
		default:
			lines = append(lines, line)
			line = part
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// sideBySide puts lines beside others, which begin at cell w.
func (l look) sideBySide(left, right []string, w int) []string {
	lines := make([]string, max(len(left), len(right)))
	for i := range lines {
		if i < len(left) {
			lines[i] = left[i]
		}
		if i < len(right) {
			lines[i] = l.fit(lines[i], w) + right[i]
		}
	}
	return lines
}

// indent moves lines to the right by n cells.
func indent(lines []string, n int) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = spaces(n) + line
		}
	}
	return out
}

// exactly makes lines n long: cut, or filled with empty ones.
func exactly(lines []string, n int) []string {
	n = max(0, n)
	if len(lines) >= n {
		return lines[:n]
	}
	return append(lines, make([]string, n-len(lines))...)
}

// styled renders each line in a style.
func styled(style lipgloss.Style, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = style.Render(line)
	}
	return out
}
