package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/widget/table"
)

func TestMarkedItemsAreCopied(t *testing.T) {
	for _, test := range []struct {
		name string
		keys []string
		want string
	}{
		{"cells", []string{"V", "j", "V", "y"}, "Rugged Kettle 0000\nRugged Kettle 0002\n"},
		{"in the order of the rows", []string{"V", "j", "V", "s", "s", "y"}, "Rugged Kettle 0002\nRugged Kettle 0000\n"},
		{"range", []string{"V", "j", "j", "E", "l", "l", "y"}, "\n2.5\n3.5\n4.5\n"},
		{"one unmarked", []string{"V", "V", "g", "V", "y"}, "Rugged Kettle 0001\n"},
		{"none", []string{"V", "U", "y"}, "Rugged Kettle 0001"},
		{"filtered", []string{"j", "V", "M", "U", "y"}, "Rugged Kettle 0001"},
	} {
		s := browses(t, 120, 40, broken()...)
		copied := s.copies()
		if s.does(test.keys...); *copied != test.want {
			t.Errorf("%s: copied %q, want %q", test.name, *copied, test.want)
		}
	}
}

func TestCopyFormats(t *testing.T) {
	for _, test := range []struct {
		choice string
		marked bool
		want   string
	}{
		{"marked items as CSV", true, "name,rating\r\nRugged Kettle 0000,\r\nRugged Kettle 0001,2.5\r\n"},
		{"marked items as TSV", true, "name\trating\nRugged Kettle 0000\t\nRugged Kettle 0001\t2.5\n"},
		{"item as Markdown", false, "| name | rating |\n| --- | --- |\n| Rugged Kettle 0000 |  |\n"},
		{"cell as JSON", false, `"Rugged Kettle 0000"`},
	} {
		s := browses(t, 120, 40, broken()...).does("=", "ctrl+a").types("name").does("space").types("rating").does("space", "enter", "0")
		copied := s.copies()
		if test.marked {
			s.does("V", "V", "g")
		}
		s.does("C").types(test.choice).does("enter")
		if *copied != test.want {
			t.Errorf("%s: copied %q, want %q", test.choice, *copied, test.want)
		}
	}
	s := browses(t, 120, 40, broken()...)
	copied := s.copies()
	s.does(":").types("copyvisibleitemsasjson").does("enter")
	var items []map[string]any
	if err := json.Unmarshal([]byte(*copied), &items); err != nil || len(items) != 72 || items[2]["brand"] != "Acme" {
		t.Errorf("copied %d items as JSON, %v", len(items), err)
	}
}

// TestMarkedURLsAreOpened checks that the user is asked, that each address is opened once, and that there is a limit.
func TestMarkedURLsAreOpened(t *testing.T) {
	var rows []string
	for i := range 30 {
		rows = append(rows, fmt.Sprintf(`{"url":"https://shop.example/%d"}`, i/2*2%48))
	}
	var opened []string
	fails := false
	items := itemsOf(t, rows)
	s := newStage(Config{Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, OpenURL: func(url string) error {
		if fails {
			return errors.New("no browser")
		}
		opened = append(opened, url)
		return nil
	}}, 80, 24)
	s.follow(s.update(polledMsg{answer: finished(result(0.07), items, 1), fits: table.FitColumns(s.env.Painter, items, table.FitItems)}))
	s.does("V", "V", "V", "O")
	if !strings.Contains(frameOf(t, s), "open 2 pages in the browser") || opened != nil {
		t.Fatalf("opened %v; the frame is\n%s", opened, frameOf(t, s))
	}
	if s.does("down", "enter"); opened != nil {
		t.Fatalf("opened %v after canceling", opened)
	}
	if s.does("O", "enter"); !slices.Equal(opened, []string{"https://shop.example/0", "https://shop.example/2"}) {
		t.Errorf("opened %v", opened)
	}
	fails = true
	if s.does("A", "O", "enter"); !strings.Contains(frameOf(t, s), "15 could not be opened here") {
		t.Errorf("got\n%s", frameOf(t, s))
	}
}

// TestMarkingIsACommand checks that many items are marked in a command, that Esc cancels it, and that marking an item
// replaces it.
func TestMarkingIsACommand(t *testing.T) {
	for _, test := range []struct {
		name  string
		first []string
		key   string
		then  []string
		want  string
	}{
		{"all, canceled", nil, "A", []string{"esc"}, "Rugged Kettle 0000"},
		{"range, canceled", []string{"V", "G"}, "E", []string{"esc", "U"}, "Rugged Kettle 0071"},
		{"all, replaced", nil, "A", []string{"V"}, "Rugged Kettle 0000\n"},
		{"all, unmarked", nil, "A", []string{"V", "U", "g"}, "Rugged Kettle 0000"},
	} {
		s := browses(t, 120, 40, broken()...).does(test.first...)
		copied := s.copies()
		_, marking := s.Update(keyPress(test.key))
		s.does(test.then...).follow(marking)
		if s.does("y"); *copied != test.want {
			t.Errorf("%s: copied %q, want %q", test.name, *copied, test.want)
		}
	}
}
