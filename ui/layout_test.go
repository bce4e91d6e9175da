package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/watch"
	"sbwatch/ui/widget/table"
)

func TestColumnsAreLaidOut(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 120, 30, catalogue())
		names := func() string {
			var names []string
			for _, path := range s.table().Paths() {
				names = append(names, path.Name().Raw())
			}
			return strings.Join(names, " ")
		}
		want := func(after, columns string) {
			t.Helper()
			if got := names(); got != columns {
				t.Errorf("after %s the columns are %q, want %q", after, got, columns)
			}
		}
		s.does("l", "-")
		want("hiding", "name brand rating dims tags")
		s.does("=").types("pri").does("space", "enter")
		want("showing", "name price brand rating dims tags")
		s.does("L")
		want("moving right", "name brand price rating dims tags")
		s.does("H", "H")
		want("moving left twice", "price name brand rating dims tags")
		s.does("c").types("dim").does("enter")
		if path := s.table().Path(); path != item.PathOf("dims") {
			t.Errorf("c went to %q", path.Name())
		}
		s.does("(")
		want("opening", "price name brand rating dims.w dims.h tags")
		if frame := frameOf(t, s); !strings.Contains(frame, "dims.w") {
			t.Errorf("the parts do not show:\n%s", frame)
		}
		s.does("l", ")")
		want("closing", "price name brand rating dims tags")
		s.does("0", "l", "z", "$")
		if s.table().Frozen() != 2 || !strings.Contains(frameOf(t, s), "│") {
			t.Error("no column is frozen")
		}
		s.does("0", "-", "-", "-", "-", "-", "-")
		want("hiding all", "tags")
		s.does("=", "ctrl+a", "enter")
		want("showing all", "price name brand rating dims tags")
		s.does("=", "ctrl+a").types("na").does("space").types("tags").does("space", "enter")
		want("showing only two", "name tags")
		s.does("=", "ctrl+a", "ctrl+a", "enter")
		if want("showing none", "name tags"); !strings.Contains(frameOf(t, s), "select at least one column") {
			t.Error("nothing says that a column must be checked")
		}
	})
}

// fakeLayouts keeps layouts in memory.
type fakeLayouts map[string]item.Layout

func (f fakeLayouts) Load(recipe string) (item.Layout, bool, error) {
	layout, known := f[recipe]
	return layout, known, nil
}

func (f fakeLayouts) Save(recipe string, layout item.Layout) error {
	f[recipe] = layout
	return nil
}

func TestTheLayoutIsThereInTheNextRun(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		layouts := fakeLayouts{}
		browse := func(rows ...string) *stage {
			s := watchingWith(120, 30, layouts).at(time.Minute)
			items := itemsOf(t, rows)
			// The recipe is known and its layout loaded before any item arrives.
			cmd := s.update(polledMsg{answer: runAnswer("running", 1, 3, 2)})
			s.follow(cmd)
			cmd = s.update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)})
			return s.follow(cmd)
		}
		names := func(s *stage) string {
			var names []string
			for _, path := range s.table().Paths() {
				names = append(names, path.Name().Raw())
			}
			return strings.Join(names, " ")
		}
		s := browse(catalogue()...)
		// Hide price, move rating to the front and freeze it, expand dims, mark brand as the key.
		s.does("l", "-", "l", "H", "H", "z", "$", "h", "(", "0", "l", "l", "!", ".")
		want := names(s)
		if want != "rating name brand dims.w dims.h tags" {
			t.Fatalf("laid out: %s", want)
		}
		s.does("q")
		s = browse(catalogue()...)
		if got := names(s); got != want || s.table().Frozen() != 1 || s.table().Key() != optional.Some(item.PathOf("brand")) {
			t.Errorf("in the next run: %s, %d frozen, key %v", got, s.table().Frozen(), s.table().Key().Or(item.Path{}).Name())
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "dims.w") {
			t.Errorf("the parts do not show:\n%s", frame)
		}
		if got := names(browse(`{"sku":1,"brand":"x","price":2}`)); got != "brand sku" {
			t.Errorf("with other columns: %s", got)
		}
	})
}

func TestNestedValuesOpenFromAnyRow(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 120, 30, catalogue()).does("j", "c").types("dims").does("enter", "(")
		if path := s.table().Path(); path != item.PathOf("dims", "w") {
			t.Errorf("from a row without dims the cursor is in %q", path.Name())
		}
		s.does("0", "(")
		if frame := frameOf(t, s); !strings.Contains(frame, "has no objects or lists") {
			t.Errorf("nothing says that there is nothing to open:\n%s", frame)
		}
	})
}

func TestColumnsAreFittedFrozenAndFound(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		long := strings.Repeat("abcdefghi ", 9)
		s := browses(t, 140, 30, []string{`{"id":1,"text":"` + long + `","b":2,"c":3}`, `{"id":2,"text":"short","b":2,"c":"` + long + `"}`})
		s.does("l", "_")
		if frame := frameOf(t, s); !strings.Contains(frame, long) {
			t.Errorf("the column is not as wide as what it holds:\n%s", frame)
		}
		s.does("_")
		if s.table().Layout().Columns[1].Width != 0 {
			t.Error("_ again does not give the usual width back")
		}
		s.does("_", "l", "l", "_", "z")
		if frame := frameOf(t, s); s.table().Frozen() != 0 || !strings.Contains(frame, "too many frozen columns") {
			t.Errorf("%d columns are frozen:\n%s", s.table().Frozen(), frame)
		}
		s.does("0", "-", "c").types("id").does("enter")
		if path := s.table().Path(); path != item.PathOf("id") {
			t.Errorf("c goes to %q, not to the hidden column", path.Name())
		}
	})
}

func TestColumnsAreFittedWhileItemsArrive(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := watchingWithService(100, 30).at(time.Second)
		arriving := make(chan item.Table, 3)
		rows := []string{`{"a":"x"}`}
		arriving <- itemsOf(t, rows)
		for i := range 40 {
			rows = append(rows, fmt.Sprintf(`{"a":"thing number %d"}`, i))
		}
		arriving <- itemsOf(t, rows)
		close(arriving)
		s.ask(watch.RequestPoll)
		s.follow(receive(s.watcher.env, s.watcher.polls, arriving))
		if frame := frameOf(t, s); !strings.Contains(frame, "thing number 17") {
			t.Errorf("the column is as wide as its first item:\n%s", frame)
		}
	})
}

func TestFrozenColumnsThatHaveNoRoomScroll(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		wide := strings.Repeat("x", 30)
		s := browses(t, 160, 30, []string{fmt.Sprintf(`{"one":"1%s","two":"2%s","three":"3%s","four":"4%s"}`, wide, wide, wide, wide)})
		s.does("l", "l", "z")
		if s.table().Frozen() != 3 {
			t.Fatalf("%d columns are frozen", s.table().Frozen())
		}
		s.send(tea.WindowSizeMsg{Width: 60, Height: 20})
		for _, c := range []struct{ key, header string }{{"0", "one"}, {"l", "two"}, {"l", "three"}, {"l", "four"}, {"h", "three"}} {
			s.does(c.key)
			if frame := frameOf(t, s); !strings.Contains(frame, c.header) {
				t.Errorf("the cursor's column %s does not show:\n%s", c.header, frame)
			}
		}
		s.send(tea.WindowSizeMsg{Width: 160, Height: 30})
		s.does("$")
		if frame := frameOf(t, s); !strings.Contains(frame, "one") || !strings.Contains(frame, "│") {
			t.Errorf("with room they do not stand still again:\n%s", frame)
		}
	})
}
