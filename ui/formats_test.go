package ui

import (
	"strings"
	"testing"

	"sbwatch/model/numeral"
	"sbwatch/ui/widget/table"
)

// TestFormattedNumbersAreCopiedAsReceived checks that a number format changes only what the table shows, unless the
// user asks to copy what is shown.
func TestFormattedNumbersAreCopiedAsReceived(t *testing.T) {
	s := formatted(t, 120, 30)
	copied := s.copies()
	if s.does("y"); *copied != "$1,299.5" {
		t.Errorf("copied %q", *copied)
	}
	if s.does(":").types("copycellasshown").does("enter"); *copied != "$1,299.50" {
		t.Errorf("copied %q as shown", *copied)
	}
	if s.does(":").types("copyvisibleitemsasshownasmarkdown").does("enter"); !strings.Contains(*copied, "| Bowl | | 2.5M |") && !strings.Contains(*copied, "| Bowl |  | 2.5M |") {
		t.Errorf("copied\n%s", *copied)
	}
	s.does(":").types("numberformat1,235").does("enter")
	if frame := frameOf(t, s); !strings.Contains(frame, "$1,300 ") || !strings.Contains(frame, "price: 1,235 (0 decimals)") {
		t.Errorf("got\n%s", frame)
	}
	s.does("0", "%")
	if frame := frameOf(t, s); !strings.Contains(frame, "most values of this column are not numbers") || !table.CellsOf(s.table()).Format().IsZero() {
		t.Errorf("got\n%s", frame)
	}
}

// TestFormatsAndWrappingAreInTheLayout checks that the next run of a recipe has the number formats and the wrapping of
// this run.
func TestFormatsAndWrappingAreInTheLayout(t *testing.T) {
	s := formatted(t, 120, 30).does("w", "|")
	layout := s.table().Layout()
	s = browsesItems(120, 30, descriptions(t))
	s.table().SetLayout(layout)
	cells := table.CellsOf(s.table())
	s.table().SelectColumn(1)
	if want := (numeral.Format{Style: numeral.Fixed, Decimals: 2}); cells.Format() != want || cells.Lines() != 2 || cells.ColumnLines() != 3 {
		t.Errorf("format %v, %d lines, %d in the column", cells.Format(), cells.Lines(), cells.ColumnLines())
	}
}

func TestFormatsApplyInTheColumnsTab(t *testing.T) {
	s := formatted(t, 120, 40).does("i")
	has := func(words string) {
		t.Helper()
		if frame := frameOf(t, s); !strings.Contains(frame, words) {
			t.Errorf("want %q in\n%s", words, frame)
		}
	}
	has("1,299.50  item 1")
	s.does("2", "esc")
	has("▂ 1,299.50")
	has("▁ 2.5M")
	s.table().SelectColumn(1)
	s.does("1", "%", "2") // three decimals
	has("▂ 1,299.500")
}
