// Package messages implements the screen with the messages that the program had before the dashboard started, such as
// problems in the config file.
package messages

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

// Screen lists messages.
type Screen struct {
	env   *screen.Env
	texts []string
	pager pager.Pager
}

// New returns a screen with texts, which must be printable.
func New(env *screen.Env, texts []string) *Screen { return &Screen{env: env, texts: texts} }

// titleHeight is the number of lines above the list.
const titleHeight = 3

// Place returns PlaceBody.
func (*Screen) Place() screen.Place { return screen.PlaceBody }

// Subject returns "messages", because all screens of this type show the same.
func (*Screen) Subject() any { return "messages" }

// Update does nothing: all keys of the screen are actions.
func (*Screen) Update(tea.Msg) tea.Cmd { return nil }

// View draws the messages.
func (s *Screen) View(area image.Rectangle) []string {
	title, list := layout.Below(area, titleHeight)
	s.lay(list)
	heading := s.env.Painter.Strong.Render(s.env.Painter.Cut("Messages", title.Dx()))
	return append(draw.Exactly([]string{"", heading}, title.Dy()), s.pager.View(max(1, list.Dy()))...)
}

// lay lays out the messages for the width of area. A message may need several lines.
func (s *Screen) lay(area image.Rectangle) {
	const indent = "  "
	p := s.env.Painter
	var lines []string
	for _, message := range s.texts {
		for i, line := range p.Wrap(message, area.Dx()-len(indent)) {
			if i > 0 {
				line = indent + line
			}
			lines = append(lines, p.Cut(line, area.Dx()))
		}
	}
	s.pager.SetLines(lines)
}

// list returns the area of the messages.
func (s *Screen) list() image.Rectangle {
	_, list := layout.Below(s.env.Frame.Body, titleHeight)
	s.lay(list)
	return list
}

// Position returns the range of the visible lines, for the footer.
func (s *Screen) Position() string { return s.pager.Position(max(1, s.list().Dy())) }

// Actions lists the actions of the screen.
func (s *Screen) Actions() action.Table {
	return append(action.Moves(s.move, true, false), action.Action{
		ID: "messages.close", Group: action.GroupView, Title: "close", Keys: []string{"esc"}, Rank: 5, Enabled: true,
		Run: action.Do(func() { s.env.Layers.Close(s) }),
	})
}

func (s *Screen) move(m cursor.Move) tea.Cmd {
	s.pager.Move(m, max(1, s.list().Dy()))
	return nil
}

// Mouse scrolls the messages.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd {
	if m.Kind == screen.MouseWheel {
		s.pager.Scroll(m.Wheel.Y, max(1, s.list().Dy()))
	}
	return nil
}
