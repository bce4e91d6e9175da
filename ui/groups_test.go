package ui

import (
	"fmt"
	"strings"
	"testing"
)

// TestEnterFiltersToAGroup groups by each column, and checks that the filter to each group shows as many items as the
// group has.
func TestEnterFiltersToAGroup(t *testing.T) {
	for column := range 7 {
		keys := append([]string{"0"}, strings.Split(strings.Repeat("l", column), "")...)
		for row := range 3 {
			s := browses(t, 120, 40, broken()...).does(keys...).does("#", "g")
			for range row {
				s.does("j")
			}
			line := ""
			for one := range strings.SplitSeq(frameOf(t, s), "\n") {
				if strings.Contains(one, "▸") {
					line = one
				}
			}
			s.does("enter")
			if n := s.table().Len(); !strings.Contains(line, fmt.Sprintf("  %d ", n)) {
				t.Errorf("column %d: %q, but the filter shows %d items", column, line, n)
			}
		}
	}
}

func TestGroupsOfFilteredItems(t *testing.T) {
	s := browses(t, 80, 24, broken()...).does("f").types("row <= 10").does("enter", "l", "l", "#")
	if text := frameOf(t, s); !strings.Contains(text, "10 of 72 items") || !strings.Contains(text, "30.0%") {
		t.Errorf("got\n%s", text)
	}
	s.does("x")
	if n := s.table().Len(); n != 7 {
		t.Errorf("%d items after excluding a value, want 7", n)
	}
	s.does("#", "/").types("4").does("enter")
	if text := frameOf(t, s); !strings.Contains(text, "▸ 4.5") {
		t.Errorf("the search did not find 4.5:\n%s", text)
	}
	s.does("esc", "a", "s", "l", "l", "s")
	if text := frameOf(t, s); !strings.Contains(text, "sorted by sum of price") {
		t.Errorf("got\n%s", text)
	}
	if s.does("esc"); strings.Contains(frameOf(t, s), "items by") {
		t.Error("esc did not close the groups")
	}
}

// TestGroupsUseTheMouse clicks a group, and filters to it with a double click.
func TestGroupsUseTheMouse(t *testing.T) {
	s := browses(t, 80, 24, broken()...).does("l", "l", "#").click(t, "4.5")
	if frame := frameOf(t, s); !strings.Contains(frame, "▸ 4.5") {
		t.Errorf("a click does not select the group:\n%s", frame)
	}
	if s.doubleClick(t, "4.5"); len(s.run.Items().Filters()) != 1 || s.table().Len() != 18 {
		t.Errorf("%d items after a double click", s.table().Len())
	}
}
