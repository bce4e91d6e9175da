package screen

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/action"
	"sbwatch/ui/widget/picker"
)

// PickerLayer is the base of layers with a picker in a box. It passes the picker's events to Handle.
type PickerLayer struct {
	Env    *Env
	Picker *picker.Picker
	Handle func(event picker.Event) tea.Cmd
}

// Place returns PlaceBox, because the picker floats above the screen.
func (*PickerLayer) Place() Place { return PlaceBox }

// Actions returns nil because the picker handles all keys itself.
func (*PickerLayer) Actions() action.Table { return nil }

// Update handles key presses and pasted text.
func (l *PickerLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		return l.Handle(l.Picker.Update(msg))
	default:
		return nil
	}
}

// Mouse handles an event of the mouse.
func (l *PickerLayer) Mouse(m Mouse) tea.Cmd { return l.Handle(m.OnPicker(l.Picker, l.Env)) }

// View draws the picker.
func (l *PickerLayer) View(area image.Rectangle) []string {
	return l.Picker.View(l.Env.Painter, area.Dx(), area.Dy())
}
