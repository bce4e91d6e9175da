package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// copies makes the dashboard record what it copies.
func (s *stage) copies() *string {
	var copied string
	s.env.Copier = func(_ context.Context, content string) CopyWay {
		copied = content
		return CopySystem
	}
	return &copied
}

func nestedItems() []string {
	return []string{
		`{"name":"Kettle","url":"https://shop.example/1","dims":{"w":10,"h":2.50},"offers":[{"price":"$1"},{"price":"$2"}],"tags":["a","b"]}`,
		`{"name":"Lamp","dims":{"w":7}}`,
	}
}

func TestTheCursorInAnItem(t *testing.T) {
	for _, w := range []int{80, 160} {
		inNoTime(t, func(t *testing.T) {
			s := browses(t, w, 40, nestedItems()).does("enter")
			copied := s.copies()
			if w > 100 {
				s.does("enter") // the item is next to the table
			}
			for _, step := range []struct{ keys, want string }{
				{"y", "Kettle"},
				{"j y", "https://shop.example/1"},
				{"j y", `{"w":10,"h":2.50}`},
				{"j j y", "2.50"},
				{"G y", `["a","b"]`},
				{"enter G y", "b"},
				{") y", `["a","b"]`},
				{"g j j enter j y", `[{"price":"$1"},{"price":"$2"}]`}, // dims is folded
				{"g Y", nestedItems()[0]},
			} {
				*copied = ""
				if s.does(strings.Fields(step.keys)...); *copied != step.want {
					t.Errorf("at %d cells %q copies %q, want %q", w, step.keys, *copied, step.want)
				}
			}
			if s.does("esc"); s.itemIsOpen() != (w > 100) {
				t.Errorf("at %d cells, after esc the item is open: %v", w, s.itemIsOpen())
			}
		})
	}
}

func TestFoldsStayFromItemToItem(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 80, 24, nestedItems()).does("enter", "j", "j", "enter", "l")
		if frame := frameOf(t, s); !strings.Contains(frame, "item 2 of 2") || !strings.Contains(frame, `dims  {"w":7}`) {
			t.Errorf("dims is not folded in the next item:\n%s", frame)
		}
		s.does("/").types("7").does("enter")
		if frame := frameOf(t, s); strings.Contains(frame, `{"w":7}`) {
			t.Errorf("a match in a folded value does not open it:\n%s", frame)
		}
	})
}

func TestFiltersFromAFieldOfAnItem(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 160, 40, nestedItems()).does("enter", "enter")
		s.does("/").types("$2").does("enter")
		copied := s.copies()
		if s.does("y"); *copied != "$2" {
			t.Errorf("the search leads to %q", *copied)
		}
		if s.does("v"); !slices.Equal(s.shows(), []int{1}) || s.run.Items().Filters()[0].Title() != `offers[].price = "$2"` {
			t.Errorf("items %v show with %q", s.shows(), s.run.Items().Filters()[0].Title())
		}
		s.does("i")
		if line, isOpen := s.run.Columns().SelectedDetail(); !isOpen || s.run.Tab() != "columns" {
			t.Errorf("i shows %q in %s", line, s.run.Tab())
		}
	})
}
