// Package picker lets the user choose from a list by typing part of a name.
//
// The picker is a box that floats above a screen. Its owner passes keys to [Picker.Update] and handles the returned
// [Event].
package picker

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
)

// Event is the effect of a key on a picker.
type Event int

const (
	// None means that there is nothing to do.
	None Event = iota
	// Chosen means that the user has chosen [Picker.Choice].
	Chosen
	// Canceled means that the user wants to close the picker.
	Canceled
)

// Choice is an entry of a picker.
type Choice struct {
	Name text.Text
	Note string // printable
	ID   int    // identifies the choice to the owner
}

// Picker is a list of choices, filtered by the typed text.
type Picker struct {
	title   string
	choices []Choice
	line    line.Line
	matches []int // indexes in choices
	cursor  int   // index in matches
}

// New returns a picker that shows all choices.
func New(title string, choices []Choice) *Picker {
	p := &Picker{title: title, choices: choices, line: line.New("")}
	p.match()
	return p
}

// match finds the choices that contain the typed text. Those that begin with it come first.
func (p *Picker) match() {
	typed := strings.ToLower(p.line.Text())
	p.matches, p.cursor = nil, 0
	var within []int
	for i, one := range p.choices {
		switch at := strings.Index(strings.ToLower(one.Name.Raw()), typed); {
		case at == 0:
			p.matches = append(p.matches, i)
		case at > 0:
			within = append(within, i)
		}
	}
	p.matches = append(p.matches, within...)
}

// Choice returns the choice under the cursor, or false if nothing matches.
func (p *Picker) Choice() (Choice, bool) {
	if len(p.matches) == 0 {
		return Choice{}, false
	}
	return p.choices[p.matches[p.cursor]], true
}

// Update handles a key or pasted text.
func (p *Picker) Update(msg tea.Msg) Event {
	if key, isKey := msg.(tea.KeyPressMsg); isKey {
		switch key.String() {
		case "esc":
			return Canceled
		case "enter":
			if len(p.matches) == 0 {
				return None
			}
			return Chosen
		case "up", "ctrl+p", "shift+tab":
			p.cursor = max(0, p.cursor-1)
			return None
		case "down", "ctrl+n", "tab":
			p.cursor = max(0, min(len(p.matches)-1, p.cursor+1))
			return None
		}
	}
	if p.line.Update(msg) {
		p.match()
	}
	return None
}

const (
	maxRows = 12
	maxRoom = 44 // cells within the box
)

// View draws the picker: a box at most w cells wide and h lines high.
func (p *Picker) View(pt draw.Painter, w, h int) []string {
	room := min(maxRoom, w-4)
	rows := max(1, min(maxRows, h-4))
	title := pt.Accent.Render(p.title) + " "
	lines := []string{title + p.line.View(pt, room-pt.Width(title), true, line.Span{})}
	from := max(0, min(p.cursor-rows/2, len(p.matches)-rows))
	for i := from; i < len(p.matches) && i < from+rows; i++ {
		one := p.choices[p.matches[i]]
		row := pt.Between(cell.Name(one.Name), one.Note, room)
		if i == p.cursor {
			row = pt.Table.Cursor.Render(row)
		}
		lines = append(lines, row)
	}
	if len(p.matches) == 0 {
		lines = append(lines, pt.Muted.Render(pt.Fit("none of "+text.Count(int64(len(p.choices)))+" matches", room)))
	}
	return pt.Box(lines, room)
}
