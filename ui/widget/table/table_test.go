package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/model/item"
	"sbwatch/model/numeral"
	"sbwatch/model/optional"
	"sbwatch/model/order"
	"sbwatch/theme"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/table"
)

func painter() draw.Painter { return draw.New(theme.Mono(), ansi.WcWidth) }

// itemsOf returns a table with pages of items.
func itemsOf(t testing.TB, pages ...[]string) item.Table {
	t.Helper()
	var b item.Builder
	for _, page := range pages {
		b.StartPage()
		for _, row := range page {
			if _, err := b.Append([]byte(row + " ")); err != nil {
				t.Fatalf("%s: %v", row, err)
			}
		}
	}
	return b.Items()
}

// catalog returns two pages with every kind of value that a table distinguishes, and text that could harm a terminal.
func catalog(t testing.TB) item.Table {
	t.Helper()
	return itemsOf(t,
		[]string{
			`{"name":"Rugged Kettle","price":"$1,299.00","url":"https://shop.example/kettle","rating":4.5,"tags":["a","b"],"dims":{"w":10,"h":2.5}}`,
			`{"name":"\u001b[31mred\u001b[0m \u202egnol si taht eman","price":"","rating":null,"tags":[],"dims":{"w":3}}`,
			`{"name":"検索結果の表示 wide","price":"$12.00","url":"not a url","rating":0,"in_stock":true}`,
		},
		[]string{
			`{"name":"👩‍👩‍👧 family é","price":"$7.99","rating":"null","dims":"flat"}`,
			`{"name":"a very long name that no column has the room for, however wide the screen may be","price":"$0.50","in_stock":false}`,
			`"an item that is no object"`,
			`{"name":"ไทยำำ ภาษาไทย क्षि हिन्दी நிநி தமிழ் மொழி","price":"12 ฿","tags":["क्षि","நிநி"]}`,
			`{"":"an empty key","name":"last"}`,
		})
}

func tableOf(t testing.TB, items item.Table) *table.Table {
	t.Helper()
	tb := new(table.Table)
	tb.SetItems(items, table.FitColumns(painter(), items, table.FitItems))
	return tb
}

// drawn returns the lines of the table after its values were read.
func drawn(tb *table.Table, p draw.Painter, w, h int) []string {
	table.CellsOf(tb).Fill(p, w, h)
	return tb.View(p, w, h)
}

func markKettle(text string) [][2]int {
	if at := strings.Index(text, "ettle"); at >= 0 {
		return [][2]int{{at, at + len("ettle")}}
	}
	return nil
}

// scenes returns functions that bring a table of w by h cells into typical states.
func scenes() map[string]func(tb *table.Table, w, h int) {
	p := painter()
	return map[string]func(tb *table.Table, w, h int){
		"plain": func(*table.Table, int, int) {},
		"moved": func(tb *table.Table, w, h int) {
			for _, m := range []cursor.Move{cursor.Right, cursor.Right, cursor.PageDown, cursor.Up, cursor.LastColumn} {
				tb.Move(p, m, w, h)
			}
		},
		"sorted": func(tb *table.Table, _, _ int) {
			tb.SetOrder([]uint32{4, 2, 0})
			tb.SetSorted([]order.Key{{Path: item.PathOf("price")}, {Path: item.PathOf("name"), Descending: true}})
			tb.SetKey(optional.Some(item.PathOf("name")))
		},
		"marked": func(tb *table.Table, _, _ int) {
			tb.SetMarker(markKettle)
			tb.SelectColumn(1)
		},
		"frozen": func(tb *table.Table, w, h int) {
			tb.Freeze(p, w)
			tb.Move(p, cursor.LastColumn, w, h)
		},
		"expanded": func(tb *table.Table, _, _ int) {
			tb.SelectPath(item.PathOf("dims"))
			tb.Expand(tb.Path(), tb.Items().Parts(tb.Path(), func() bool { return false }))
			tb.AddFits(table.FitPaths(p, tb.Items(), tb.UnfittedPaths()))
		},
		"laid-out": func(tb *table.Table, w, _ int) {
			tb.Hide()
			tb.Widen(p, 4, w)
			tb.MoveColumn(1)
		},
		"wrapped": func(tb *table.Table, _, _ int) {
			table.CellsOf(tb).SetLines(3)
			tb.SelectRow(1)
		},
		"wrapped-column": func(tb *table.Table, w, _ int) {
			tb.SetMarker(markKettle)
			tb.Freeze(p, w)
			for tb.Widen(p, -100, w); table.CellsOf(tb).TallerColumn() < 5; {
			}
		},
		"formatted": func(tb *table.Table, _, _ int) {
			cells := table.CellsOf(tb)
			for path, format := range map[string]numeral.Format{"price": {Style: numeral.Short}, "rating": {Style: numeral.Fixed, Decimals: 2}} {
				tb.SelectPath(item.PathOf(path))
				cells.SetFormat(format)
			}
			tb.SelectColumn(0)
			cells.AddFits(table.FitFormats(p, tb.Items(), cells.Formats()))
			tb.SetMarker(func(s string) [][2]int {
				if at := strings.Index(s, "299"); at >= 0 {
					return [][2]int{{at, at + 3}}
				}
				return nil
			})
		},
		"empty": func(tb *table.Table, _, _ int) { tb.SetOrder([]uint32{}) },
	}
}

func TestView(t *testing.T) {
	p := painter()
	for name, scene := range scenes() {
		for _, size := range [][2]int{{20, 4}, {60, 6}, {80, 12}, {160, 9}} {
			w, h := size[0], size[1]
			t.Run(fmt.Sprintf("%s-%dx%d", name, w, h), func(t *testing.T) {
				tb := tableOf(t, catalog(t))
				scene(tb, w, h)
				tb.Follow(p, w, h)
				lines := append(drawn(tb, p, w, h), tb.Position(p, w))
				golden.Check(t, fmt.Sprintf("%s-%dx%d", name, w, h), golden.Marked(t, lines, max(w, p.Width(tb.Position(p, w))), p.Method))
			})
		}
	}
}

func TestEverySize(t *testing.T) {
	p := painter()
	for name, scene := range scenes() {
		tb := tableOf(t, catalog(t))
		scene(tb, 80, 10)
		for w := range 100 {
			for _, h := range []int{0, 1, 2, 5, 40} {
				tb.Follow(p, w, h)
				for _, line := range drawn(tb, p, w, h) {
					if got := p.Width(line); got > max(w, 20) {
						t.Errorf("%s at %dx%d: a line of %d cells", name, w, h, got)
					}
				}
				tb.Position(p, w)
			}
		}
	}
}

func TestTheCursorKeepsItsPlace(t *testing.T) {
	p := painter()
	tb := tableOf(t, catalog(t))
	tb.SelectRow(5)
	tb.SelectPath(item.PathOf("rating"))
	tb.SetOrder([]uint32{6, 0, 1})
	if tb.Row() != 2 || tb.Item(tb.Row()) != 1 || tb.Cell().Kind() != item.CellNull {
		t.Errorf("the cursor is in row %d, on item %d", tb.Row(), tb.Item(tb.Row()))
	}
	tb.Hide()
	tb.Show(item.PathOf("rating"))
	if !tb.SelectPath(item.PathOf("rating")) || tb.SelectPath(item.PathOf("nowhere")) {
		t.Error("a column that shows again is not found, or one that is nowhere is")
	}
	tb.SetOrder([]uint32{})
	tb.Move(p, cursor.PageDown, 80, 10)
	if tb.Row() != 0 || tb.Len() != 0 || tb.Cell().Kind() != item.CellMissing {
		t.Error("a table without rows has a cursor")
	}
	var empty table.Table
	empty.Move(p, cursor.LastColumn, 80, 10)
	if lines := empty.View(p, 80, 10); empty.Path() != (item.Path{}) || len(lines) != 1 {
		t.Errorf("a table without items: path %v, %d lines", empty.Path(), len(lines))
	}
}

func TestExpandAndCollapse(t *testing.T) {
	dims := item.PathOf("dims")
	tb := tableOf(t, itemsOf(t, []string{`{"a":1,"dims":{"w":1,"h":2}}`, `{"a":2,"dims":{"w":1}}`}))
	parts := tb.Items().Parts(dims, func() bool { return false })
	tb.SelectPath(dims)
	tb.Expand(dims, parts)
	if tb.Shows(dims) || tb.Path() != item.PathOf("dims", "w") || !tb.IsNested() || len(tb.ExpandedPaths()) != 1 {
		t.Errorf("after Expand the cursor is in %v of %v", tb.Path(), tb.Paths())
	}
	tb.AddNested(map[item.Path]item.Parts{dims: parts})
	if tb.ColumnCount() != 3 {
		t.Errorf("the nested values show twice: %v", tb.Paths())
	}
	tb.Collapse()
	if tb.Path() != dims || tb.IsNested() || tb.ColumnCount() != 2 {
		t.Errorf("after Collapse the cursor is in %v of %v", tb.Path(), tb.Paths())
	}
}

func TestALayoutComesBack(t *testing.T) {
	p := painter()
	tb := tableOf(t, catalog(t))
	tb.SelectColumn(1)
	tb.MoveColumn(-1)
	tb.Freeze(p, 120)
	tb.Widen(p, 6, 120)
	tb.SetKey(optional.Some(tb.Path()))
	tb.SelectColumn(3)
	tb.Hide()
	again := tableOf(t, catalog(t))
	again.SetLayout(tb.Layout())
	if got, want := fmt.Sprint(again.Layout()), fmt.Sprint(tb.Layout()); got != want {
		t.Errorf("the layout is\n%s, want\n%s", got, want)
	}
	if again.Frozen() != 1 || again.Key() != tb.Key() || len(again.HiddenPaths()) != 1 {
		t.Errorf("%d frozen, key %v, hidden %v", again.Frozen(), again.Key(), again.HiddenPaths())
	}
}

func TestANumberIsNotCutWhereTextCanBe(t *testing.T) {
	p := painter()
	row := `{"name":"Rugged Crème Brûlée Torch","price":"$1,419.77","url":"https://shop.example/torch"}`
	for w := 34; w < 60; w++ {
		tb := tableOf(t, itemsOf(t, []string{row, row}))
		for range 2 {
			tb.Follow(p, w, 4)
			if line := drawn(tb, p, w, 4)[1]; !strings.Contains(line, "Rugged Cr") || !strings.Contains(line, "$1,419.77") {
				t.Errorf("%d cells show %q", w, line)
			}
			tb.Move(p, cursor.Right, w, 4)
		}
	}
}

func TestFittingColumnsIsBounded(t *testing.T) {
	var row strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&row, `,"k%d":"%s"`, i, strings.Repeat("v", 190))
	}
	items := itemsOf(t, []string{"{" + row.String()[1:] + "}", "{" + row.String()[1:] + "}", "{" + row.String()[1:] + "}"})
	fits := table.FitColumns(painter(), items, table.FitItems)
	first, last := items.Columns()[0].Path(), items.Columns()[9_999].Path()
	if len(fits) != 10_000 || fits[first].Width != 120 || fits[last].Width != 120 {
		t.Errorf("%d columns fitted, the first to %d", len(fits), fits[first].Width)
	}
}

func TestNumbersAlignRight(t *testing.T) {
	for text, want := range map[string]bool{
		"$1,299.00": true, "1.299,00 €": true, "45%": true, "12": true, "-3.5": true, "EUR 12": true, "1 299,00": true,
		"": false, "Product 12": false, "2026-05-21": false, "https://x.example/1": false, "12:30": false, "4.5 out of 5": true, "v": false,
	} {
		items := itemsOf(t, []string{fmt.Sprintf(`{"c":%q}`, text)})
		if fits := table.FitColumns(painter(), items, table.FitItems); fits[items.Columns()[0].Path()].AlignRight != want {
			t.Errorf("a column of %q aligns right: %v", text, !want)
		}
	}
}

// TestMarksDoNotMoveColumns checks that sorting and marking a column as the unique key change no width, and that the
// marks are visible nevertheless.
func TestMarksDoNotMoveColumns(t *testing.T) {
	p := painter()
	for _, w := range []int{60, 80, 160} {
		tb := tableOf(t, catalog(t))
		var before []int
		for i := range tb.ColumnCount() {
			before = append(before, table.NewFrame(tb, p, w, 12).Width(i))
		}
		for i := range tb.ColumnCount() {
			if before[i] == 0 {
				continue // not in the frame
			}
			for _, keys := range [][]order.Key{{{Path: tb.ColumnPath(i)}}, {{Path: tb.ColumnPath(i), Descending: true}, {Path: tb.ColumnPath(0)}}} {
				tb.SetSorted(keys)
				tb.SetKey(optional.Some(tb.ColumnPath(i)))
				frame := table.NewFrame(tb, p, w, 12)
				for k := range before {
					if got := frame.Width(k); got != before[k] {
						t.Errorf("%d cells, sorted by column %d: column %d has %d cells instead of %d", w, i, k, got, before[k])
					}
				}
				header := ansi.Strip(drawn(tb, p, w, 12)[0])
				if !strings.Contains(header, "!") || !strings.Contains(header, "↑") && !strings.Contains(header, "↓1") {
					t.Errorf("%d cells, sorted by column %d: the header is %q", w, i, header)
				}
			}
		}
	}
}

// TestComputedColumnsComeLast computes a column before there are items.
func TestComputedColumnsComeLast(t *testing.T) {
	computed := func(items item.Table) item.Table {
		return items.WithComputed("unit", func(*item.Evaluation) func(int) item.Cell { return func(int) item.Cell { return item.Cell{} } })
	}
	var tab table.Table
	tab.SetItems(computed(itemsOf(t, []string{})), nil)
	tab.SetItems(computed(itemsOf(t, []string{`{"name":"a","price":1}`})), nil)
	if got := tab.Paths(); len(got) != 3 || got[2] != item.PathOf("unit") {
		t.Errorf("the columns are %v", got)
	}
}
