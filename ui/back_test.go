package ui

import (
	"strings"
	"testing"

	"sbwatch/model/item"
)

func TestEscLeadsBackToWhereOneCameFrom(t *testing.T) {
	for name, c := range map[string]struct {
		keys string // separated by spaces; the last one is pressed before each step of want
		want []string
	}{
		"pages":                {"3 j j enter", []string{"items 1", "pages 0 3 of 8"}},
		"with an item open":    {"3 j j enter enter", []string{"items 1", "items 1", "pages 0 3 of 8"}},
		"from a search":        {"3 j enter s", []string{"items 1", "pages 0 2 of 8"}},
		"column":               {"2 enter", []string{"items 1", "columns 0 1 of"}},
		"check":                {"4 j enter", []string{"items 1", "checks 0 2 of 7"}},
		"profile of a cell":    {"l i", []string{"columns 0 presence", "items 0"}},
		"items of a profile":   {"l i enter", []string{"items 1", "columns 0 presence", "items 0"}},
		"columns of a profile": {"l i h", []string{"columns 0 coverage", "items 0"}},
		"own choice of a tab":  {"3 j enter 5 1", []string{"items 1", "items 0"}},
		"nothing more to undo": {"3", []string{"pages 0", "pages 0"}},
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				s := checks(t, 120, 30, testRules).does(strings.Fields(c.keys)...)
				for i, want := range c.want {
					if i > 0 {
						s.does("esc")
					}
					fields := strings.SplitN(want, " ", 3)
					if got := s.run.Tab(); got != fields[0] {
						t.Fatalf("after %d times esc, %s is open instead of %s", i, got, fields[0])
					}
					if got := len(s.run.Items().Filters()); got != int(fields[1][0]-'0') {
						t.Errorf("after %d times esc, %d filters are set, want %s", i, got, fields[1])
					}
					if frame := frameOf(t, s); len(fields) > 2 && !strings.Contains(frame, fields[2]) {
						t.Errorf("after %d times esc, %q is missing:\n%s", i, fields[2], frame)
					}
				}
			})
		})
	}
}

func TestEscBringsTheFiltersBackThatAFindingReplaced(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := checks(t, 120, 30, testRules).does("f").types("rating > 2").does("enter", "3", "j", "enter", "esc", "1")
		if filters := s.run.Items().Filters(); len(filters) != 1 || filters[0].Title() != "rating > 2" {
			t.Errorf("the filters are %v", filters)
		}
	})
}

func TestAPageOpensAtTheColumnOfItsCell(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		for keys, want := range map[string]string{"3 enter": "price", "3 l enter": "rating"} {
			s := checks(t, 120, 30, testRules).does(strings.Fields(keys)...)
			if got := s.table().Path(); got != item.PathOf(want) {
				t.Errorf("%s: the cursor is on %v, want %s", keys, got, want)
			}
		}
		s := browses(t, 120, 30, catalogue()).does("3", "enter")
		if got := s.table().Path(); got != s.table().Paths()[0] {
			t.Errorf("the cursor is on %v, although nothing is wrong with that column", got)
		}
	})
}

func TestEscClearsTheSearchBeforeTheFilters(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("f").types("rating > 2").does("enter", "/").types("acme").does("enter", "esc")
		if got := len(s.run.Items().Filters()); got != 1 || !s.search().IsEmpty() {
			t.Errorf("the first esc leaves %d filters and the search for %q", got, s.search().Title())
		}
		if s.does("esc"); len(s.run.Items().Filters()) != 0 {
			t.Error("the second esc does not remove the filter")
		}
		s.does("/").types("acme").does("enter", "f").types("rating > 9").does("enter", "esc")
		if got := len(s.run.Items().Filters()); got != 0 {
			t.Errorf("%d filters are left, although no items matched", got)
		}
	})
}

// TestEscGoesBackOneStepAtATime checks that each press of Esc undoes one step: the search, then each filter, then each
// sort key. The newest filter and the last sort key come first.
func TestEscGoesBackOneStepAtATime(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 120, 30).does("l", "s", "l", "S", "l", "S", "f").types("price < 500").does("enter", "f").types("price > 20").does("enter", "/").types("a").does("enter")
		type state struct {
			searches      bool
			filters, keys int
		}
		want := []state{{true, 2, 3}, {false, 2, 3}, {false, 1, 3}, {false, 0, 3}, {false, 0, 2}, {false, 0, 1}, {false, 0, 0}}
		for i, want := range want {
			if i > 0 {
				s.does("esc")
			}
			frame := frameOf(t, s)
			if got := (state{strings.Contains(frame, "/a/"), len(s.run.Items().Filters()), len(s.table().Sorted())}); got != want {
				t.Errorf("after %d times esc: %+v, want %+v:\n%s", i, got, want, frame)
			}
		}
	})
}

// TestEscGoesBackInTheOverview checks that Esc undoes the steps in the overview in the same order as in the table of
// items.
func TestEscGoesBackInTheOverview(t *testing.T) {
	m := newManyRuns(t, 12, 120, 40)
	m.press("l", "l", "s", "l", "l", "S")
	for _, keys := range []string{"f pages>0 enter", "f items>0 enter", "/ 0 enter"} {
		for key := range strings.FieldsSeq(keys) {
			if len(key) > 1 && key != "enter" {
				m.press(strings.Split(key, "")...)
				continue
			}
			m.press(key)
		}
	}
	for i, want := range []string{"esc clear search", "esc remove filter", "esc remove filter", "esc remove sort key", "esc order by attention", ""} {
		if i > 0 {
			m.press("esc")
		}
		frame := m.lines()
		if want != "" && !strings.Contains(frame, want) || want == "" && strings.Contains(frame, "esc ") {
			t.Errorf("after %d times esc there is no %q:\n%s", i, want, frame)
		}
	}
}
