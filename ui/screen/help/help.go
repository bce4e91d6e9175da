// Package help implements the help screen, which lists the keys of the screen below it.
package help

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/pager"
)

// Screen lists the available keys. Disabled actions are not listed.
type Screen struct {
	env *screen.Env
	// program lists the actions available on every screen.
	program func() action.Table
	pager   pager.Pager
}

// New returns the help for the screen below and for the program.
func New(env *screen.Env, program func() action.Table) *Screen {
	return &Screen{env: env, program: program}
}

// Widths of the list, in cells.
const (
	keyWidth    = 12
	columnWidth = 38
)

// titleHeight is the number of lines above the list.
const titleHeight = 3

// Place returns PlaceBody.
func (*Screen) Place() screen.Place { return screen.PlaceBody }

// Update does nothing: all keys of the help screen are actions.
func (*Screen) Update(tea.Msg) tea.Cmd { return nil }

// View draws the list.
func (s *Screen) View(area image.Rectangle) []string {
	title, list := layout.Below(area, titleHeight)
	s.lay(list)
	return append(draw.Exactly([]string{"", s.env.Painter.Strong.Render("Keys")}, title.Dy()), s.pager.View(max(1, list.Dy()))...)
}

// Position describes which lines are visible.
func (s *Screen) Position() string {
	list := s.list()
	s.lay(list)
	return s.pager.Position(max(1, list.Dy()))
}

// list returns the area of the list.
func (s *Screen) list() image.Rectangle {
	_, list := layout.Below(s.env.Frame.Body, titleHeight)
	return list
}

// lay lays out the list for an area.
func (s *Screen) lay(area image.Rectangle) { s.pager.SetLines(s.lines(area.Dx())) }

// Actions lists the actions of the help screen.
func (s *Screen) Actions() action.Table {
	closing := action.Do(func() { s.env.Layers.Close(s) })
	return append(action.Moves(s.move, true, false),
		action.Action{ID: "help.close", Group: action.GroupView, Title: "close", Keys: []string{"esc"}, Rank: 5, Enabled: true, Run: closing},
		action.Action{ID: "help.toggle", Group: action.GroupView, Keys: []string{"?"}, Enabled: true, Run: closing},
	)
}

func (s *Screen) move(m cursor.Move) tea.Cmd {
	list := s.list()
	s.lay(list)
	s.pager.Move(m, max(1, list.Dy()))
	return nil
}

// lines lists the keys, in two columns if there is room.
func (s *Screen) lines(w int) []string {
	p := s.env.Painter
	var groups [][]string
	for _, section := range append(s.env.Layers.ActionsBelow(s), s.program()...).Sections() {
		groups = append(groups, sectionLines(p, section))
	}
	lines := stack(groups)
	if w >= 2*columnWidth {
		lines = inTwoColumns(p, groups, w)
	}
	for i := range lines {
		lines[i] = p.Cut(lines[i], w)
	}
	return lines
}

// inTwoColumns lists groups in two columns of about the same height.
func inTwoColumns(p draw.Painter, groups [][]string, w int) []string {
	middle := len(stack(groups)) / 2
	left, right := [][]string{}, [][]string{}
	for _, group := range groups {
		if len(stack(left)) < middle {
			left = append(left, group)
		} else {
			right = append(right, group)
		}
	}
	return p.SideBySide(stack(left), stack(right), w/2)
}

// sectionLines lists the actions of a section under its heading.
func sectionLines(p draw.Painter, section action.Section) []string {
	lines := []string{p.Muted.Render(string(section.Group))}
	for _, action := range section.Actions {
		lines = append(lines, "  "+p.Strong.Render(p.Fit(action.KeyText(), keyWidth))+" "+action.Title)
	}
	return lines
}

// stack joins groups vertically, separated by empty lines.
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
