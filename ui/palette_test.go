package ui

import (
	"strings"
	"testing"
)

func TestPaletteRunsActionsByName(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := checks(t, 80, 24, nil).does(":")
		if frame := frameOf(t, s); !strings.Contains(frame, "enter run") || strings.Contains(frame, "page down") {
			t.Fatalf("the palette does not open:\n%s", frame)
		}
		s.types("gtcol").does("enter") // the letters of "go to column"
		if frame := frameOf(t, s); !strings.Contains(frame, "enter choose") {
			t.Errorf("the palette did not open the picker of columns:\n%s", frame)
		}
		s.does("esc", ":").types("q")
		if frame := frameOf(t, s); !strings.Contains(frame, "quit") {
			t.Errorf("quit is not found:\n%s", frame)
		}
		if s.does("esc"); strings.Contains(frameOf(t, s), "enter run") {
			t.Error("esc does not close the palette")
		}
	})
}

func TestPaletteOffersColumnsAndRecentFilters(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := checks(t, 80, 24, nil).does(":").types("column pri").does("enter")
		if got := s.table().ColumnPath(s.table().Column()).Name().Raw(); got != "price" {
			t.Errorf("the cursor is in column %s", got)
		}
		all := s.table().Len()
		s.does("f").types("price > 20").does("enter", "esc")
		if s.table().Len() != all {
			t.Fatal("the filter was not removed")
		}
		s.does(":").types("filter price").does("enter")
		if s.table().Len() >= all {
			t.Errorf("the recent filter was not applied:\n%s", frameOf(t, s))
		}
	})
}

func TestPaletteShowsHostileColumnsSafely(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := watchingRun(80, 24).polled(finished(result(0.07), hostile(t), 0)).press(":")
		for _, letter := range "column" {
			s.press(string(letter))
		}
		frameOf(t, s) // checks that the frame is safe
	})
}
