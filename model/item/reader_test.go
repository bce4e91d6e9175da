package item

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sbwatch/model/jsonscan"
)

// readerPaths returns paths into the rows of readerRows.
func readerPaths() []Path {
	paths := []Path{{}, {whole: true}, Path{whole: true}.Child("0"), PathOf("a", "b", "c"), PathOf("a", "b", "c", "0", "d"), PathOf("a", "b", "c", "e")}
	for _, key := range []string{"name", "a", "n", "b", "", ",", ":", " ", "}", "]", "a,b", "na\"me", "x\\", "é", "\xff", "\n", ":foo", "price", "dims"} {
		paths = append(paths, PathOf(key), PathOf("dims", key), PathOf(key, "0"), PathOf(key, "w"))
	}
	return paths
}

func readerRows() []string {
	return []string{
		`{"name":"x","price":"$1","dims":{"w":1}}`,
		`{"name":"longer than that was before by far, so that guesses fail","price":2}`,
		`{"price":{"name":1},"name":"after"}`, `{"price":{"name":1}}`, `{"tags":[{"name":1}]}`, `{"tags":["name","a"],"a":1}`,
		`{"name":1,"name":2}`, `{"na\u006de":1}`, `{"name":1,"na\u006de":2}`, `{"name" :1}`, `{"name": 1 , "a":2}`, "{\n\t\"name\"\n:\t1}",
		`{"x":"\"name\":1"}`, `{"x\"name":1}`, `{"\"name":1}`, `{"x":"\\","name":3}`, `{"x":",\"name\":","name":1}`,
		`{"dims":{"x\"name":1},"name":2}`, `{"dims":[{"w":{"\\\"a":1}}],"a":2}`,
		`{"x":"a,",":foo":1}`, `{"x,":"y",",":2}`, `{"x":"",":":1}`, `{"":1}`, `{"x":"","":{"":2}}`, `{" ":1,"}":2,"]":3}`,
		`[]`, `[{"name":1}]`, `"name"`, `null`, `{}`, `{"dims":{"dims":{"w":1}},"w":2}`, `{"a":1,"b":{"a":2},"a":3}`,
		`{"a":{"b":{"c":{"e":1}}}}`, `{"a":{"x":{"b":1}, "b" :{"c":[{"d":1}], "e":2}}, "n":1}`, `{"a":{"b":{"c":1},"b":{"c":{}}}}`, `{"a":{"b":{"c":1},"b":2}}`,
		`{"a":{"\u0062":{"c":{"\u0065":[]}}}}`, `{"a":{"b":{"c":{"e":1}},"b":{}}}`, `{"dims":"` + strings.Repeat("long ", 30) + `","a":{"b":{"c":5}},"n":2}`,
		"{\"\xff\":1,\"\u00e9\":2}", `{"\u00e9":3}`, `{"n":1}`, `{"n":true,"a":null}`, `{"a":false` + `}`,
		longRow(300, 2500), longRow(400, 2500), longRow(2900, 20), longRow(3000, 0),
	}
}

// longRow returns an item with other text of the given sizes before and after two of its keys.
func longRow(before, after int) string {
	return fmt.Sprintf(`{"x":"%s","name":%d,"price":"%[2]d","y":"%s"}`, strings.Repeat("x", before), before, strings.Repeat("y", after))
}

// TestReaderMatchesAt checks that a reader returns the same cells as Table.At.
func TestReaderMatchesAt(t *testing.T) {
	rows := readerRows()
	compareReaders(t, itemsOf(t, rows...))
	for from := range rows { // a reader remembers positions, which may be wrong for the next row
		compareReaders(t, itemsOf(t, rows[from], rows[(from+7)%len(rows)], rows[from]))
	}
}

func compareReaders(t *testing.T, items Table) {
	t.Helper()
	for _, path := range readerPaths() {
		reader := items.Reader(path)
		for i := range items.Len() {
			reader.Ahead(i, i+1)
			got, want := reader.Cell(i).Raw(), items.At(i, path).Raw()
			if !bytes.Equal(got, want) || (got == nil) != (want == nil) {
				t.Fatalf("%q of item %d, %s, reads %s, want %s", path.keys, i, items.Row(i), got, want)
			}
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, row := range readerRows() {
		f.Add([]byte(row+"\n"+row), "name")
	}
	f.Add([]byte(strings.Join(readerRows(), "\n")), "a")
	f.Fuzz(func(t *testing.T, text []byte, key string) {
		var b Builder
		for len(text) > 0 {
			text = text[jsonscan.Space(text, 0):]
			n, err := b.Append(text)
			if err != nil {
				break
			}
			text = text[n:]
		}
		items := b.Items()
		for _, path := range []Path{PathOf(key), PathOf(key, key), PathOf("name", key)} {
			reader := items.Reader(path)
			for i := range items.Len() {
				if got, want := reader.Cell(i).Raw(), items.At(i, path).Raw(); !bytes.Equal(got, want) {
					t.Fatalf("%q of item %d, %s, reads %s, want %s", path.keys, i, items.Row(i), got, want)
				}
			}
		}
	})
}

// TestItemsKeptInPlace separates items by arbitrary bytes, because a buffer contains the text between items, too.
func TestItemsKeptInPlace(t *testing.T) {
	text := []byte("[{\"a\":1}, {\"a\":\"x\\n\"}\n,\n7 , {\"b\":[2,{\"a\":3}]}]")
	want := []string{`{"a":1}`, `{"a":"x\n"}`, "7", `{"b":[2,{"a":3}]}`}
	var b Builder
	if _, err := b.Append([]byte(`{"copied":0}`)); err != nil {
		t.Fatal(err)
	}
	for from := 1; from < len(text); {
		n, err := b.AppendIn(text, from, len(text))
		if err != nil {
			t.Fatal(err)
		}
		from += n
		for from < len(text) && strings.IndexByte(" ,\n]", text[from]) >= 0 {
			from++
		}
	}
	if _, err := b.Append([]byte(`{"copied":5}`)); err != nil {
		t.Fatal(err)
	}
	items := b.Items()
	if string(items.Row(0)) != `{"copied":0}` || string(items.Row(5)) != `{"copied":5}` {
		t.Errorf("the first and last rows are %s and %s", items.Row(0), items.Row(5))
	}
	for i, row := range want {
		if string(items.Row(i+1)) != row {
			t.Errorf("item %d is %s, want %s", i+1, items.Row(i+1), row)
		}
	}
	if got := items.Reader(PathOf("a")).Cell(4); got.Kind() != CellMissing {
		t.Errorf("the last item reads %s", got.Raw())
	}
	if _, err := b.AppendIn([]byte(`{"a":`), 0, 5); !errors.Is(err, ErrItemCut) {
		t.Errorf("error %v, want %v", err, ErrItemCut)
	}
}

func TestItemsTellOfEscapes(t *testing.T) {
	items := itemsOf(t, `{"a":"x"}`, `{"a":"\n"}`, `{"\u0061":1}`, `"\\"`, `1`)
	for i, want := range []bool{false, true, true, true, false} {
		if items.HasEscapes(i) != want {
			t.Errorf("item %d has escapes: %t", i, !want)
		}
	}
}

func shopItems(tb testing.TB, n int) Table {
	tb.Helper()
	var b Builder
	for i := range n {
		row := fmt.Sprintf(`{"sku":"SKU-%07d","name":"Walnut desk lamp no. %d, brass","price":"$%d.%02d","url":"https://shop.example/catalogue/item/%d",`+
			`"rating":%d.%d,"in_stock":%t,"reviews":%d,"dims":{"w":%d,"h":4}},`, i, i, i%900, i%100, i, i%5, i%10, i%3 == 0, i%1700, i%300)
		if _, err := b.Append([]byte(row)); err != nil {
			tb.Fatal(err)
		}
	}
	return b.Items()
}

func BenchmarkReader(b *testing.B) {
	items := shopItems(b, 200_000)
	for _, path := range []Path{PathOf("sku"), PathOf("price"), PathOf("reviews"), PathOf("dims", "w"), PathOf("absent")} {
		b.Run(path.Name().String(), func(b *testing.B) {
			reader, size := items.Reader(path), 0
			for b.Loop() {
				for i := range items.Len() {
					size += len(reader.Cell(i).Raw())
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(items.Len()), "ns/row")
		})
	}
}
