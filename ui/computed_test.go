package ui

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sbwatch/files"
	"sbwatch/files/write"
	"sbwatch/model/item"
	"sbwatch/ui/widget/table"
)

// unitPriced returns items of which some have no unit price: a price is missing, and a size is 0.
func unitPriced(t testing.TB) [][]string {
	t.Helper()
	var rows []string
	for i := range 30 {
		price := fmt.Sprintf(`,"price":"$1,%03d.00"`, 37*i%100)
		if i%10 == 9 {
			price = ""
		}
		rows = append(rows, fmt.Sprintf(`{"name":"Kettle %02d","size":%d%s}`, i, i%8, price))
	}
	return [][]string{rows[:15], rows[15:]}
}

// computes returns a stage, a dashboard for tests, with the computed column "unit".
func computes(t testing.TB, w, h int) *stage {
	t.Helper()
	return browses(t, w, h, unitPriced(t)...).does("l", "+").types("unit = round(price / size, 2)").does("enter")
}

// columnsOf returns the names of the visible columns.
func columnsOf(s *stage) string {
	var names []string
	for _, path := range s.table().Paths() {
		names = append(names, path.Name().Raw())
	}
	return strings.Join(names, " ")
}

// TestAComputedColumnBehavesLikeAnyOther uses a computed column in all ways in which columns are used.
func TestAComputedColumnBehavesLikeAnyOther(t *testing.T) {
	unit := item.PathOf("unit")
	s := computes(t, 120, 40)
	has := func(words string) {
		t.Helper()
		if frame := frameOf(t, s); !strings.Contains(frame, words) {
			t.Fatalf("want %q in\n%s", words, frame)
		}
	}
	if columnsOf(s) != "name size unit price" || s.table().Path() != unit {
		t.Fatalf("the columns are %s", columnsOf(s))
	}
	has("Columns 4")
	copied := s.copies()
	if s.does("j", "y"); *copied != "1037" {
		t.Errorf("copied %q", *copied)
	}
	if s.does("Y"); *copied != `{"name":"Kettle 01","size":1,"price":"$1,037.00","unit":1037}` {
		t.Errorf("copied %s", *copied)
	}
	if s.does("s", "g"); s.shows()[0] != 24 { // $1,051 / 7
		t.Errorf("sorted: %v", s.shows())
	}
	if s.does("s", "G"); s.table().Cell().Kind() != item.CellMissing {
		t.Error("items without a value are not last")
	}
	s.does("f").types("unit > 1000").does("enter")
	if got := len(s.shows()); got != 3 {
		t.Errorf("%d items match the filter: %v", got, s.shows())
	}
	s.does("e").types("x.csv").does("enter")
	written := s.exporter().written
	if len(written) != 1 || !slices.Contains(exported(t, written[0]), "Kettle 01,1,\"$1,037.00\",1037") {
		t.Errorf("exported %q", exported(t, written[0]))
	}
	s.does("esc", "esc", "/").types("1037").does("enter")
	has("1 of 1")
	s.does("esc", "i")
	has("unit")
	has("numbers")
	s.does("1", "#")
	has("unit")
	s.does("esc", "%", "%", "%", "%", "%")
	has("1,037.00")
	s.does("enter")
	has("unit")
}

// exported returns the lines of an export.
func exported(t *testing.T, e Export) []string {
	t.Helper()
	var b bytes.Buffer
	options := write.Options{Format: files.CSV, Rows: e.Rows}
	if e.Columns != nil {
		options.Columns = write.ColumnsOf(e.Columns)
	}
	if err := write.Write(t.Context(), &b, e.Items, options); err != nil {
		t.Fatal(err)
	}
	return strings.Split(b.String(), "\r\n")
}

func TestComputedColumnsAreEditedAndRemoved(t *testing.T) {
	s := computes(t, 120, 40)
	value := func(want string) {
		t.Helper()
		if got := string(s.table().Items().At(1, item.PathOf("unit")).Raw()); got != want {
			t.Errorf("the value is %s, want %s", got, want)
		}
	}
	value("1037")
	s.does("+").types("twice = unit * 2").does("enter")
	if got := string(s.table().Cell().Raw()); got != "" || columnsOf(s) != "name size unit twice price" {
		t.Errorf("%s, columns %s", got, columnsOf(s))
	}
	s.does("h", "*").types(" + 1").does("enter")
	value("1038")
	if got := string(s.table().Items().At(1, item.PathOf("twice")).Raw()); got != "2076" {
		t.Errorf("the column that depends on it has %s", got)
	}
	s.does("Z")
	value("1037")
	s.does("X")
	value("1038")
	s.does("delete")
	if frame := frameOf(t, s); columnsOf(s) != "name size twice price" || !strings.Contains(frame, "removed unit; twice has no values without it") {
		t.Errorf("columns %s\n%s", columnsOf(s), frame)
	}
	s.does("Z", "Z", "Z", "Z")
	if columnsOf(s) != "name size price" {
		t.Errorf("after undo, the columns are %s", columnsOf(s))
	}
	s.does("X", "X", "X")
	if value("1038"); columnsOf(s) != "name size unit twice price" {
		t.Errorf("after redo, the columns are %s", columnsOf(s))
	}
	s.table().SelectPath(item.PathOf("unit"))
	s.does("*", "ctrl+a", "ctrl+k").types("renamed = size").does("enter")
	if columnsOf(s) != "name size renamed twice price" {
		t.Errorf("after renaming, the columns are %s", columnsOf(s))
	}
}

func TestThePromptForFormulasHelps(t *testing.T) {
	for _, test := range []struct{ typed, want string }{
		{"price / size", "item 2: 1037"},
		{"size / 0", "item 2: no value"},
		{"prise / size\r", "no column prise: did you mean price?"},
		{"price /\r", "expected a value after /"},
		{"size = price\r", "a column has that name"},
		{"unit = 1\r", "this computed column exists already; press * on it to edit its formula"},
		{"ro", "round(number, decimals)"},
		{"pri\t", "compute price"},
	} {
		s := computes(t, 100, 30).does("j", "+")
		for _, r := range test.typed {
			key := map[rune]string{'\r': "enter", '\t': "tab"}[r]
			if key == "" {
				key = string(r)
			}
			s.does(key)
		}
		if frame := frameOf(t, s); !strings.Contains(frame, test.want) {
			t.Errorf("%q: want %q in\n%s", test.typed, test.want, frame)
		}
	}
	s := computes(t, 100, 30).does("+", "up")
	if frame := frameOf(t, s); !strings.Contains(frame, "compute unit = round(price / size, 2)") {
		t.Errorf("there is no history:\n%s", frame)
	}
	s.does("esc", "delete", ":").types("compute unit").does("enter")
	if columnsOf(s) != "name size price unit" {
		t.Errorf("the palette does not compute a recent formula: %s", columnsOf(s))
	}
}

// TestComputedColumnsAreRemembered opens the next run of the recipe, in which a column is missing.
func TestComputedColumnsAreRemembered(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		layouts := fakeLayouts{}
		open := func(pages ...[]string) *stage {
			s := watchingWith(100, 30, layouts).at(time.Minute)
			items := itemsOf(t, pages...)
			return s.follow(s.update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)}))
		}
		open(unitPriced(t)...).does("l", "+").types("unit = price / size").does("enter", ".", ".")
		if layout := layouts["catalogue01"]; len(layout.Computed) != 1 || layout.Computed[0].Formula != "unit = price / size" {
			t.Fatalf("saved %+v", layout)
		}
		s := open(unitPriced(t)...)
		if got := string(s.table().Items().At(1, item.PathOf("unit")).Raw()); got != "1037" || columnsOf(s) != "name size unit price" {
			t.Errorf("the value is %s, the columns are %s", got, columnsOf(s))
		}
		s = open([]string{`{"name":"x","price":"$3"}`})
		if columnsOf(s) != "name unit price" || s.table().Items().At(0, item.PathOf("unit")).Kind() != item.CellMissing {
			t.Errorf("without sizes, the columns are %s", columnsOf(s))
		}
		s = open([]string{`{"name":"x","size":2,"price":"$3","unit":"kg"}`})
		if got := s.table().Items().At(0, item.PathOf("unit")); string(got.Raw()) != `"kg"` {
			t.Errorf("the computed column hides a value of the same name that the service sent: %s", got.Raw())
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "the items have unit now; press * on this column to rename the unused formula") {
			t.Errorf("the dashboard does not say that the formula is not used:\n%s", frame)
		}
		s.table().SelectPath(item.PathOf("unit"))
		s.does("*", "ctrl+a").types("each ").does("enter")
		if got := s.table().Items().At(0, item.PathOf("each unit")); string(got.Raw()) != "1.5" {
			t.Errorf("under another name, the column has the value %s", got.Raw())
		}
	})
}
