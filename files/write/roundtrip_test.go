package write_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"sbwatch/api/emulator"
	"sbwatch/files"
	"sbwatch/files/read"
	"sbwatch/files/write"
	"sbwatch/internal/emulated"
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// hostileRecipes returns the recipes of the emulator whose items are hard to write as a table.
func hostileRecipes() []string { return []string{"hostile0001", "broken00001"} }

// itemsOfRecipe returns the items of a run of the emulator.
func itemsOfRecipe(t *testing.T, recipe string) item.Table {
	t.Helper()
	var items item.Table
	synctest.Test(t, func(t *testing.T) {
		client := emulated.Client(t, emulator.Options{})
		run, err := client.Dispatch(t.Context(), recipe)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		answer, err := client.Poll(t.Context(), run.RunID.Raw(), nil)
		if err != nil {
			t.Fatal(err)
		}
		items = answer.Items
	})
	if items.Len() < 15 {
		t.Fatalf("%d items", items.Len())
	}
	return items
}

// opened reads text that was written by this package.
func opened(tb fataler, text string) item.Table {
	tb.Helper()
	answer, err := read.Open(strings.NewReader(text), read.Options{})
	if err != nil {
		tb.Fatalf("%.200q: %v", text, err)
	}
	return answer.Items
}

// fataler is a test or a property check.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func writtenTo(tb fataler, items item.Table, o write.Options) string {
	tb.Helper()
	var out bytes.Buffer
	if err := write.Write(context.Background(), &out, items, o); err != nil {
		tb.Fatalf("%v: %v", o.Format, err)
	}
	return out.String()
}

// comesBack checks that items are the same after they were written and read again, in all formats.
func comesBack(tb fataler, items item.Table) {
	tb.Helper()
	same(tb, "JSON", items, opened(tb, writtenTo(tb, items, write.Options{Format: files.JSON})))
	ndjson := writtenTo(tb, items, write.Options{Format: files.NDJSON})
	if strings.Count(ndjson, "\n") != items.Len() || strings.Contains(ndjson, "\r") {
		tb.Fatalf("%d items in %d lines", items.Len(), strings.Count(ndjson, "\n"))
	}
	if items.Len() == 0 {
		return
	}
	if items.Item(0).Kind() != item.CellArray { // in NDJSON, such an item looks like an array of items
		same(tb, "NDJSON", joined(tb, items), opened(tb, ndjson))
	}
	csvComesBack(tb, items)
	parquetComesBack(tb, items)
}

// joined returns the items without their line breaks.
func joined(tb fataler, items item.Table) item.Table {
	tb.Helper()
	var b item.Builder
	for i := range items.Len() {
		text := strings.NewReplacer("\n", "", "\r", "").Replace(string(items.Row(i)))
		if _, err := b.Append([]byte(text + ",")); err != nil {
			tb.Fatalf("%q: %v", text, err)
		}
	}
	return b.Items()
}

func same(tb fataler, what string, want, got item.Table) {
	tb.Helper()
	if got.Len() != want.Len() {
		tb.Fatalf("%s: %d items, want %d", what, got.Len(), want.Len())
	}
	for i := range want.Len() {
		if row := bytes.ToValidUTF8(want.Row(i), []byte("\ufffd")); !bytes.Equal(got.Row(i), row) {
			tb.Fatalf("%s: item %d is %q, want %q", what, i, got.Row(i), row)
		}
	}
}

// csvComesBack checks that items written as CSV can be read back: the values are the same, writing them again gives the
// same CSV, and encoding/csv reads the same fields.
func csvComesBack(tb fataler, items item.Table) {
	tb.Helper()
	text := writtenTo(tb, items, write.Options{})
	answer, err := read.Open(iotest.HalfReader(strings.NewReader(text)), read.Options{Name: "x.csv"})
	if err != nil {
		tb.Fatalf("CSV %.200q: %v", text, err)
	}
	again := answer.Items
	second, err := read.Open(strings.NewReader(writtenTo(tb, again, write.Options{})), read.Options{Name: "x.csv"})
	if err != nil {
		tb.Fatalf("CSV %.200q again: %v", text, err)
	}
	same(tb, "CSV again", again, second.Items)
	reader := csv.NewReader(strings.NewReader(text))
	if _, err := reader.Read(); err != nil {
		tb.Fatalf("header: %v", err)
	}
	for i := range items.Len() {
		record, err := reader.Read()
		values, found := valuesOf(items, i), valuesOf(again, i)
		if err != nil || len(record) != len(values) || len(found) != len(values) {
			tb.Fatalf("record %d: %d fields, %d values, %v", i, len(record), len(found), err)
		}
		for c, was := range values {
			is := found[c]
			want := strings.ToValidUTF8(was.Text().Raw(), "\ufffd")
			if was.Kind() == item.CellNull {
				want = ""
			}
			got := is.Text().Raw()
			if is.Kind() == item.CellNull {
				got = ""
			}
			if got != want {
				tb.Fatalf("item %d, column %d: %q, want %q", i, c, got, want)
			}
			if was.Kind() == item.CellString && strings.HasPrefix(record[c], `"`) && record[c] == string(jsonscan.AppendQuoted(nil, []byte(want))) {
				continue // a text that would be read as a list or an object
			}
			if standard := strings.ReplaceAll(want, "\r\n", "\n"); record[c] != standard { // encoding/csv reads line breaks this way
				tb.Fatalf("item %d, column %d: encoding/csv finds %q, want %q", i, c, record[c], standard)
			}
		}
	}
	if _, err := reader.Read(); err != io.EOF {
		tb.Fatalf("behind the last record: %v", err)
	}
}

// parquetComesBack checks that present values are the same after they were written as Parquet and read again. Numbers
// are compared by value, and invalid UTF-8 is ignored.
func parquetComesBack(tb fataler, items item.Table) {
	tb.Helper()
	again := opened(tb, writtenTo(tb, items, write.Options{Format: files.Parquet}))
	if again.Len() != items.Len() {
		tb.Fatalf("Parquet: %d items, want %d", again.Len(), items.Len())
	}
	for i := range items.Len() {
		found := valuesOf(again, i)
		for c, was := range valuesOf(items, i) {
			if !readsAlike(was, found[c]) {
				tb.Fatalf("Parquet: item %d, column %d: %q, want %q", i, c, found[c].Raw(), was.Raw())
			}
		}
	}
}

// valuesOf returns the values of an item, by column. If the table has no columns, it returns the item itself.
func valuesOf(items item.Table, row int) []item.Cell {
	entry, columns := items.Item(row), items.Columns()
	if len(columns) == 0 {
		return []item.Cell{entry}
	}
	members := map[string]item.Cell{}
	for key, value := range entry.Members() {
		members[key.Raw()] = value
	}
	values := make([]item.Cell, len(columns))
	for i, column := range columns {
		switch isObject := entry.Kind() == item.CellObject; {
		case !column.Whole && isObject:
			values[i] = members[column.Name.Raw()]
		case column.Whole && !isObject:
			values[i] = entry
		}
	}
	return values
}

func readsAlike(was, is item.Cell) bool {
	switch was.Kind() {
	case item.CellMissing, item.CellNull:
		return is.Kind() == item.CellNull
	case item.CellNumber:
		var a, b float64
		_ = json.Unmarshal(was.Raw(), &a)
		return is.Text().Raw() == was.Text().Raw() || json.Unmarshal(is.Raw(), &b) == nil && a == b
	case item.CellBool, item.CellString, item.CellArray, item.CellObject:
	}
	return is.Text().Raw() == strings.ToValidUTF8(was.Text().Raw(), "\ufffd")
}

func TestHostileItemsComeBack(t *testing.T) {
	for _, recipe := range hostileRecipes() {
		items := itemsOfRecipe(t, recipe)
		comesBack(t, items)
		for _, format := range files.Formats() {
			for _, compression := range []files.Compression{files.Gzip, files.Zstd} {
				plain := opened(t, written(t, items, write.Options{Format: format}))
				same(t, recipe+" "+format.String()+endingOf(compression), plain, opened(t, written(t, items, write.Options{Format: format, Compression: compression})))
			}
		}
	}
}

// anyItem generates JSON of many kinds.
func anyItem() *rapid.Generator[string] {
	number := rapid.OneOf(
		rapid.Map(rapid.Int64(), func(n int64) string { return fmt.Sprint(n) }),
		rapid.Map(rapid.Float64Range(-1e9, 1e9), func(n float64) string { return string(must(json.Marshal(n))) }),
		rapid.StringMatching(`-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?`),
	)
	text := rapid.Map(rapid.OneOf(
		rapid.String(), rapid.SampledFrom([]string{"", "=1+1", "-5", "@x", "\tx", "\r", "\r\n", "a,b", "a;b", `"`, `""`, " x ", "true", "null", "[1]", "{}", "01", "\ufeff", "1e5"}),
		rapid.StringMatching(`[",;\t\r\n =+\-a1]{0,6}`),
	), func(s string) string { return string(must(json.Marshal(s))) })
	scalar := rapid.OneOf(number, text, rapid.SampledFrom([]string{"null", "true", "false", `"\ud800"`, `"\u00e9\/"`}))
	list := rapid.Map(rapid.SliceOfN(scalar, 0, 3), func(parts []string) string { return "[" + strings.Join(parts, " ,\n ") + "]" })
	value := rapid.OneOf(scalar, scalar, list)
	key := rapid.OneOf(rapid.SampledFrom([]string{`"a"`, `"b"`, `"\u0061"`, `"(value)"`, `"a (2)"`, `""`, `"=k"`}), text)
	object := rapid.Custom(func(t *rapid.T) string {
		var members []string
		for range rapid.IntRange(0, 4).Draw(t, "members") {
			members = append(members, key.Draw(t, "key")+" : "+value.Draw(t, "value"))
		}
		return "{" + strings.Join(members, ",\r\n") + "}"
	})
	return rapid.OneOf(object, object, object, value)
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

func TestAnyItemsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b item.Builder
		for _, item := range rapid.SliceOfN(anyItem(), 0, 8).Draw(t, "items") {
			if _, err := b.Append([]byte(item + ",")); err != nil {
				t.Fatalf("%q: %v", item, err)
			}
		}
		comesBack(t, b.Items())
	})
}

// TestKeysThatAreWrittenAlike checks that a key with a backslash followed by n is not confused with a key that contains
// a line break.
func TestKeysThatAreWrittenAlike(t *testing.T) {
	items := itemsOf(t, `{"x\\n":1,"x\n":2}`, `{"x\n":3}`, `{"x\n":4,"x\\n":5}`, `{"":6}`)
	const want = `x\n,"x` + "\n\",\"\"\r\n1,2,\r\n,3,\r\n5,4,\r\n,,6\r\n"
	if got := written(t, items, write.Options{Format: files.CSV}); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// endingOf returns the file name ending for a compression.
func endingOf(c files.Compression) string {
	return map[files.Compression]string{files.Gzip: ".gz", files.Zstd: ".zst"}[c]
}
