package item

import (
	"encoding/json"
	"reflect"
	"testing"

	"sbwatch/model/numeral"
)

func TestLayoutRoundTrip(t *testing.T) {
	for want, layout := range map[string]Layout{
		`{}`: {},
		`{"columns":[{"path":["name"],"width":20},{"path":["dims"],"opened":true},{"path":["dims","w"],"hidden":true},{"path":[null]},{"path":[null,"0"]},{"path":[""]}],"frozen":1,"keys":[["sku"],["a.b"]]}`: {
			Columns: []ColumnLayout{
				{Path: PathOf("name"), Width: 20},
				{Path: PathOf("dims"), Opened: true},
				{Path: PathOf("dims", "w"), Hidden: true},
				{Path: Path{whole: true}},
				{Path: Path{whole: true}.Child("0")},
				{Path: PathOf("")},
			},
			Frozen: 1, Keys: []Path{PathOf("sku"), PathOf("a.b")},
		},
		`{"columns":[{"path":["price"],"lines":3,"format":"fixed 2"},{"path":["unit"]}],"lines":5,"computed":[{"name":"unit","formula":"unit = price / size"}]}`: {
			Columns:  []ColumnLayout{{Path: PathOf("price"), Lines: 3, Format: numeral.Format{Style: numeral.Fixed, Decimals: 2}}, {Path: PathOf("unit")}},
			Lines:    5,
			Computed: []ComputedColumn{{"unit", "unit = price / size"}},
		},
	} {
		text, err := json.Marshal(layout)
		if err != nil || string(text) != want {
			t.Errorf("written as %s, want %s: %v", text, want, err)
		}
		var read Layout
		if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read, layout) {
			t.Errorf("%s is read as %v: %v", text, read, err)
		}
		if layout.IsZero() != (want == "{}") {
			t.Errorf("%s is zero: got %v", want, layout.IsZero())
		}
	}
}

func TestDamagedLayoutsAreReadable(t *testing.T) {
	for text, want := range map[string]string{
		`{"frozen":-1,"keys":null,"unknown":1}`:                                                                   `{}`,
		`{"columns":[{"path":["a"],"width":-5},{"path":["a"]},{"path":[]}]}`:                                      `{"columns":[{"path":["a"]}]}`,
		`{"columns":[{"path":["a"],"width":99999}],"frozen":7}`:                                                   `{"columns":[{"path":["a"],"width":1000}],"frozen":1}`,
		`{"columns":[{"path":["a"]},{"path":["b"]},{"path":["a"]},{}],"x":[]}`:                                    `{"columns":[{"path":["a"]},{"path":["b"]}]}`,
		`{"lines":99,"columns":[{"path":["a"],"lines":-1,"format":"golden"},{"path":["b"],"format":"fixed 99"}]}`: `{"columns":[{"path":["a"]},{"path":["b"],"format":"fixed 6"}],"lines":10}`,
		`{"computed":[{"name":"a","formula":"1"},{"name":"a","formula":"2"},{"name":"b"}]}`:                       `{"computed":[{"name":"a","formula":"1"},{"name":"b","formula":""}]}`,
	} {
		var layout Layout
		if err := json.Unmarshal([]byte(text), &layout); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := json.Marshal(layout); err != nil || string(got) != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{`[]`, `{"columns":{}}`, `{"columns":[{"path":"a"}]}`, `{"columns":[{"path":["a",null]}]}`, `{"frozen":"x"}`, `{"columns":[{"path":[1]}]}`} {
		if err := json.Unmarshal([]byte(text), new(Layout)); err == nil {
			t.Errorf("no error for %s", text)
		}
	}
}

func FuzzLayout(f *testing.F) {
	f.Add([]byte(`{"columns":[{"path":["a","b"],"width":5,"hidden":true},{"path":[null]}],"frozen":1,"keys":[["c"]]}`))
	f.Add([]byte(`{"columns":[{"path":["\ud800"]}],"keys":[[null,null]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var first, second Layout
		if json.Unmarshal(text, &first) != nil {
			return
		}
		written, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &second); err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if again, err := json.Marshal(second); err != nil || string(again) != string(written) {
			t.Fatalf("%s is read as %s", written, again)
		}
	})
}
