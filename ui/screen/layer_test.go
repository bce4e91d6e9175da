package screen

import (
	"image"
	"testing"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/action"
)

// fakeLayer is a layer with one key.
type fakeLayer struct {
	place  Place
	action action.Action
	heard  int
}

func (l *fakeLayer) Update(tea.Msg) tea.Cmd {
	l.heard++
	return nil
}

func (l *fakeLayer) View(image.Rectangle) []string { return nil }

func (l *fakeLayer) Actions() action.Table { return action.Table{l.action} }

func (l *fakeLayer) Place() Place { return l.place }

func layerWith(place Place, id string, whileCovered bool) *fakeLayer {
	return &fakeLayer{place: place, action: action.Action{ID: id, Enabled: true, WhileCovered: whileCovered}}
}

func TestTheTopLayerHasTheFocus(t *testing.T) {
	run, help := layerWith(PlaceBody, "run", true), layerWith(PlaceBody, "help", false)
	prompt := layerWith(PlaceFooter, "prompt", false)
	var s Stack
	ids := func() string {
		names := ""
		for _, a := range s.Actions() {
			names += a.ID + " "
		}
		return names
	}
	for _, step := range []struct {
		do     func()
		top    Layer
		ids    string
		typing bool
	}{
		{func() { s.Open(run) }, run, "run ", false},
		{func() { s.Open(help) }, help, "help run ", false},
		{func() { s.Open(prompt) }, prompt, "prompt ", true},
		{func() { s.Close(help) }, prompt, "prompt ", true},
		{func() { s.Close(prompt) }, run, "run ", false},
		{func() { s.Close(run) }, run, "run ", false},
	} {
		step.do()
		if s.Top() != step.top || ids() != step.ids || s.IsTyping() != step.typing {
			t.Errorf("the top is %v, actions %q, typing %v; want %v, %q, %v", s.Top(), ids(), s.IsTyping(), step.top, step.ids, step.typing)
		}
	}
}

func TestAllLayersHearWhatIsForAll(t *testing.T) {
	var s Stack
	layers := []*fakeLayer{layerWith(PlaceBody, "a", false), layerWith(PlaceBox, "b", false), layerWith(PlaceBox, "c", false)}
	for _, l := range layers {
		s.Open(l)
	}
	s.Update(ResizedMsg{})
	for _, l := range layers {
		if l.heard != 1 {
			t.Errorf("%s heard %d messages", l.action.ID, l.heard)
		}
	}
	if boxes := s.Boxes(); len(boxes) != 2 || boxes[1] != layers[2] {
		t.Errorf("boxes %v", boxes)
	}
	if body, found := s.At(PlaceBody); !found || body != layers[0] {
		t.Error("the body is not found")
	}
	if _, found := s.At(PlaceFooter); found {
		t.Error("a footer is found")
	}
}
