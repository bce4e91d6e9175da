package screen

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/widget/list"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/prompt"
)

// MouseKind says what the user did with the mouse.
type MouseKind int

const (
	// MousePress means that the left button was pressed.
	MousePress MouseKind = iota
	// MouseDouble means that the left button was pressed again at the same cell. It follows a MousePress.
	MouseDouble
	// MouseDrag means that the mouse was moved while the left button was down.
	MouseDrag
	// MouseRelease means that the left button was released.
	MouseRelease
	// MouseWheel means that the wheel was turned.
	MouseWheel
)

// Mouse is something that the user did with the mouse.
type Mouse struct {
	Kind MouseKind
	// At is the position in cells, from the upper left of the terminal.
	At image.Point
	// Area is the part of the terminal where the layer is drawn.
	Area image.Rectangle
	// Wheel is how far the wheel was turned: X columns to the right and Y lines down.
	Wheel image.Point
}

// Pointed is a layer that uses the mouse. It gets the events within its area. If the button was pressed in its area, it
// also gets the drags and the release that follow, even outside the area.
type Pointed interface {
	Mouse(m Mouse) tea.Cmd
}

// Prompted is a layer with a prompt in the footer. A click in the prompt has the effect of the key that
// [prompt.Prompt.Click] returns.
type Prompted interface{ Input() *prompt.Prompt }

// IsClick reports whether the left button was pressed, once or twice.
func (m Mouse) IsClick() bool { return m.Kind == MousePress || m.Kind == MouseDouble }

// OnList applies the mouse event m to a list. rows is the area of the list's rows. isOnRow reports whether a click has
// selected a row.
func (m Mouse) OnList(l *list.List, rows image.Rectangle) (isOnRow bool) {
	if m.Kind == MouseWheel {
		l.Scroll(m.Wheel.Y, rows.Dy())
		return false
	}
	row, found := l.RowAt(m.At.Y - rows.Min.Y)
	if !m.IsClick() || !found || !m.At.In(rows) {
		return false
	}
	l.Select(row)
	l.Follow(rows.Dy())
	return true
}

// OnPicker applies the mouse event m to a picker that fills m.Area.
func (m Mouse) OnPicker(p *picker.Picker, env *Env) picker.Event {
	switch at := m.At.Sub(m.Area.Min); m.Kind {
	case MouseWheel:
		p.Scroll(m.Wheel.Y)
	case MousePress:
		p.Click(env.Painter, env.Width(), env.Height(), at)
	case MouseDouble:
		if p.Click(env.Painter, env.Width(), env.Height(), at) {
			return picker.Chosen
		}
	case MouseDrag, MouseRelease:
	}
	return picker.None
}
