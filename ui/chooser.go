package ui

import (
	"image"
	"strings"

	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/textinput"

	"sbwatch/model"
	"sbwatch/ui/action"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
)

// chooser is a list to choose from, by typing a part of a name. It floats above the screen.
type chooser struct {
	title   string
	choices []choice
	chosen  func(choice) tea.Cmd
	input   textinput.Model
	fitting []int // the choices that what was typed is a part of
	at      int   // among those that fit
}

// choice is one thing to choose.
type choice struct {
	name model.Text
	note string // printable
	id   int    // whatever the chooser's owner knows it by
}

func newChooser(title string, choices []choice, chosen func(choice) tea.Cmd) *chooser {
	c := &chooser{title: title, choices: choices, chosen: chosen, input: newPrompt(promptSearch, "").input}
	c.narrow()
	return c
}

// narrow finds the choices that fit, those that begin with what was typed first.
func (c *chooser) narrow() {
	typed := strings.ToLower(c.input.Value())
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
	before := c.input.Value()
	c.input, _ = c.input.Update(msg)
	if c.input.Value() != before {
		c.narrow()
	}
}

const (
	chooserRows = 12
	chooserRoom = 44 // cells within the box
)

// view draws the chooser: a box at most w cells wide and h lines high.
func (c *chooser) view(p draw.Painter, w, h int) []string {
	room := min(chooserRoom, w-4)
	rows := max(1, min(chooserRows, h-4))
	typed := model.Printable(c.input.Value())
	lines := []string{p.Fit(p.Accent.Render(c.title)+" "+typed+p.Table.Cursor.Render(" "), room)}
	from := max(0, min(c.at-rows/2, len(c.fitting)-rows))
	for i := from; i < len(c.fitting) && i < from+rows; i++ {
		one := c.choices[c.fitting[i]]
		line := p.Between(columnName(one.name), one.note, room)
		if i == c.at {
			line = p.Table.Cursor.Render(line)
		}
		lines = append(lines, line)
	}
	if len(c.fitting) == 0 {
		lines = append(lines, p.Muted.Render(p.Fit("none of "+model.Count(int64(len(c.choices)))+" fits", room)))
	}
	return box(p, lines, room)
}

// box draws a border around lines of w cells.
func box(p draw.Painter, lines []string, w int) []string {
	bar := strings.Repeat("─", w+2)
	boxed := []string{p.Faint.Render("╭" + bar + "╮")}
	for _, line := range lines {
		boxed = append(boxed, p.Faint.Render("│")+" "+p.Fit(line, w)+" "+p.Faint.Render("│"))
	}
	return append(boxed, p.Faint.Render("╰"+bar+"╯"))
}

// over lays a box over the middle of lines that are w cells wide.
func over(p draw.Painter, lines, box []string, w int) []string {
	if len(box) == 0 {
		return lines
	}
	boxWidth := p.Width(box[0])
	left := max(0, (w-boxWidth)/2)
	top := max(0, (len(lines)-len(box))/2)
	out := append([]string{}, lines...)
	for i, part := range box {
		if top+i >= len(out) {
			break
		}
		below := p.Fit(out[top+i], w)
		before := p.Method.Truncate(below, left, "")
		out[top+i] = before + draw.Spaces(left-p.Width(before)) + part + p.Method.TruncateLeft(below, left+boxWidth, "")
	}
	return out
}

// pickerLayer is a chooser above the screen.
type pickerLayer struct {
	env     *screen.Env
	chooser *chooser
}

// Place returns the middle of the screen.
func (*pickerLayer) Place() screen.Place { return screen.PlaceBox }

// Actions lists nothing: the chooser has all keys.
func (*pickerLayer) Actions() action.Table { return nil }

// Update handles what is typed and pasted.
func (l *pickerLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		cmd, done := l.chooser.press(msg)
		if done {
			l.env.Layers.Close(l)
		}
		return cmd
	case tea.PasteMsg:
		l.chooser.edit(msg)
	}
	return nil
}

// View draws the chooser, as large as it needs to be.
func (l *pickerLayer) View(area image.Rectangle) []string {
	return l.chooser.view(l.env.Painter, area.Dx(), area.Dy())
}

// choose opens a chooser.
func (t *itemsTab) choose(title string, choices []choice, chosen func(choice) tea.Cmd) {
	t.env.Layers.Open(&pickerLayer{t.env.Env, newChooser(title, choices, chosen)})
}
