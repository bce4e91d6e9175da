// Package draw puts text on the screen. It measures, cuts, aligns and wraps styled text in terminal cells.
//
// A [Painter] knows the styles of the theme and how the terminal counts cells. All code that draws uses a Painter.
package draw

import (
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/theme"
)

// Painter draws text. It holds the styles and the method by which the terminal counts cells. It is small and is passed
// by value.
type Painter struct {
	*theme.Styles
	// Method is how the terminal counts the cells of a text. Terminals differ in what they treat as one character.
	Method ansi.Method
	// IsASCII reports whether the terminal shows only ASCII. If so, [Painter.ASCII] converts the finished frame.
	IsASCII bool
}

// New returns a painter with a copy of the styles.
func New(styles theme.Styles, method ansi.Method) Painter {
	return Painter{Styles: &styles, Method: method}
}

// Width returns the number of cells that s takes. Escape sequences take no cells.
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

// Cut shortens s to at most w cells. If s does not fit, the result ends in an ellipsis.
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
	return p.truncate(s, w, "…")
}

// truncate shortens s to at most w cells. If s does not fit, the result ends in tail.
func (p Painter) truncate(s string, w int, tail string) string {
	short := p.Method.Truncate(s, w, tail)
	// Truncate counts too few cells for scripts that combine letters, such as Thai and Devanagari, so try smaller
	// limits.
	for limit := w - 1; limit > 0 && p.Method.StringWidth(short) > w; limit-- {
		short = p.Method.Truncate(s, limit, tail)
	}
	return short
}

// Title returns the title of a column on at most w cells: a name between two marks, such as "↑" for a sort key. Either
// mark may be empty. If the title does not fit, the name loses its last cells, so that the marks stay visible.
func (p Painter) Title(before, name, after string, w int) string {
	room := max(0, w-p.Width(before)-p.Width(after))
	width := p.Width(name)
	switch {
	case after != "" && width < room:
		after = " " + after
	case width > w:
		name = p.Cut(name, room)
	case width > room:
		name = p.truncate(name, room, "")
	}
	return p.Cut(before+name+after, w)
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

// Between draws a line of w cells with one text at each end. If the texts do not fit, Between cuts the left text. If
// fewer than 8 cells would remain for the left text, Between drops the right text instead.
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

// Wrap breaks s into lines of at most w cells, after spaces and punctuation where possible. A character that is wider
// than w cells stays whole.
func (p Painter) Wrap(s string, w int) []string {
	w = max(1, w)
	var lines []string
	for line := range strings.SplitSeq(p.wrap(s, w), "\n") {
		if p.Width(line) <= w {
			lines = append(lines, line)
			continue
		}
		// As in Cut, package ansi counts too few cells for some scripts, so try smaller limits.
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

func (p Painter) wrap(s string, w int) string {
	joined := joinOptions(joinThousands(s))
	if joined == s {
		return p.Method.Wrap(s, w, " /,;")
	}
	return strings.NewReplacer(joiner, ",", hyphen, "-").Replace(p.Method.Wrap(joined, w, " /,;"))
}

// joiner and hyphen stand for a comma and a hyphen after which a line must not break. They are not characters, so no
// text has them.
const (
	joiner = "\ufdd0"
	hyphen = "\ufdd1"
)

// joinOptions replaces the hyphens of options such as --max-memory, so that a line does not break after them.
func joinOptions(s string) string {
	const dashes, letters = "--", "abcdefghijklmnopqrstuvwxyz"
	for at := 0; ; {
		from := strings.Index(s[at:], dashes)
		if from < 0 {
			return s
		}
		from += at
		option := s[from : len(s)-len(strings.TrimLeft(s[from:], "-"+letters))]
		at = from + len(option)
		name := strings.TrimPrefix(option, dashes)
		if name == "" || name[0] == '-' || from > 0 && !strings.ContainsAny(s[from-1:from], " ([\"'`") {
			continue
		}
		s = s[:from] + strings.ReplaceAll(option, "-", hyphen) + s[at:]
		at += (len(hyphen) - 1) * strings.Count(option, "-")
	}
}

// joinThousands replaces the commas within numbers such as 1,204, so that a line does not break after them. It does not
// change lists of digits such as 1,2,3, or anything longer than 999,999,999,999.
func joinThousands(s string) string {
	const digits, maxNumber = "0123456789", len("999,999,999,999")
	var joined strings.Builder
	done := 0 // the offset after the last number in joined
	for at := 0; at < len(s); {
		from := at + strings.IndexAny(s[at:], digits)
		if from < at {
			break
		}
		number := s[from : len(s)-len(strings.TrimLeft(s[from:], digits+","))]
		at = from + len(number)
		number = strings.TrimRight(number, ",")
		if groups := strings.Split(number, ","); len(groups) < 2 || len(number) > maxNumber || len(groups[0]) > 3 ||
			slices.ContainsFunc(groups[1:], func(group string) bool { return len(group) != 3 }) {
			continue
		}
		joined.WriteString(s[done:from])
		joined.WriteString(strings.ReplaceAll(number, ",", joiner))
		done = from + len(number)
	}
	if done == 0 {
		return s
	}
	return joined.String() + s[done:]
}

// Rule returns a thin line across w cells.
func (p Painter) Rule(w int) string { return p.Faint.Render(strings.Repeat("─", max(0, w))) }

// Field draws a label and its value on one line, with a space between them.
func (p Painter) Field(label, value string) string {
	return p.Muted.Render(label) + " " + p.Strong.Render(value)
}

// Row puts the cursor's marker in front of a line of a list. If the cursor is not on the line, it puts spaces of the
// same width there.
func (p Painter) Row(line string, isCurrent bool) string {
	if isCurrent {
		return p.Accent.Render("▸ ") + line
	}
	return "  " + line
}

// Marked puts a mark in front of the first line, and indents the other lines by the same width. The mark is one cell
// wide.
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

// Flow arranges parts next to each other and separates them by a number of spaces, given by gap. It starts a new line
// when w cells are full, and skips empty parts.
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

// SideBySide joins two blocks of lines. The lines of the right block start at cell w.
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

// Divided draws left and right next to each other on h lines, with a thin line between them. If right has more than h
// lines, its last visible line says how many lines are not shown.
func (p Painter) Divided(left, right []string, leftWidth, rightWidth, h int) []string {
	if more := len(right) - h + 1; more > 1 && h > 0 {
		right = append(right[:h-1:h-1], p.Muted.Render("… "+strconv.Itoa(more)+" more lines"))
	}
	left, right = Exactly(left, h), Exactly(right, h)
	lines := make([]string, h)
	for i := range lines {
		lines[i] = p.Fit(left[i], leftWidth) + " " + p.Faint.Render("│") + " " + p.Cut(right[i], rightWidth)
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

// Rows are the rows of a list that are visible in a box.
type Rows struct {
	At    int // line of the box with the first visible row
	From  int // first visible row
	Shown int // number of visible rows
	Total int // number of all rows
}

// ScrollBar draws a scroll bar over the right border of a box, next to its rows. If all rows are visible, it leaves the
// box unchanged.
func (p Painter) ScrollBar(box []string, r Rows) []string {
	if r.Shown <= 0 || r.Total <= r.Shown {
		return box
	}
	length := max(1, r.Shown*r.Shown/r.Total)
	// The bar touches an end only if the first or the last row is visible.
	from := (r.From*(r.Shown-length) + (r.Total-r.Shown)/2) / (r.Total - r.Shown)
	if track := r.Shown - length; track > 1 {
		if r.From > 0 {
			from = max(1, from)
		}
		if r.From+r.Shown < r.Total {
			from = min(track-1, from)
		}
	}
	for i := from; i < from+length && r.At+i < len(box)-1; i++ {
		line := &box[r.At+i]
		*line = p.Method.Truncate(*line, p.Width(*line)-1, "") + p.Muted.Render("┃")
	}
	return box
}

// Spaces returns n spaces. If n is negative, it returns "".
func Spaces(n int) string { return strings.Repeat(" ", max(0, n)) }

// Indent indents lines by n cells. Empty lines stay empty.
func Indent(lines []string, n int) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = Spaces(n) + line
		}
	}
	return out
}

// Exactly returns n lines: it drops lines after the first n, or adds empty lines.
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
