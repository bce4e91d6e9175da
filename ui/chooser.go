package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
)

// chooser is a list to choose from, by typing a part of a name. It floats above the screen.
type chooser struct {
	title   string
	choices []choice
	chosen  func(choice) tea.Cmd
	input   line
	fitting []int // the choices that what was typed is a part of
	at      int   // among those that fit
}

// choice is one thing to choose.
type choice struct {
	name text.Text
	note string // printable
	id   int    // whatever the chooser's owner knows it by
}

func newChooser(title string, choices []choice, chosen func(choice) tea.Cmd) *chooser {
	c := &chooser{title: title, choices: choices, chosen: chosen, input: newLine("")}
	c.narrow()
	return c
}

// narrow finds the choices that fit, those that begin with what was typed first.
func (c *chooser) narrow() {
	typed := strings.ToLower(c.input.text())
	c.fitting, c.at = nil, 0
	var within []int
	for i, one := range c.choices {
		switch at := strings.Index(strings.ToLower(one.name.Raw()), typed); {
		case at == 0:
			c.fitting = append(c.fitting, i)
		case at > 0:
			within = append(within, i)
		}
	}
	c.fitting = append(c.fitting, within...)
}

// press lets the chooser have a key. It tells whether it is done: something was chosen, or it was given up.
func (c *chooser) press(msg tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch msg.String() {
	case "esc":
		return nil, true
	case "enter":
		if len(c.fitting) == 0 {
			return nil, false
		}
		return c.chosen(c.choices[c.fitting[c.at]]), true
	case "up", "ctrl+p", "shift+tab":
		c.at = max(0, c.at-1)
	case "down", "ctrl+n", "tab":
		c.at = max(0, min(len(c.fitting)-1, c.at+1))
	default:
		c.edit(msg)
	}
	return nil, false
}

// edit changes what is typed.
func (c *chooser) edit(msg tea.Msg) {
	before := c.input.text()
	c.input.update(msg)
	if c.input.text() != before {
		c.narrow()
	}
}

const (
	chooserRows = 12
	chooserRoom = 44 // cells within the box
)

// view draws the chooser: a box at most w cells wide and h lines high.
func (c *chooser) view(l look, w, h int) []string {
	room := min(chooserRoom, w-4)
	rows := max(1, min(chooserRows, h-4))
	typed := text.Printable(c.input.text())
	lines := []string{l.fit(l.Accent.Render(c.title)+" "+typed+l.Table.Cursor.Render(" "), room)}
	from := max(0, min(c.at-rows/2, len(c.fitting)-rows))
	for i := from; i < len(c.fitting) && i < from+rows; i++ {
		one := c.choices[c.fitting[i]]
		line := l.between(columnName(one.name), one.note, room)
		if i == c.at {
			line = l.Table.Cursor.Render(line)
		}
		lines = append(lines, line)
	}
	if len(c.fitting) == 0 {
		lines = append(lines, l.Muted.Render(l.fit("none of "+text.Count(int64(len(c.choices)))+" fits", room)))
	}
	return l.box(lines, room)
}

// box draws a border around lines of w cells.
func (l look) box(lines []string, w int) []string {
	bar := strings.Repeat("─", w+2)
	boxed := []string{l.Faint.Render("╭" + bar + "╮")}
	for _, line := range lines {
		boxed = append(boxed, l.Faint.Render("│")+" "+l.fit(line, w)+" "+l.Faint.Render("│"))
	}
	return append(boxed, l.Faint.Render("╰"+bar+"╯"))
}

// over lays a box over the middle of lines that are w cells wide.
func (l look) over(lines, box []string, w int) []string {
	if len(box) == 0 {
		return lines
	}
	boxWidth := l.width(box[0])
	left := max(0, (w-boxWidth)/2)
	top := max(0, (len(lines)-len(box))/2)
	out := append([]string{}, lines...)
	for i, part := range box {
		if top+i >= len(out) {
			break
		}
		below := l.fit(out[top+i], w)
		before := l.truncate(below, left, "")
		out[top+i] = before + spaces(left-l.width(before)) + part + l.last(below, max(0, w-left-boxWidth))
	}
	return out
}

// last returns the last n cells of a line. Where a wide character begins before them, a space stands for its second half.
func (l look) last(line string, n int) string {
	from := l.width(line) - n
	rest := l.method.TruncateLeft(line, from, "")
	for l.width(rest) > n {
		from++
		rest = l.method.TruncateLeft(line, from, "")
	}
	return spaces(n-l.width(rest)) + rest
}
