package profile

import (
	"encoding/json"
	"fmt"
	"testing"

	"sbwatch/model/item"
)

// TestRowsOfManyShapes profiles rows with nested, new and duplicate keys. In a single part, most rows have only known
// keys. In parts of one row each, every nested key is new. The profiles must be equal.
func TestRowsOfManyShapes(t *testing.T) {
	shapes := []string{
		`{"id":%d,"a":{"b":{"c":1},"d":[]},"t":[1,2,{"x":"y"}]}`,
		`{ "id" : %d , "a" : { "d" : [ ] , "b" : { } } , "t" : [ ] }`,
		`{"id":%d,"a":{"b":1,"b":{"c":"2"}},"a":{"b":{"c":3}}}`,
		`{"id":%d,"a":"\u00e9\n","t":[[],[[]],null,""]}`,
		`{"id":"%d","n\u0061me":"x","name":"  y "}`,
		`[%d,"a"]`,
		`{"id":%d,"deep":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}`,
	}
	var b item.Builder
	for i := range 300 {
		if _, err := b.Append(fmt.Appendf(nil, shapes[i*i%len(shapes)], i%40)); err != nil {
			t.Fatal(err)
		}
	}
	items := b.Items()
	summary := func(step int) string {
		scan := NewScan(items)
		whole := scan.Part()
		for from := 0; from < items.Len(); from += step {
			part := scan.Part()
			part.Rows(from, min(from+step, items.Len()))
			whole.Merge(part)
		}
		text, err := json.Marshal(whole.Finish().Summary())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if one, each := summary(items.Len()), summary(1); one != each {
		t.Errorf("a single part has the profile\n%s\nparts of one row each have\n%s", one, each)
	}
}
