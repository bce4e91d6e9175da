package write_test

import (
	"bytes"
	"strings"
	"testing"

	"sbwatch/files"
	"sbwatch/files/write"
	"sbwatch/model/item"
)

// itemsOf returns a table whose items are rows.
func itemsOf(tb testing.TB, rows ...string) item.Table {
	tb.Helper()
	var b item.Builder
	for _, row := range rows {
		if _, err := b.Append([]byte(row + ",")); err != nil {
			tb.Fatalf("%.80s: %v", row, err)
		}
	}
	return b.Items()
}

// paths returns the columns with the given names.
func paths(tb testing.TB, items item.Table, names ...string) []write.Column {
	tb.Helper()
	var found []item.Path
	for _, name := range names {
		p, ok := items.FindPath(name)
		if !ok {
			tb.Fatalf("no column %q", name)
		}
		found = append(found, p)
	}
	return write.ColumnsOf(found)
}

func written(tb testing.TB, items item.Table, o write.Options) string {
	tb.Helper()
	var out bytes.Buffer
	if err := write.Write(tb.Context(), &out, items, o); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// lines joins CSV records to a text.
func lines(records ...string) string { return strings.Join(records, "\r\n") + "\r\n" }

func TestText(t *testing.T) {
	shop := itemsOf(t,
		`{"name":"A","price":1.10,"dims":{"w":1, "h":null},"tags":["x"]}`,
		"{ \"price\" : -5,\r\n\t\"name\":\"B, \\u00e9 \\\"q\\\"\\n\",\n \"dims\":null}",
		`{"name":"","name":"C","more":true}`)
	for _, c := range []struct {
		what string
		of   item.Table
		o    write.Options
		want string
	}{
		{"an array", shop, write.Options{Format: files.JSON}, "[\n" + string(shop.Row(0)) + ",\n" + string(shop.Row(1)) + ",\n" + string(shop.Row(2)) + "\n]\n"},
		{"no items", item.Table{}, write.Options{Format: files.JSON}, "[]\n"},
		{"no lines", item.Table{}, write.Options{Format: files.NDJSON}, ""},
		{
			"lines", shop,
			write.Options{Format: files.NDJSON},
			string(shop.Row(0)) + "\n{ \"price\" : -5,\t\"name\":\"B, \\u00e9 \\\"q\\\"\\n\", \"dims\":null}\n" + string(shop.Row(2)) + "\n",
		},
		{
			"chosen columns and rows", shop,
			write.Options{Format: files.NDJSON, Rows: []uint32{2, 0}, Columns: paths(t, shop, "dims.w", "price", "name")},
			"{\"name\":\"C\"}\n{\"dims.w\":1,\"price\":1.10,\"name\":\"A\"}\n",
		},
		{"no rows of some", shop, write.Options{Format: files.JSON, Rows: []uint32{}}, "[]\n"},
		{
			"CSV", shop,
			write.Options{Format: files.CSV},
			lines("name,price,dims,tags,more", `A,1.10,"{""w"":1, ""h"":null}","[""x""]",`, "\"B, é \"\"q\"\"\n\",-5,,,", `C,,,,true`),
		},
		{"CSV of no rows", shop, write.Options{Rows: []uint32{}}, lines("name,price,dims,tags,more")},
		{"CSV of nothing", item.Table{}, write.Options{}, ""},
		{
			"CSV tells kinds apart", itemsOf(t, `{"a":"1","b":1}`, `{"a":"true","b":false}`, `{"a":"null","b":null}`, `{"a":"","b":"-"}`, `{"a":"[]","b":[]}`, `{"a":"01","b":"1."}`, `{"a":" x","b":"a;b"}`),
			write.Options{},
			lines("a,b", `"1",1`, `"true",false`, `null,`, `"",-`, `"""[]""","[]"`, `01,1.`, `" x","a;b"`),
		},
		{"CSV of one column has no empty lines", itemsOf(t, `{"a":null}`, `{"a":"x"}`, `{}`), write.Options{}, lines("a", `""`, `x`, `""`)},
		{
			"CSV for Excel", itemsOf(t, `{"a;b":"x;y","c":1.5}`, `{"a;b":"x,y|z","c":null}`),
			write.Options{CSVMark: true, CSVDelimiter: ';'},
			"\ufeff" + lines(`"a;b";c`, `"x;y";1.5`, `"x,y|z";`),
		},
		{"CSV with points between fields", itemsOf(t, `{"a":1.5,"b":"x.y"}`), write.Options{CSVDelimiter: '.'}, lines(`a.b`, `"1.5"."x.y"`)},
		{
			"CSV of texts that read as JSON", itemsOf(t, `{"a":"[1,2]"}`, `{"a":[1,2]}`, `{"a":"{\"b\":1}"}`, `{"a":"\"[1]\""}`, `{"a":"\"x\""}`, `{"a":"[1,2"}`),
			write.Options{},
			lines("a", `"""[1,2]"""`, `"[1,2]"`, `"""{\""b\"":1}"""`, `"""\""[1]\"""""`, `"""x"""`, `"[1,2"`),
		},
		{"CSV of empty items", itemsOf(t, `{}`, `{}`), write.Options{}, lines("(item)", `"{}"`, `"{}"`)},
		{"CSV of all sorts", itemsOf(t, `1`, `{"(value)":2}`, `[3]`), write.Options{}, lines("(value),(value) (2)", `1,`, `,2`, `"[3]",`)},
		{
			"CSV for spreadsheets",
			itemsOf(t, `{"=a":"=1+1"}`, `{"=a":"-5"}`, `{"=a":-5}`, `{"=a":"+1,299.50"}`, `{"=a":"-5%"}`, `{"=a":"-1e5"}`, `{"=a":"-"}`, `{"=a":"-5+cmd"}`, `{"=a":"@x"}`, `{"=a":"\tx"}`, `{"=a":"\rx"}`, `{"=a":"a=b"}`, `{"=a":"+e5"}`, `{"=a":"-e"}`, `{"=a":"=\""}`),
			write.Options{CSVSafe: true},
			lines("'=a", "'=1+1", `"-5"`, "-5", `"+1,299.50"`, "-5%", `"-1e5"`, "'-", "'-5+cmd", "'@x", "\"'\tx\"", "\"'\rx\"", "a=b", "'+e5", "'-e", `"'="""`),
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := written(t, c.of, c.o); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
