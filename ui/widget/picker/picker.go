// Package picker implements a list that the user chooses from by typing part of a name.
//
// The picker is a box that floats above a screen. Its owner passes keys to [Picker.Update] and handles the returned
// [Event].
package picker

import (
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/cursor"
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
	// Deleted means that the user wants to delete [Picker.Choice].
	Deleted
)

// Choice is an entry of a picker.
type Choice struct {
	Name text.Text
	Note string // shown after the name, printable
	ID   int    // identifies the choice for the owner
	// IsChecked reports whether the choice is checked, in a picker where the user can check several choices.
	IsChecked bool
}

// Options configure a picker.
type Options struct {
	Title   string
	Choices []Choice
	// Enter describes what the Enter key does, such as "open". Delete describes what the delete key does. If Delete is
	// empty, the delete key does nothing.
	Enter, Delete string
	// IsMulti lets the user check several choices.
	IsMulti bool
	// IsFuzzy shows the choices that contain the typed letters in the same order, the best matches first: "prc" matches
	// "price". If IsFuzzy is false, only choices that contain the typed text are shown.
	IsFuzzy bool
}

// Picker is a list of choices, filtered by the typed text.
type Picker struct {
	Options
	line    line.Line
	matches []int // indexes in Choices of the choices that match the typed text
	cursor  int   // index in matches of the choice at the cursor
	// clickedTop is the index in matches of the choice at the top of the list at the last click. Right after a click,
	// isClicked is true and this choice stays at the top, so that the choices do not move under the mouse. At other
	// times, the choice at the cursor is in the middle if possible.
	clickedTop int
	isClicked  bool
}

// New returns a picker that shows all choices.
func New(o Options) *Picker {
	if o.Enter == "" {
		o.Enter = "choose"
	}
	p := &Picker{Options: o, line: line.New("")}
	p.match()
	return p
}

// Add adds choices at the end.
func (p *Picker) Add(choices []Choice) {
	current := -1
	if len(p.matches) > 0 {
		current = p.matches[p.cursor]
	}
	p.Choices = append(p.Choices, choices...)
	p.match()
	p.Select(current)
}

// match finds the choices that match the typed text.
func (p *Picker) match() {
	typed := strings.ToLower(p.line.Text())
	p.cursor = 0
	if p.IsFuzzy && typed != "" {
		p.matches = p.fuzzyMatches(typed)
		return
	}
	p.matches = p.exactMatches(typed)
}

// exactMatches returns the indexes of the choices that contain a text. Choices that start with it come first.
func (p *Picker) exactMatches(typed string) []int {
	var matches, within []int
	for i, one := range p.Choices {
		switch at := strings.Index(strings.ToLower(one.Name.Raw()), typed); {
		case at == 0:
			matches = append(matches, i)
		case at > 0:
			within = append(within, i)
		}
	}
	return append(matches, within...)
}

// fuzzyMatches returns the indexes of the choices that contain the typed letters in the same order, the best match
// first. For example, "prc" matches "price".
func (p *Picker) fuzzyMatches(typed string) []int {
	var matches []int
	for _, match := range fuzzy.FindFrom(typed, names(p.Choices)) {
		matches = append(matches, match.Index)
	}
	return matches
}

// names provides the names of choices to the fuzzy search.
type names []Choice

// String returns the name of choice i in lower case.
func (n names) String(i int) string { return strings.ToLower(n[i].Name.Raw()) }

// Len returns the number of names.
func (n names) Len() int { return len(n) }

// Select moves the cursor to the choice at an index. It does nothing if that choice is not shown.
func (p *Picker) Select(index int) {
	if at := slices.Index(p.matches, index); at >= 0 {
		p.cursor = at
	}
}

// Choice returns the choice at the cursor. It returns false if no choice matches the typed text.
func (p *Picker) Choice() (Choice, bool) {
	if len(p.matches) == 0 {
		return Choice{}, false
	}
	return p.Choices[p.matches[p.cursor]], true
}

// Checked returns the IDs of the checked choices.
func (p *Picker) Checked() []int {
	var ids []int
	for _, one := range p.Choices {
		if one.IsChecked {
			ids = append(ids, one.ID)
		}
	}
	return ids
}

// toggle checks or unchecks the choice at the cursor. It clears the typed text, so that the user can type the next
// name.
func (p *Picker) toggle() {
	if len(p.matches) == 0 {
		return
	}
	at := p.matches[p.cursor]
	p.Choices[at].IsChecked = !p.Choices[at].IsChecked
	if p.line.Text() != "" {
		p.line.Set("", 0)
		p.match()
		p.cursor = slices.Index(p.matches, at)
	}
}

// toggleAll checks all choices. If all are already checked, it unchecks them.
func (p *Picker) toggleAll() {
	check := len(p.Checked()) < len(p.Choices)
	for i := range p.Choices {
		p.Choices[i].IsChecked = check
	}
}

// Update handles a key press or pasted text.
func (p *Picker) Update(msg tea.Msg) Event {
	p.isClicked = false
	if key, isKey := msg.(tea.KeyPressMsg); isKey {
		switch key.String() {
		case "esc":
			return Canceled
		case "enter":
			if len(p.matches) == 0 {
				return None
			}
			return Chosen
		case "delete", "ctrl+x":
			if p.Delete != "" && len(p.matches) > 0 {
				return Deleted
			}
			return None
		case "space":
			if p.IsMulti {
				p.toggle()
				return None
			}
		case "ctrl+a":
			if p.IsMulti {
				p.toggleAll()
				return None
			}
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
	// The maximum widths of the content of a picker, in cells. The second applies if IsMulti or IsFuzzy is set.
	maxRoom     = 44
	maxWideRoom = 62
)

type boxLayout struct {
	room int // width of the content
	from int // first visible match
	rows int // maximum number of visible matches
}

func (p *Picker) layout(pt draw.Painter, w, h int) boxLayout {
	l := boxLayout{room: min(maxRoom, w-4)}
	if p.IsMulti || p.IsFuzzy {
		l.room = min(maxWideRoom, w-4)
	}
	l.rows = max(1, min(maxRows, h-5-len(p.keys(pt, l.room))))
	l.from = p.cursor - l.rows/2
	if p.isClicked {
		l.from = max(p.cursor-l.rows+1, min(p.clickedTop, p.cursor))
	}
	l.from = max(0, min(l.from, len(p.matches)-l.rows))
	return l
}

// linesAbove is the number of lines of the box above the choices: the border and the line of input.
const linesAbove = 2

// Click moves the cursor to the choice at a cell. The box has at most w by h cells. Click returns false if there is no
// choice at the cell. If several choices can be checked, a click on a check box checks or unchecks the choice. A click in
// the typed text moves the cursor of the text.
func (p *Picker) Click(pt draw.Painter, w, h int, at image.Point) bool {
	l := p.layout(pt, w, h)
	if at.Y == linesAbove-1 {
		title := pt.Width(p.Title) + 1
		p.line.Click(pt, p.inputRoom(pt, l), at.X-2-title)
		return false
	}
	row := at.Y - linesAbove
	if row < 0 || row >= l.rows || l.from+row >= len(p.matches) || at.X < 1 || at.X > l.room+2 {
		return false
	}
	p.cursor, p.clickedTop, p.isClicked = l.from+row, l.from, true
	if p.IsMulti && at.X < 2+len("[x]") {
		p.toggle()
		return false
	}
	return true
}

// Scroll moves the cursor by a number of choices.
func (p *Picker) Scroll(by int) {
	p.cursor, p.isClicked = max(0, min(p.cursor+by, len(p.matches)-1)), false
}

// View draws the picker as a box of at most w by h cells. The last line shows the keys.
func (p *Picker) View(pt draw.Painter, w, h int) []string {
	l := p.layout(pt, w, h)
	room := l.room
	input := pt.Accent.Render(p.Title) + " " + p.line.View(pt, p.inputRoom(pt, l), true, line.Span{})
	lines := []string{pt.Between(input, pt.Muted.Render(p.position(l)), room)}
	for i := l.from; i < len(p.matches) && i < l.from+l.rows; i++ {
		one := p.Choices[p.matches[i]]
		row := pt.Between(p.mark(one)+cell.Name(one.Name), one.Note, room)
		if i == p.cursor {
			row = pt.Table.Cursor.Render(row)
		}
		lines = append(lines, row)
	}
	if len(p.matches) == 0 {
		lines = append(lines, pt.Muted.Render(pt.Fit("none of "+text.Count(int64(len(p.Choices)))+" matches", room)))
	}
	if keys := p.keys(pt, room); h > len(lines)+1+len(keys) {
		if h > len(lines)+2+len(keys) {
			lines = append(lines, "")
		}
		lines = append(lines, keys...)
	}
	return pt.ScrollBar(pt.Box(lines, room), draw.Rows{At: linesAbove, From: l.from, Shown: l.rows, Total: len(p.matches)})
}

// position returns the position of the cursor, such as "3 of 20". It returns "" if all choices are visible.
func (p *Picker) position(l boxLayout) string {
	if len(p.matches) <= l.rows {
		return ""
	}
	return cursor.Of(p.cursor+1, len(p.matches))
}

// inputRoom returns the number of cells that are available for the typed text.
func (p *Picker) inputRoom(pt draw.Painter, l boxLayout) int {
	room := l.room - pt.Width(p.Title) - 1
	if position := p.position(l); position != "" {
		room -= pt.Width(position) + 2
	}
	return room
}

// mark returns the check box in front of a choice.
func (p *Picker) mark(one Choice) string {
	switch {
	case !p.IsMulti:
		return ""
	case one.IsChecked:
		return "[x] "
	default:
		return "[ ] "
	}
}

func (p *Picker) keys(pt draw.Painter, w int) []string {
	keys := [][2]string{{"enter", p.Enter}}
	if p.IsMulti {
		all := "all"
		if len(p.Checked()) == len(p.Choices) {
			all = "none"
		}
		keys = append(keys, [][2]string{{"space", "check"}, {"ctrl+a", all}}...)
	}
	if p.Delete != "" {
		keys = append(keys, [2]string{"del", p.Delete})
	}
	keys = append(keys, [2]string{"esc", "cancel"})
	hints := make([]string, len(keys))
	for i, key := range keys {
		hints[i] = pt.Strong.Render(key[0]) + " " + pt.Muted.Render(key[1])
	}
	return pt.Flow(hints, 3, w)
}
