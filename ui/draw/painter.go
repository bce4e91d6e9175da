// Package draw puts text on the screen: it measures, cuts, aligns and wraps styled text in terminal cells.
//
// A [Painter] knows the styles of the theme and how the terminal counts cells. Everything that draws is given one.
package draw

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/theme"
)

// Painter holds what drawing needs: the styles, and the method by which the terminal counts cells. It is small and passed
// by value.
type Painter struct {
	*theme.Styles
	// Method counts the cells of a text as the terminal does. Terminals differ in what they treat as one character.
	Method ansi.Method
	// IsASCII reports that the terminal shows only ASCII. The frame as a whole is converted by [Painter.ASCII]; what has a
	// better form of its own in ASCII draws that.
	IsASCII bool
}

// New returns a painter with a copy of the styles.
func New(styles theme.Styles, method ansi.Method) Painter {
	return Painter{Styles: &styles, Method: method}
}

// Width returns the number of cells that s takes. Escape sequences take none.
func (p Painter) Width(s string) int {
	if isPlain(s) {
		return len(s)
	}
	return p.Method.StringWidth(s)
}

// isPlain reports whether s is printable ASCII, so that each of its bytes takes one cell.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Cut shortens s to at most w cells and marks what it leaves out with an ellipsis.
func (p Painter) Cut(s string, w int) string {
	switch {
	case w <= 0:
		return ""
	case isPlain(s):
		if len(s) <= w {
			return s
		}
		return s[:w-1] + "…"
	}
	short := p.Method.Truncate(s, w, "…")
	// Truncate counts the cells of scripts that combine letters, such as Thai and Devanagari, as fewer than they take.
	for limit := w - 1; limit > 0 && p.Method.StringWidth(short) > w; limit-- {
		short = p.Method.Truncate(s, limit, "…")
	}
	return short
}

// Fit makes s exactly w cells wide, aligned to the left.
func (p Painter) Fit(s string, w int) string {
	s = p.Cut(s, w)
	return s + Spaces(w-p.Width(s))
}

// FitRight makes s exactly w cells wide, aligned to the right.
func (p Painter) FitRight(s string, w int) string {
	s = p.Cut(s, w)
	return Spaces(w-p.Width(s)) + s
}

// Between puts left and right at the two ends of a line of w cells. Where both do not fit, left is cut; where hardly
// any of left would remain, right is dropped.
func (p Painter) Between(left, right string, w int) string {
	room := w - p.Width(right)
	if right != "" {
		room -= 2
	}
	if room < 8 {
		return p.Fit(left, w)
	}
	left = p.Cut(left, room)
	return left + Spaces(w-p.Width(left)-p.Width(right)) + right
}

// Wrap breaks s into lines of at most w cells, after spaces and punctuation where there are any. A character that is wider
// than that stays whole.
func (p Painter) Wrap(s string, w int) []string {
	w = max(1, w)
	var lines []string
	for line := range strings.SplitSeq(p.wrap(s, w), "\n") {
		if p.Width(line) <= w {
			lines = append(lines, line)
			continue
		}
		// The same miscount as in Cut.
		for limit := w - 1; limit > 0; limit-- {
			narrow := strings.Split(p.wrap(line, limit), "\n")
			if limit == 1 || !slices.ContainsFunc(narrow, func(part string) bool { return p.Width(part) > w }) {
				lines = append(lines, narrow...)
				break
			}
		}
	}
	return lines
}

func (p Painter) wrap(s string, w int) string { return p.Method.Wrap(s, w, " /,;") }

// Rule returns a thin line across w cells.
func (p Painter) Rule(w int) string { return p.Faint.Render(strings.Repeat("─", max(0, w))) }

// Field returns a label and its value.
func (p Painter) Field(label, value string) string {
	return p.Muted.Render(label) + " " + p.Strong.Render(value)
}

// Row puts the cursor's marker before a line of a list, or an indent of the same width where the cursor is elsewhere.
func (p Painter) Row(line string, isCurrent bool) string {
	if isCurrent {
		return p.Accent.Render("▸ ") + line
	}
	return "  " + line
}

// Marked puts a mark of one cell before the first of lines and aligns the others with it.
func Marked(mark string, style lipgloss.Style, lines []string) []string {
	for i := range lines {
		prefix := "  "
		if i == 0 {
			prefix = style.Render(mark) + " "
		}
		lines[i] = prefix + lines[i]
	}
	return lines
}

// Flow puts parts side by side with gap cells between them, as many on a line of w cells as fit. Empty parts are skipped.
func (p Painter) Flow(parts []string, gap, w int) []string {
	var lines []string
	line := ""
	for _, part := range parts {
		switch {
		case part == "":
		case line == "":
			line = part
		case p.Width(line)+gap+p.Width(part) <= w:
			line += Spaces(gap) + part
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

// SideBySide puts the lines of right beside those of left. Those of right begin at cell w.
func (p Painter) SideBySide(left, right []string, w int) []string {
	lines := make([]string, max(len(left), len(right)))
	for i := range lines {
		if i < len(left) {
			lines[i] = left[i]
		}
		if i < len(right) {
			lines[i] = p.Fit(lines[i], w) + right[i]
		}
	}
	return lines
}

// Box draws a border around lines of w cells.
func (p Painter) Box(lines []string, w int) []string {
	edge := strings.Repeat("─", max(0, w+2))
	side := p.Faint.Render("│")
	boxed := []string{p.Faint.Render("╭" + edge + "╮")}
	for _, line := range lines {
		boxed = append(boxed, side+" "+p.Fit(line, w)+" "+side)
	}
	return append(boxed, p.Faint.Render("╰"+edge+"╯"))
}

// Spaces returns n spaces, none where n is negative.
func Spaces(n int) string { return strings.Repeat(" ", max(0, n)) }

// Indent moves lines to the right by n cells. Empty lines stay empty.
func Indent(lines []string, n int) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = Spaces(n) + line
		}
	}
	return out
}

// Exactly cuts lines to n, or fills them up to n with empty ones.
func Exactly(lines []string, n int) []string {
	n = max(0, n)
	if len(lines) >= n {
		return lines[:n]
	}
	return append(lines, make([]string, n-len(lines))...)
}

// Styled renders each line in a style.
func Styled(style lipgloss.Style, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = style.Render(line)
	}
	return out
}
