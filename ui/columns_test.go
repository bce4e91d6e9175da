package ui

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHidingColumnsRefillsTheTableFromTheLeft(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 80, 24, broken()...).does("$")
		if frame := frameOf(t, s); strings.Contains(frame, "name") {
			t.Fatalf("the first column is not scrolled off:\n%s", frame)
		}
		s.does("-", "-", "-", "-")
		if frame := frameOf(t, s); !strings.Contains(frame, "name") || !strings.Contains(frame, "3 columns, 4 hidden") {
			t.Errorf("there is room for the first column:\n%s", frame)
		}
	})
}

// columnNames returns the names in the Columns tab, in order.
func (s *stage) columnNames() string {
	var names []string
	s.does("g")
	for range 30 {
		if about, column := s.run.Columns().Selected(); about == nil {
			all, _ := s.run.Columns().Profile()
			if name := all.Columns[column].Place.String(); len(names) == 0 || names[len(names)-1] != name {
				names = append(names, name)
			}
		}
		s.does("j")
	}
	return strings.Join(names, " ")
}

func TestNestedColumnsStayBelowTheirParent(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 40, broken()...).does("2")
		for _, want := range []string{
			"price rating note brand dims dims.h dims.w name in_stock",
			"brand dims dims.h dims.w in_stock name note price rating",
			"price rating name brand in_stock dims dims.w dims.h note",
			"brand in_stock rating price name dims dims.h dims.w note",
			"name price rating brand in_stock dims dims.w dims.h note",
		} {
			if got := s.columnNames(); got != want {
				t.Errorf("the columns are %s, want %s", got, want)
			}
			s.does("s")
		}
		s.does("s", "S")
		if got := s.columnNames(); got != "rating price note name in_stock dims dims.w dims.h brand" {
			t.Errorf("by name in reverse: %s", got)
		}
	})
}

func TestSearchInColumns(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 40, broken()...).does("2", "/").types("dims").does("enter")
		selected := func() string {
			all, _ := s.run.Columns().Profile()
			_, column := s.run.Columns().Selected()
			return all.Columns[column].Place.String()
		}
		if selected() != "dims" || !strings.Contains(frameOf(t, s), "/dims/ 1 of 3") {
			t.Errorf("the cursor is on %s:\n%s", selected(), frameOf(t, s))
		}
		if s.does("n"); selected() != "dims.h" {
			t.Errorf("the next match is %s", selected())
		}
		if s.does("N", "N"); selected() != "dims.w" {
			t.Errorf("round the end is %s", selected())
		}
		s.does("esc")
		if strings.Contains(frameOf(t, s), "of 3") {
			t.Error("esc does not clear the search")
		}
	})
}

func TestTheCursorOfADetailIsOnlyOnLinesOfData(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 24, broken()...)
		s.follow(s.run.Update(nil))
		s.does("2", "l")
		for range 20 {
			line, _ := s.run.Columns().SelectedDetail()
			if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "presence") {
				t.Errorf("the cursor is on %q", line)
			}
			s.does("j")
		}
		if !strings.Contains(frameOf(t, s), "longest") {
			t.Error("the end never shows")
		}
		s.does("k", "k", "enter")
		if got := s.shows(); len(got) != 1 || got[0] != 18 {
			t.Errorf("the maximum leads to items %v", got)
		}
	})
}

func TestAProfileBesideTheColumns(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 160, 45).does("2", "j")
		if frame := frameOf(t, s); !strings.Contains(frame, "│   name  text") {
			t.Fatalf("no profile beside the columns:\n%s", frame)
		}
		before := frameOf(t, s)
		_, right, _ := strings.Cut(before, "│ ")
		s.does("j", "j", "j")
		if _, now, _ := strings.Cut(frameOf(t, s), "│ "); now == right {
			t.Error("the profile does not follow the cursor")
		}
		s.does("l")
		if _, isOpen := s.run.Columns().SelectedDetail(); !isOpen || !strings.Contains(frameOf(t, s), "coverage  ") {
			t.Errorf("the open profile hides the list:\n%s", frameOf(t, s))
		}
		s.does("esc")
		if _, isOpen := s.run.Columns().SelectedDetail(); isOpen || s.run.Tab() != "columns" {
			t.Error("esc does not lead back to the list")
		}
		s.click(t, "present  ")
		if line, isOpen := s.run.Columns().SelectedDetail(); !isOpen || !strings.Contains(line, "present") {
			t.Errorf("a click on a line of the profile selects %q, %v", line, isOpen)
		}
		s.click(t, "brand  ")
		if _, isOpen := s.run.Columns().SelectedDetail(); isOpen {
			t.Error("a click on the list does not lead back to it")
		}
		s.doubleClick(t, "missing  ")
		if s.run.Tab() != "items" {
			t.Errorf("a double click on a count opens %s", s.run.Tab())
		}
	})
}

// TestColumnsKeepTheirGrid checks that neither a long note nor a sort mark moves a part of a line.
func TestColumnsKeepTheirGrid(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		for _, w := range []int{40, 50, 60, 70, 80, 100, 120, 139, 140, 200} {
			s := browses(t, w, 30, broken()...).does("2")
			covered, parts := map[int]bool{}, map[int]bool{} // where the coverage starts; where the values and the notes start
			for range 5 {
				for line := range strings.SplitSeq(frameOf(t, s), "\n") {
					line, _, _ = strings.Cut(line, "│")
					if at := strings.Index(line, " of 72 "); at >= 0 && !strings.Contains(line[:at], "items") {
						covered[utf8.RuneCountInString(line[:at])] = true
					}
					for _, words := range []string{"top values", "✗ missing", "! 13 null", "· markup", "· always"} {
						if at := strings.Index(line, words); at >= 0 {
							parts[utf8.RuneCountInString(line[:at])] = true
						}
					}
				}
				s.does("s")
			}
			if isNarrow := w <= 60; len(covered) != 1 || len(parts) > 2 || isNarrow && len(parts) != 1 {
				t.Errorf("%d cells: the coverage is at %v, and the values and the notes at %v:\n%s", w, covered, parts, frameOf(t, s))
			}
		}
	})
}
