package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/rules"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/widget/table"
)

// computesGiven returns a dashboard that was opened with computed columns.
func computesGiven(t *testing.T, layouts Layouts, given Computed) *stage {
	t.Helper()
	s := newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, Exporter: &fakeExporter{}, Layouts: layouts, Computed: given,
	}, 120, 30).at(time.Minute)
	items := itemsOf(t, unitPriced(t)...)
	return s.follow(s.update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)}))
}

func computedOf(lines ...string) []item.ComputedColumn {
	var columns []item.ComputedColumn
	for _, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		columns = append(columns, item.ComputedColumn{Name: name, Formula: line})
	}
	return columns
}

// TestGivenColumnsAreShownAndNotSaved opens a dashboard with computed columns, of which one replaces a saved column.
func TestGivenColumnsAreShownAndNotSaved(t *testing.T) {
	saved := computedOf("unit = price", "net = price * 0.8")
	layouts := fakeLayouts{"catalogue01": item.Layout{Computed: saved}}
	s := computesGiven(t, layouts, Computed{Columns: computedOf("unit = round(price / size, 2)", "half = unit / 2")})
	if got := columnsOf(s); got != "name size price unit half net" {
		t.Fatalf("the columns are %s", got)
	}
	if s.table().SelectPath(item.PathOf("unit")); s.table().Cell().Kind() != item.CellMissing { // 0 / 0
		t.Errorf("unit is %s", s.table().Cell().Raw())
	}
	if s.does("j"); string(s.table().Cell().Raw()) != "1037" {
		t.Errorf("unit is %s", s.table().Cell().Raw())
	}
	// A change of the layout saves everything except the given columns.
	s.does("<", "+").types("double = half * 2").does("enter").at(2 * time.Minute)
	s.follow(s.run.Items().Flush())
	if got := layouts["catalogue01"].Computed; !slices.Equal(got, append(slices.Clone(saved), computedOf("double = half * 2")...)) {
		t.Errorf("saved %v", got)
	}
	// A given column whose formula was changed is a column of the user.
	s.table().SelectPath(item.PathOf("half"))
	s.does("*", "ctrl+u").types("half = price / 2").does("enter").at(3 * time.Minute)
	s.follow(s.run.Items().Flush())
	if got := layouts["catalogue01"].Computed; !slices.Contains(got, computedOf("half = price / 2")[0]) {
		t.Errorf("saved %v", got)
	}
}

func TestGivenColumnsThatDoNotFit(t *testing.T) {
	wrong := computedOf("unit = prise / size", "half = price / 2")
	s := computesGiven(t, nil, Computed{Columns: wrong})
	if frame := frameOf(t, s); columnsOf(s) != "name size price unit half" || !strings.Contains(frame, "unit has no values: no column prise: did you mean price?") {
		t.Errorf("the columns are %s in\n%s", columnsOf(s), frame)
	}
	s.at(2 * time.Minute).does(":").types("messages").does("enter")
	if frame := frameOf(t, s); !strings.Contains(frame, "unit has no values: no column prise: did you mean price?") {
		t.Errorf("the messages do not contain the formula:\n%s", frame)
	}
	s = computesGiven(t, nil, Computed{Columns: wrong, IfFits: true})
	if frame := frameOf(t, s); columnsOf(s) != "name size price half" || strings.Contains(frame, "no values") {
		t.Errorf("with defaults, the columns are %s in\n%s", columnsOf(s), frame)
	}
}

// TestRulesForGivenColumnsThatDoNotFit checks that such a rule is broken with the reason, and that others are checked.
func TestRulesForGivenColumnsThatDoNotFit(t *testing.T) {
	file, problems := rules.ParseFile([]byte("coverage.unit = 0.1\nmin-items = 1000\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, Computed: Computed{Columns: computedOf("unit = prise / size")}, Rules: file.For,
	}, 140, 40).at(time.Minute)
	items := itemsOf(t, unitPriced(t)...)
	s.follow(s.update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)}))
	frame := frameOf(t, s.does("4"))
	for _, want := range []string{"cannot be judged: column unit", "30 items"} {
		if !strings.Contains(frame, want) {
			t.Errorf("want %q in\n%s", want, frame)
		}
	}
}

// TestGivenColumnsInTheWrongOrder checks that the user is told why a column that uses a later one has no values.
func TestGivenColumnsInTheWrongOrder(t *testing.T) {
	s := computesGiven(t, nil, Computed{Columns: computedOf("half = unit / 2", "unit = price / size")})
	const want = "half has no values: a later formula computes unit"
	if frame := frameOf(t, s); !strings.Contains(frame, want) {
		t.Errorf("want %q in\n%s", want, frame)
	}
	s.table().SelectPath(item.PathOf("half"))
	s.does("*", "enter")
	const next = "a later formula computes unit: remove this column with delete and add it again with +"
	if frame := frameOf(t, s); !strings.Contains(frame, next) {
		t.Errorf("want %q in\n%s", next, frame)
	}
	s.does("esc", "delete", "+").types("half = unit / 2").does("enter", "j")
	if got := string(s.table().Cell().Raw()); got != "518.5" {
		t.Errorf("after adding it again, half is %q", got)
	}
}
