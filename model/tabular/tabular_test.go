package tabular

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"sbwatch/model/item"
)

func TestFormats(t *testing.T) {
	var b item.Builder
	for _, row := range []string{
		`{"name":"Lamp, \"big\"","price":-5,"note":"a|b\nc","tags":["x",1.50]}`,
		`{"name":"","price":null,"note":"=1+1\t2"}`,
		`{"name":"-5","note":"\\"}`,
	} {
		if _, err := b.Append([]byte(row)); err != nil {
			t.Fatal(err)
		}
	}
	columns := []item.Path{item.PathOf("name"), item.PathOf("price"), item.PathOf("note"), item.PathOf("tags")}
	for format, want := range map[Format]string{
		CSV: "name,price,note,tags\r\n" + `"Lamp, ""big""",-5,"a|b` + "\n" + `c","[""x"",1.50]"` + "\r\n" +
			`"",,=1+1` + "\t2,\r\n" + `-5,,\,` + "\r\n",
		TSV:      "name\tprice\tnote\ttags\nLamp, \"big\"\t-5\ta|b c\t[\"x\",1.50]\n\t\t'=1+1 2\t\n-5\t\t\\\t\n",
		Markdown: "| name | price | note | tags |\n| --- | --- | --- | --- |\n| Lamp, \"big\" | -5 | a\\|b<br>c | [\"x\",1.50] |\n|  |  | =1+1 2 |  |\n| -5 |  | \\\\ |  |\n",
		JSON:     "[\n{\"name\":\"Lamp, \\\"big\\\"\",\"price\":-5,\"note\":\"a|b\\nc\",\"tags\":[\"x\",1.50]},\n{\"name\":\"\",\"price\":null,\"note\":\"=1+1\\t2\"},\n{\"name\":\"-5\",\"note\":\"\\\\\"}\n]\n",
	} {
		w := Writer{Format: format, Items: b.Items(), Columns: columns}
		w.Begin()
		for entry := range b.Items().Len() {
			w.Add(entry)
		}
		got := w.End()
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", format, got, want)
		}
		switch format {
		case CSV:
			if rows, err := csv.NewReader(strings.NewReader(got)).ReadAll(); err != nil || len(rows) != 4 || rows[1][0] != `Lamp, "big"` {
				t.Errorf("encoding/csv reads %v, %v", rows, err)
			}
		case JSON:
			if !json.Valid([]byte(got)) {
				t.Errorf("not valid JSON: %s", got)
			}
		case TSV, Markdown:
		}
	}
}
