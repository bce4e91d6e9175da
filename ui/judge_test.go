package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sbwatch/model/item"
	"sbwatch/model/profile"
)

func TestFromFindingsToItems(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		var pages [][]string
		for page := range 6 {
			var rows []string
			for i := range 10 {
				price := fmt.Sprintf(`,"price":"$%d.50"`, 10*page+i)
				if page >= 3 {
					price = ""
				}
				rows = append(rows, fmt.Sprintf(`{"sku":"S%d","brand":"B%d"%s}`, 10*page+i, i%3, price))
			}
			pages = append(pages, rows)
		}
		pages[4] = append(pages[4], pages[4][0], pages[4][0])
		s := browses(t, 120, 40, pages...)
		if frame := frameOf(t, s); !strings.Contains(frame, "✗ price is missing from page 4 on") {
			t.Errorf("the column that stops is not told above the table:\n%s", frame)
		}
		s.does("2", "enter")
		if n := s.table().Len(); s.run.Tab() != "items" || n != 32 || s.table().Item(0) != 30 {
			t.Errorf("in the tab %s %d items without a price show", s.run.Tab(), n)
		}
		s.does("esc", "3", "j", "j", "enter")
		if got := s.shows(); len(got) != 10 || got[0] != 21 {
			t.Errorf("of page 3 the items %v show", got)
		}
		s.does("esc", "2")
		for f, _ := s.run.Columns().Selected(); f == nil || f.Kind != profile.DuplicateItems; f, _ = s.run.Columns().Selected() {
			s.does("j")
		}
		s.does("enter")
		if _, isOpen := s.run.Columns().SelectedDetail(); !isOpen {
			t.Fatal("the duplicates do not open")
		}
		s.does("enter")
		if got := s.shows(); !slices.Equal(got, []int{41, 51, 52}) {
			t.Errorf("of the duplicates the items %v show", got)
		}
	})
}

func TestFromAValueToItsItems(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 40, catalogue()).does("2")
		for {
			known, _ := s.run.Columns().Profile()
			about, column := s.run.Columns().Selected()
			if about == nil && known.Columns[column].Place.String() == "brand" {
				break
			}
			s.does("j")
		}
		s.does("l")
		for line, _ := s.run.Columns().SelectedDetail(); !strings.HasPrefix(line, "Acme"); line, _ = s.run.Columns().SelectedDetail() {
			s.does("j")
		}
		s.does("enter")
		if got := s.shows(); !slices.Equal(got, []int{1, 4, 5}) {
			t.Errorf("items %v show for the brand Acme", got)
		}
		if path := s.table().Path(); path != item.PathOf("brand") {
			t.Errorf("the cursor is in column %q", path.Name())
		}
	})
}

func TestAMarkedKeyTellsItsDuplicates(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, []string{`{"sku":"a","n":1}`, `{"sku":"b","n":2}`, `{"sku":"a","n":3}`}).does("!")
		if frame := frameOf(t, s); !strings.Contains(frame, "2 items have repeated values") {
			t.Errorf("nothing says that the key is none:\n%s", frame)
		}
		s.does("2", "enter", "j", "enter")
		if got := s.shows(); !slices.Equal(got, []int{1, 3}) {
			t.Errorf("items %v show for the key", got)
		}
	})
}

func TestAllColumnsOfPagesCanBeReached(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 60, 20, broken()...).does("3", "$")
		if frame := frameOf(t, s); !strings.Contains(frame, "7 of 7") {
			t.Errorf("the last column does not show:\n%s", frame)
		}
		if s.does("0"); s.run.Pages().FirstColumn() != 0 {
			t.Errorf("the first column that shows is %d", s.run.Pages().FirstColumn())
		}
		s.does("l", "j")
		if frame := frameOf(t, s); !strings.Contains(frame, "8/9") || !strings.Contains(frame, "page 2: 9 items · rating in 8 of 9, 89%") {
			t.Errorf("the exact figures do not show:\n%s", frame)
		}
		if s.does("enter"); s.table().Path() != item.PathOf("rating") || s.table().Len() != 9 {
			t.Errorf("Enter leads to %d items, column %s", s.table().Len(), s.table().Path().Name())
		}
	})
}
