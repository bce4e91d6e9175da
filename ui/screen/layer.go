// Package screen holds what the screens of the dashboard have in common: the stack of layers that they stand on, the
// environment that they share, and the work that they start.
package screen

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/action"
)

// Layer is a screen, help, a prompt, a picker or a dialog: what stands on the stack.
type Layer interface {
	// Update handles a message: for the top layer also keys that no action has, and what is pasted.
	Update(msg tea.Msg) tea.Cmd
	// View draws the layer in an area: a box as large as it needs to be, everything else as large as the area.
	View(area image.Rectangle) []string
	// Actions lists what the user can do in the layer.
	Actions() action.Table
	// Place returns where the layer stands.
	Place() Place
}

// Place is where a layer stands on the screen.
type Place int

// The places.
const (
	// PlaceBody is all of the screen between header and footer. The layers below do not show.
	PlaceBody Place = iota
	// PlaceFooter is the foot of the screen.
	PlaceFooter
	// PlaceBox floats above the middle of the screen.
	PlaceBox
)

// isTyping reports whether a layer takes the text that is typed.
func isTyping(l Layer) bool { return l.Place() != PlaceBody }

// Header is a layer that draws the header of the screen.
type Header interface {
	Header(w int) string
}

// Positioned is a layer that can tell where its cursor is.
type Positioned interface {
	// Position returns the place of the cursor, for the foot of the screen.
	Position() string
}

// Worker is a layer that has work going on.
type Worker interface {
	// IsWorking reports whether work goes on.
	IsWorking() bool
	// Work returns what goes on and how far it is, for the foot of the screen; "" for nothing worth a word.
	Work() string
}

// Stack is the layers that are open, one above the other. The bottom one is never closed.
type Stack struct{ layers []Layer }

// Open puts a layer on top.
func (s *Stack) Open(l Layer) { s.layers = append(s.layers, l) }

// Close takes a layer away, wherever it is.
func (s *Stack) Close(l Layer) {
	if at := slices.Index(s.layers, l); at > 0 {
		s.layers = slices.Delete(s.layers, at, at+1)
	}
}

// Top returns the layer that has the focus.
func (s *Stack) Top() Layer { return s.layers[len(s.layers)-1] }

// Bottom returns the layer that is never closed.
func (s *Stack) Bottom() Layer { return s.layers[0] }

// IsTyping reports whether the top layer takes the text that is typed.
func (s *Stack) IsTyping() bool { return isTyping(s.Top()) }

// Actions lists what the user can do: in the top layer, and in those that it covers what may be done all the same.
func (s *Stack) Actions() action.Table {
	if s.IsTyping() {
		return s.Top().Actions()
	}
	return s.actions(len(s.layers) - 1)
}

// ActionsBelow lists what the user could do if a layer were closed.
func (s *Stack) ActionsBelow(l Layer) action.Table { return s.actions(slices.Index(s.layers, l) - 1) }

// actions lists what the user can do where a layer is the top one.
func (s *Stack) actions(top int) action.Table {
	var table action.Table
	for i := top; i >= 0; i-- {
		actions := s.layers[i].Actions()
		if i < top {
			actions = actions.WhileCovered()
		}
		table = append(table, actions...)
	}
	return table
}

// Update hands a message to all layers, from the bottom to the top.
func (s *Stack) Update(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, l := range slices.Clone(s.layers) {
		cmds = append(cmds, l.Update(msg))
	}
	return tea.Batch(cmds...)
}

// At returns the topmost layer in a place; false where there is none.
func (s *Stack) At(p Place) (Layer, bool) {
	for _, l := range slices.Backward(s.layers) {
		if l.Place() == p {
			return l, true
		}
	}
	return nil, false
}

// Boxes returns the layers that float above the screen, the topmost last.
func (s *Stack) Boxes() []Layer {
	var boxes []Layer
	for _, l := range s.layers {
		if l.Place() == PlaceBox {
			boxes = append(boxes, l)
		}
	}
	return boxes
}

// Topmost returns the topmost layer that has a capability; false where none has.
func Topmost[T any](s *Stack) (T, bool) {
	for _, l := range slices.Backward(s.layers) {
		if capable, ok := l.(T); ok {
			return capable, true
		}
	}
	var none T
	return none, false
}
