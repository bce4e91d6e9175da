// Package screen defines what the screens of the dashboard share: the [Stack] of layers, the environment ([Env]) and
// background work ([Job]).
package screen

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/action"
)

// Layer is an element of the stack: a screen, the help, a prompt, a picker or a dialog.
type Layer interface {
	// Update handles a message. The top layer also receives pasted text, and keys for which there is no action.
	Update(msg tea.Msg) tea.Cmd
	// View draws the layer in area. A box may be smaller than area. All other layers fill it.
	View(area image.Rectangle) []string
	// Actions lists the actions available in the layer.
	Actions() action.Table
	// Place returns where on the screen the layer is drawn.
	Place() Place
}

// Place is the part of the screen where a layer is drawn.
type Place int

// The places of layers.
const (
	// PlaceBody is the part between the header and the footer. It hides the layers below.
	PlaceBody Place = iota
	// PlaceFooter is the footer.
	PlaceFooter
	// PlaceBox is a box that floats above the middle of the screen.
	PlaceBox
)

// isTyping reports whether a layer accepts typed text.
func isTyping(l Layer) bool { return l.Place() != PlaceBody }

// Header is a layer that draws the header.
type Header interface {
	Header(w int) string
}

// Positioned is a layer that reports the position of its cursor.
type Positioned interface {
	// Position returns the position of the cursor, for the footer.
	Position() string
}

// Deferring is a layer that can put off long work, such as the layout of a large answer of the service. The command
// that Deferred returns does this work.
type Deferring interface {
	// Deferred returns a command for the work that was put off, or nil. It is called after each update.
	Deferred() tea.Cmd
}

// Worker is a layer with background work.
type Worker interface {
	// IsWorking reports whether background work is running.
	IsWorking() bool
	// Work returns a text about the background work and its progress, for the footer. It returns "" if there is nothing
	// to show.
	Work() string
}

// Page is a layer about a subject, such as the help or the history of a recipe. Opening it a second time brings up the
// page that is already open.
type Page interface {
	Layer
	// Subject returns the subject of the page, as a comparable value.
	Subject() any
}

// Stack holds the open layers, from the bottom to the top. The bottom layer is never closed.
type Stack struct{ layers []Layer }

// Open adds a layer at the top. If a [Page] with the same subject is open, Open moves this page to the top instead. A
// page at the bottom of the stack cannot move, so if it is covered, Open adds the new page. Open reports whether it
// added l.
func (s *Stack) Open(l Layer) bool {
	for at, open := range slices.Backward(s.layers) {
		if isSame(open, l) && (at > 0 || len(s.layers) == 1) {
			s.Raise(open)
			return false
		}
	}
	s.layers = append(s.layers, l)
	return true
}

// isSame reports whether both layers are pages with the same subject.
func isSame(a, b Layer) bool {
	one, isOne := a.(Page)
	other, isOther := b.(Page)
	return isOne && isOther && one.Subject() == other.Subject()
}

// Raise moves an open layer to the top. It does not move the bottom layer.
func (s *Stack) Raise(l Layer) {
	if s.Has(l) && s.Bottom() != l {
		s.Close(l)
		s.layers = append(s.layers, l)
	}
}

// Close removes a layer at any position in the stack. It does not remove the bottom layer.
func (s *Stack) Close(l Layer) {
	if at := slices.Index(s.layers, l); at > 0 {
		s.layers = slices.Delete(s.layers, at, at+1)
	}
}

// Swap exchanges the layers of two stacks.
func (s *Stack) Swap(other *Stack) { s.layers, other.layers = other.layers, s.layers }

// Has reports whether a layer is in the stack.
func (s *Stack) Has(l Layer) bool { return slices.Contains(s.layers, l) }

// Top returns the layer that has the focus.
func (s *Stack) Top() Layer { return s.layers[len(s.layers)-1] }

// Bottom returns the layer that is never closed.
func (s *Stack) Bottom() Layer { return s.layers[0] }

// IsTyping reports whether the top layer accepts typed text.
func (s *Stack) IsTyping() bool { return isTyping(s.Top()) }

// Actions lists the actions of the top layer. If the user is not typing in the top layer, it also lists actions of the
// covered layers: those with WhileCovered set.
func (s *Stack) Actions() action.Table {
	if s.IsTyping() {
		return s.Top().Actions()
	}
	return s.actions(len(s.layers) - 1)
}

// ActionsBelow lists the actions that would be available if l and the layers above it were closed.
func (s *Stack) ActionsBelow(l Layer) action.Table {
	all, at := s.layers, max(0, slices.Index(s.layers, l))
	defer func() { s.layers = all }()
	s.layers = all[:at] // layers may ask which one is on top
	return s.actions(at - 1)
}

// actions lists the actions that would be available if the layer at index top were the top layer.
func (s *Stack) actions(top int) action.Table {
	if top < 0 {
		return nil
	}
	table := s.layers[top].Actions()
	for _, l := range slices.Backward(s.layers[:top]) {
		table = append(table, l.Actions().WhileCovered()...)
	}
	return table
}

// Update passes a message to all layers, from the bottom to the top.
func (s *Stack) Update(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, l := range slices.Clone(s.layers) {
		cmds = append(cmds, l.Update(msg))
	}
	return tea.Batch(cmds...)
}

// At returns the topmost layer in a place, such as the footer. It returns false if there is none.
func (s *Stack) At(p Place) (Layer, bool) {
	for _, l := range slices.Backward(s.layers) {
		if l.Place() == p {
			return l, true
		}
	}
	return nil, false
}

// Boxes returns the floating layers. The topmost is the last.
func (s *Stack) Boxes() []Layer {
	var boxes []Layer
	for _, l := range s.layers {
		if l.Place() == PlaceBox {
			boxes = append(boxes, l)
		}
	}
	return boxes
}

// Topmost returns the topmost layer that implements T. It returns false if there is none.
func Topmost[T any](s *Stack) (T, bool) {
	for _, l := range slices.Backward(s.layers) {
		if capable, ok := l.(T); ok {
			return capable, true
		}
	}
	var none T
	return none, false
}
