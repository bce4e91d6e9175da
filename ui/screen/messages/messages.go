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
	"sbwatch/ui/widget/tree"
)

// Screen lists messages.
type Screen struct {
	env   *screen.Env
	texts []string
	tree  tree.Tree
}

// New returns a screen with texts, which must be printable.
func New(env *screen.Env, texts []string) *Screen { return &Screen{env: env, texts: texts} }

// titleHeight is the number of lines above the list.
const titleHeight = 3

// Place returns PlaceBody.
func (*Screen) Place() screen.Place { return screen.PlaceBody }

// Subject returns "messages", because all screens of this type show the same.
func (*Screen) Subject() any { return "messages" }

// Update keeps the cursor visible after the size has changed. All keys of the screen are actions.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	if _, isResized := msg.(screen.ResizedMsg); isResized {
		s.tree.Follow(max(1, s.list().Dy()))
	}
	return nil
}

// View draws the messages.
func (s *Screen) View(area image.Rectangle) []string {
	title, list := layout.Below(area, titleHeight)
	s.lay(list)
	heading := s.env.Painter.Strong.Render(s.env.Painter.Cut("Messages", title.Dx()))
	return append(draw.Exactly([]string{"", heading}, title.Dy()), s.tree.View(s.env.Painter, max(1, list.Dy()), true)...)
}

// lay lays out the messages for the width of area. A message may need several lines.
func (s *Screen) lay(area image.Rectangle) {
	const indent = "  "
	p, w := s.env.Painter, area.Dx()-tree.MarkerWidth
	blocks := make([][]string, len(s.texts))
	for i, message := range s.texts {
		for at, line := range p.Wrap(message, w-len(indent)) {
			if at > 0 {
				line = indent + line
			}
			blocks[i] = append(blocks[i], p.Cut(line, w))
		}
	}
	s.tree.SetLayout(tree.Blocks(blocks))
}

// list returns the area of the messages.
func (s *Screen) list() image.Rectangle {
	_, list := layout.Below(s.env.Frame.Body, titleHeight)
	s.lay(list)
	return list
}

// Position returns the position of the cursor, for the footer.
func (s *Screen) Position() string {
	if len(s.texts) == 0 {
		return ""
	}
	return cursor.Of(s.tree.Cursor()+1, len(s.texts))
}

// Actions lists the actions of the screen.
func (s *Screen) Actions() action.Table {
	return append(action.Moves(s.move, len(s.texts) > 0, false),
		action.Action{
			ID: "messages.copy", Group: action.GroupExport, Title: "copy", Keys: []string{"y"}, Rank: 11, Enabled: len(s.texts) > 0,
			Run: func() tea.Cmd { return screen.Copy(s.env, "", s.texts[s.tree.Cursor()]) },
		},
		action.Action{
			ID: "messages.close", Group: action.GroupView, Title: "close", Keys: []string{"esc"}, Rank: 5, Enabled: true,
			Run: action.Do(func() { s.env.Layers.Close(s) }),
		},
	)
}

func (s *Screen) move(m cursor.Move) tea.Cmd {
	s.tree.Move(m, max(1, s.list().Dy()))
	return nil
}

// Mouse scrolls the messages. A click selects a message.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd {
	list := s.list()
	h := max(1, list.Dy())
	if m.Kind == screen.MouseWheel {
		s.tree.Scroll(m.Wheel.Y, h)
		return nil
	}
	if i, found := s.tree.FieldAt(m.At.Y-list.Min.Y, h); found && m.IsClick() {
		s.tree.Select(i, h)
	}
	return nil
}
