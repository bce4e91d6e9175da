// Package help implements the help screen. It lists the keys of the screen below it and, if that screen has filters,
// the syntax of filters and formulas. The list can be searched.
package help

import (
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/compute"
	"sbwatch/model/filter"
	"sbwatch/model/lang"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/pager"
)

// Screen lists the keys of the screen below it. Keys that currently do nothing are dimmed.
type Screen struct {
	env *screen.Env
	// program returns the actions that are available on every screen.
	program func() action.Table
	pager   pager.Pager
	query   string // only lines that contain this text are listed
}

// New returns the help screen. program returns the actions that are available on every screen.
func New(env *screen.Env, program func() action.Table) *Screen {
	return &Screen{env: env, program: program}
}

// The widths of the parts of the list, in cells.
const (
	keyWidth    = 12
	columnWidth = 38
)

// titleHeight returns the number of lines above the list, for a body of h lines: 3 (an empty line, the title and an
// empty line) or, if h is small, 1 (only the title).
func titleHeight(h int) int {
	const withSpace = 12
	if h < withSpace {
		return 1
	}
	return 3
}

// Place returns PlaceBody.
func (*Screen) Place() screen.Place { return screen.PlaceBody }

// Subject returns "help", because all screens of this type show the same.
func (*Screen) Subject() any { return "help" }

// Update does nothing: all keys of the help screen are actions.
func (*Screen) Update(tea.Msg) tea.Cmd { return nil }

// View draws the list.
func (s *Screen) View(area image.Rectangle) []string {
	title, list := layout.Below(area, titleHeight(area.Dy()))
	s.lay(list)
	lines := []string{s.title(title.Dx())}
	if title.Dy() > 1 {
		lines = []string{"", lines[0], ""}
	}
	return append(draw.Exactly(lines, title.Dy()), s.pager.View(max(1, list.Dy()))...)
}

func (s *Screen) title(w int) string {
	p := s.env.Painter
	if s.query != "" {
		return p.Strong.Render("Keys") + p.Muted.Render(p.Cut(" with "+text.Printable(s.query), w-4))
	}
	note := "  dimmed keys do nothing at the moment"
	if p.Width(note) > w-4 {
		note = "  dimmed: nothing to do now"
	}
	return p.Strong.Render("Keys") + p.Faint.Render(p.Cut(note, w-4))
}

// Position returns the range of the visible lines, for the footer.
func (s *Screen) Position() string {
	list := s.list()
	s.lay(list)
	return s.pager.Position(max(1, list.Dy()))
}

func (s *Screen) list() image.Rectangle {
	body := s.env.Frame.Body
	_, list := layout.Below(body, titleHeight(body.Dy()))
	return list
}

// lay lays out the list for the width of area.
func (s *Screen) lay(area image.Rectangle) { s.pager.SetLines(s.lines(area.Dx())) }

// Actions lists the actions of the help screen.
func (s *Screen) Actions() action.Table {
	closing := action.Do(func() { s.env.Layers.Close(s) })
	title, back := "close", closing
	if s.query != "" {
		title, back = "show all", action.Do(func() { s.search("") })
	}
	return append(action.Moves(s.move, true, false),
		action.Action{ID: "help.close", Group: action.GroupView, Title: title, Keys: []string{"esc"}, Rank: 5, Enabled: true, Run: back},
		action.Action{
			ID: "help.search", Group: action.GroupFind, Title: "search", Keys: []string{"/"}, Rank: 6, Enabled: true,
			Run: action.Do(func() { s.env.Layers.Open(newSearch(s)) }),
		},
		action.Action{ID: "help.toggle", Group: action.GroupView, Keys: []string{"?"}, Enabled: true, Run: closing},
	)
}

func (s *Screen) move(m cursor.Move) tea.Cmd {
	list := s.list()
	s.lay(list)
	s.pager.Move(m, max(1, list.Dy()))
	return nil
}

// search reduces the list to the lines that contain query. If query is empty, it lists all lines.
func (s *Screen) search(query string) {
	s.query = query
	s.pager = pager.Pager{}
}

// line is one line of the help: keys or an expression, and a description.
type line struct {
	key, title string
	isDimmed   bool
}

// table returns the actions to list.
func (s *Screen) table() action.Table {
	return s.env.Keys.Apply(append(s.env.Layers.ActionsBelow(s), s.program()...))
}

// lines returns the lines of the help: the list of keys, in two columns if there is room, and the syntax of filters. w
// is the width in cells.
func (s *Screen) lines(w int) []string {
	p := s.env.Painter
	table := s.table()
	room, isWide := w, w >= 2*columnWidth
	if isWide {
		room = w / 2
	}
	var groups [][]string
	for _, section := range table.Sections() {
		var lines []line
		for _, a := range section.Actions {
			lines = append(lines, line{a.KeyText(), a.Title, !a.Enabled})
		}
		if found := s.group(string(section.Group), keyWidth, room, lines); found != nil {
			groups = append(groups, found)
		}
	}
	syntax := s.syntaxes(table, w)
	if len(groups) == 0 && len(syntax) == 0 {
		return []string{p.Muted.Render("nothing found: esc shows all keys")}
	}
	if !isWide {
		return cutAll(p, append(stack(groups), syntax...), w)
	}
	middle := len(stack(groups)) / 2
	left, right := [][]string{}, [][]string{}
	for _, group := range groups {
		if len(stack(left)) < middle {
			left = append(left, group)
		} else {
			right = append(right, group)
		}
	}
	return cutAll(p, append(p.SideBySide(stack(left), stack(right), w/2), syntax...), w)
}

// syntaxes returns the lines about the syntax of filters and formulas, if table has an action that uses them.
func (s *Screen) syntaxes(table action.Table, w int) []string {
	has := func(id string) bool {
		return slices.ContainsFunc(table, func(a action.Action) bool { return a.ID == id })
	}
	var lines []string
	if has("find.filter") {
		lines = append(lines, s.syntax("filter syntax", filter.Syntax(), w)...)
	}
	if has("column.compute") {
		lines = append(lines, s.syntax("formulas of computed columns", compute.Syntax(), w)...)
	}
	return lines
}

// syntax returns a heading and, below it, each form of expression with its meaning.
func (s *Screen) syntax(heading string, forms []lang.Form, w int) []string {
	widest := keyWidth
	lines := make([]line, len(forms))
	for i, form := range forms {
		lines[i] = line{key: form.Text, title: form.Meaning}
		widest = max(widest, s.env.Painter.Width(form.Text))
	}
	group := s.group(heading, min(widest, w/2)+1, w, lines)
	if group == nil {
		return nil
	}
	return append([]string{""}, group...)
}

// group returns the heading and, below it, the lines that contain the search text, for a width of w cells. The
// parameter keys is the width of the column with the keys. If no line contains the search text, group returns nil.
func (s *Screen) group(heading string, keys, w int, lines []line) []string {
	p := s.env.Painter
	group := []string{p.Muted.Render(heading)}
	query := strings.ToLower(s.query)
	for _, l := range lines {
		if !strings.Contains(strings.ToLower(heading+" "+l.key+" "+l.title), query) {
			continue
		}
		for i, title := range p.Wrap(l.title, max(1, w-keys-3)) {
			key := p.Fit("", keys)
			if i == 0 {
				key = p.Fit(l.key, keys)
			}
			if l.isDimmed {
				group = append(group, p.Faint.Render("  "+key+" "+title))
			} else {
				group = append(group, "  "+p.Strong.Render(key)+" "+title)
			}
		}
	}
	if len(group) == 1 {
		return nil
	}
	return group
}

func cutAll(p draw.Painter, lines []string, w int) []string {
	for i := range lines {
		lines[i] = p.Cut(lines[i], w)
	}
	return lines
}

// stack joins groups of lines, with an empty line between groups.
func stack(groups [][]string) []string {
	var lines []string
	for i, group := range groups {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, group...)
	}
	return lines
}
