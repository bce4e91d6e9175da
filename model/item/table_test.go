package item

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// itemsOf returns a table of some rows on one page.
func itemsOf(tb testing.TB, rows ...string) Table {
	tb.Helper()
	var b Builder
	b.StartPage()
	appendAll(tb, &b, rows...)
	return b.Items()
}

func appendAll(tb testing.TB, b *Builder, rows ...string) {
	tb.Helper()
	for _, row := range rows {
		if n, err := b.Append([]byte(row + ",")); err != nil || n != len(row) {
			tb.Fatalf("%.80s: %d bytes, %v", row, n, err)
		}
	}
}

func columnNames(items Table) []string {
	var names []string
	for _, c := range items.Columns() {
		names = append(names, c.Name.Raw())
	}
	return names
}

func TestRowsAreUnchanged(t *testing.T) {
	rows := []string{
		`{"z":1.10,"a":12345678901234567890,"n":1e5}`, `{ "a" : [ 1,  2 ] ,"\u0061b":"\/"}`, `{}`, `[]`, `null`, `-0`, `""`,
		"{\"a\":\"\xff\"}", `{"a":1,"a":2}`,
	}
	items := itemsOf(t, rows...)
	if items.Len() != len(rows) {
		t.Fatalf("%d items, want %d", items.Len(), len(rows))
	}
	for i, row := range rows {
		if string(items.Row(i)) != row || string(items.Item(i).Raw()) != row {
			t.Errorf("row %d is %s, want %s", i, items.Row(i), row)
		}
	}
}

func TestColumnsAreTheUnionInOrderOfFirstAppearance(t *testing.T) {
	items := itemsOf(t, `{"b":1}`, `{"a":1,"b":2,"c":{"d":3}}`, `{"\u0062":4,"e":null}`)
	if got := columnNames(items); !slices.Equal(got, []string{"b", "a", "c", "e"}) {
		t.Errorf("columns %q", got)
	}
	if items.ColumnsCapped() {
		t.Error("capped at four columns")
	}
}

func TestCells(t *testing.T) {
	for _, test := range []struct {
		what, row, column string
		kind              CellKind
		raw, text         string
	}{
		{"a text", `{"a":"x"}`, "a", CellString, `"x"`, "x"},
		{"an empty text", `{"a":""}`, "a", CellString, `""`, ""},
		{"null", `{"a":null}`, "a", CellNull, "null", "null"},
		{"a missing key", `{"b":1}`, "a", CellMissing, "", ""},
		{"true", `{"a":true}`, "a", CellBool, "true", "true"},
		{"false", `{"a":false}`, "a", CellBool, "false", "false"},
		{"a number keeps its digits", `{"a":-1.2300E+5}`, "a", CellNumber, "-1.2300E+5", "-1.2300E+5"},
		{"an array", `{"a":[1, {"b":2}],"c":1}`, "a", CellArray, `[1, {"b":2}]`, `[1, {"b":2}]`},
		{"an object", `{"a":{"a":1}}`, "a", CellObject, `{"a":1}`, `{"a":1}`},
		{"space all over", "{\n \"b\" : 1 ,\t\"a\" : 2 }", "a", CellNumber, "2", "2"},
		{"the last of two", `{"a":1,"b":2,"a":3}`, "a", CellNumber, "3", "3"},
		{"the last of two spellings", `{"a":1,"\u0061":3}`, "a", CellNumber, "3", "3"},
		{"a key with escapes", `{"n\u0061\"me":1}`, `na"me`, CellNumber, "1", "1"},
		{"the empty key", `{"":1}`, "", CellNumber, "1", "1"},
		{"a key inside another value", `{"b":{"a":1},"c":"\"a\":2"}`, "a", CellMissing, "", ""},
		{"escapes", `{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, "a", CellString, `"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, "\"\\/\b\f\n\r\té😀"},
		{"half a pair", `{"a":"\ud83d!\ude00\ud83d"}`, "a", CellString, `"\ud83d!\ude00\ud83d"`, "\ufffd!\ufffd\ufffd"},
		{"bytes that are not UTF-8", "{\"a\":\"\xff\\n\"}", "a", CellString, "\"\xff\\n\"", "\xff\n"},
	} {
		items := itemsOf(t, fmt.Sprintf(`{%q:0}`, test.column), test.row)
		cell := items.Cell(1, 0)
		if cell.Kind() != test.kind || string(cell.Raw()) != test.raw || cell.Text().Raw() != test.text {
			t.Errorf("%s: kind %d, raw %s, text %q", test.what, cell.Kind(), cell.Raw(), cell.Text().Raw())
		}
		if (cell.Raw() == nil) != (test.kind == CellMissing) {
			t.Errorf("%s: raw is %#v", test.what, cell.Raw())
		}
	}
}

func TestNonObjectItemsHaveOneColumn(t *testing.T) {
	items := itemsOf(t, `{"a":1}`, `"text"`, `{"(value)":2}`, `[3]`, `null`)
	want := [][]string{
		{"1", "", ""},
		{"", "text", ""},
		{"", "", "2"},
		{"", "[3]", ""},
		{"", "null", ""},
	}
	columns := items.Columns()
	if len(columns) != 3 || columns[0].Whole || !columns[1].Whole || columns[2].Whole || columns[1].Name != columns[2].Name {
		t.Fatalf("columns %v", columns)
	}
	for i, row := range want {
		for c, text := range row {
			if got := items.Cell(i, c).Text().Raw(); got != text {
				t.Errorf("row %d, column %d: %q, want %q", i, c, got, text)
			}
		}
	}
}

func TestPages(t *testing.T) {
	var b Builder
	appendAll(t, &b, `{"a":0}`)
	if items := b.Items(); items.Pages() != 0 || items.Page(0) != 0 {
		t.Errorf("without pages: %d pages, the item's is %d", items.Pages(), items.Page(0))
	}
	b = Builder{}
	for _, rows := range []int{2, 0, 0, 3, 1, 0} {
		b.StartPage()
		appendAll(t, &b, slices.Repeat([]string{`{}`}, rows)...)
	}
	items := b.Items()
	var pages []int
	for i := range items.Len() {
		pages = append(pages, items.Page(i))
	}
	if !slices.Equal(pages, []int{1, 1, 4, 4, 4, 5}) || items.Pages() != 6 {
		t.Errorf("pages of the items %v, of %d", pages, items.Pages())
	}
	want := [][2]int{{0, 2}, {2, 2}, {2, 2}, {2, 5}, {5, 6}, {6, 6}}
	for i, rows := range want {
		if from, to := items.PageRows(i + 1); from != rows[0] || to != rows[1] {
			t.Errorf("page %d has rows %d to %d, want %v", i+1, from, to, rows)
		}
	}
}

func TestAppendErrors(t *testing.T) {
	var b Builder
	appendAll(t, &b, `{"a":1}`)
	before := b.Items()
	for _, text := range []string{``, `{`, `{"new":`, `{"new":"x`, `12`, `"`, `[`, `tru`} {
		if n, err := b.Append([]byte(text)); n != 0 || !errors.Is(err, ErrItemCut) {
			t.Errorf("%q: %d, %v, want %v", text, n, err, ErrItemCut)
		}
	}
	for _, text := range []string{`}`, `{"new":1,}`, `{"new":x}`, `[1 2]`, ` 1`, `,`} {
		if n, err := b.Append([]byte(text)); n != 0 || err == nil || errors.Is(err, ErrItemCut) {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
	if after := b.Items(); after.Len() != 1 || len(after.Columns()) != 1 || after != before {
		t.Errorf("the table has %d items and %q after errors", after.Len(), columnNames(after))
	}
}

func TestSnapshotIsImmutable(t *testing.T) {
	var b Builder
	b.StartPage()
	appendAll(t, &b, `{"a":1}`)
	early := b.Items()
	b.StartPage()
	for i := range 5000 {
		appendAll(t, &b, fmt.Sprintf(`{"k%d":%q}`, i%50, strings.Repeat("x", i%100)))
	}
	appendAll(t, &b, `7`)
	if early.Len() != 1 || early.Pages() != 1 || len(early.Columns()) != 1 || string(early.Row(0)) != `{"a":1}` {
		t.Errorf("the snapshot has %d items, %d pages, columns %q", early.Len(), early.Pages(), columnNames(early))
	}
	if late := b.Items(); late.Len() != 5002 || late.Pages() != 2 || len(late.Columns()) != 52 {
		t.Errorf("the table has %d items, %d pages, %d columns", late.Len(), late.Pages(), len(late.Columns()))
	}
}

// TestSnapshotsAreReadableWhileTheTableGrows uses the race detector to prove that the builder never writes to bytes of
// a snapshot.
func TestSnapshotsAreReadableWhileTheTableGrows(t *testing.T) {
	var b Builder
	var readers sync.WaitGroup
	for i := range 3000 {
		b.StartPage()
		appendAll(t, &b, fmt.Sprintf(`{"i":%d,"k%d":"x"}`, i, i%40))
		if i%300 != 7 {
			continue
		}
		items := b.Items()
		readers.Go(func() {
			for row := range items.Len() {
				for c := range items.Columns() {
					_ = items.Cell(row, c).Text()
				}
				if got := items.Cell(row, 0).Text().Raw(); got != fmt.Sprint(row) || items.Page(row) != row+1 {
					t.Errorf("row %d says %s, page %d", row, got, items.Page(row))
					return
				}
			}
		})
	}
	readers.Wait()
}

func TestColumnsAreCapped(t *testing.T) {
	var b Builder
	for i := range MaxColumns {
		appendAll(t, &b, fmt.Sprintf(`{"k%d":1,"l%d":2}`, i, i))
	}
	items := b.Items()
	if len(items.Columns()) != MaxColumns || !items.ColumnsCapped() {
		t.Errorf("%d columns, capped %t", len(items.Columns()), items.ColumnsCapped())
	}
	last := fmt.Sprintf(`{"k%d":1,"l%d":2}`, MaxColumns-1, MaxColumns-1)
	if string(items.Row(MaxColumns-1)) != last {
		t.Errorf("the last row is %s, want %s", items.Row(MaxColumns-1), last)
	}
}

func TestRowsLargerThanAChunk(t *testing.T) {
	large := `"` + strings.Repeat("0123456789", lastChunk/5) + `"`
	rows := []string{`{"a":1}`, large, `{"a":2}`, large, large, `{"a":3}`}
	items := itemsOf(t, rows...)
	for i, row := range rows {
		if string(items.Row(i)) != row {
			t.Errorf("row %d of %d bytes came back as %d bytes", i, len(row), len(items.Row(i)))
		}
	}
}

func TestPreview(t *testing.T) {
	for _, value := range []string{
		`"plain text that goes on"`, `"h\u00e9\ud83d\ude00\\\n\"\ud83d\ude00 tail"`, `"日本語のテキスト"`, `"😀😀😀😀"`, `12345678901234567890`,
		`["日本語", 1]`, `{"a":"日"}`, `""`, `null`,
	} {
		cell := itemsOf(t, value).Item(0)
		whole := cell.Text().Raw()
		for size := range len(value) + 3 {
			preview := cell.Preview(size).Raw()
			if !strings.HasPrefix(whole, preview) || !utf8.ValidString(preview) {
				t.Errorf("preview of %s to %d bytes: got %q", value, size, preview)
			}
			if size >= len(value) && preview != whole || len(whole)-len(preview) > len(value)-size+pairOfSurrogates {
				t.Errorf("preview of %s to %d bytes is too short: %q", value, size, preview)
			}
		}
	}
}

// pairOfSurrogates is the length of an escaped surrogate pair in bytes. A preview drops at most that many bytes at its
// end.
const pairOfSurrogates = 12

func TestMembersAndElements(t *testing.T) {
	cell := itemsOf(t, "{ \"a\" : 1 , \"b\\n\" : [ 2 , \"x,y\" , [ ] , { } ] ,\"a\":{\"c\":null} }").Item(0)
	var got []string
	for key, value := range cell.Members() {
		got = append(got, key.Raw()+"="+string(value.Raw()))
		for element := range value.Elements() {
			got = append(got, string(element.Raw()))
		}
	}
	want := []string{"a=1", "b\n=[ 2 , \"x,y\" , [ ] , { } ]", "2", `"x,y"`, "[ ]", "{ }", `a={"c":null}`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, other := range []string{`1`, `"{}"`, `{}`, `[]`, `[ ]`} {
		cell := itemsOf(t, other).Item(0)
		for key, value := range cell.Members() {
			t.Errorf("%s has a member %q: %s", other, key.Raw(), value.Raw())
		}
		for value := range cell.Elements() {
			t.Errorf("%s has an element %s", other, value.Raw())
		}
	}
}

func TestZeroTableIsEmpty(t *testing.T) {
	var items Table
	if items.Len() != 0 || items.Pages() != 0 || len(items.Columns()) != 0 || items.ColumnsCapped() {
		t.Error("the zero table is not empty")
	}
}

func BenchmarkCell(b *testing.B) {
	items := itemsOf(b, `{"sku":"SKU-0000017","name":"Walnut desk lamp no. 17, brass","price":"$17.99","url":"https://shop.example/catalogue/item/17",`+
		`"rating":4.5,"in_stock":true,"reviews":1702,"note":null,"maker":"Lumen & Oak"}`)
	for c, column := range items.Columns() {
		b.Run(column.Name.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if items.Cell(0, c).Kind() == CellMissing {
					b.Fatal("missing")
				}
			}
		})
	}
}
