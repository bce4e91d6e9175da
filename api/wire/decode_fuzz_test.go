package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"sbwatch/internal/streams"
	"sbwatch/model/jsonscan"
)

// FuzzDecode compares the decoder with encoding/json: which texts it accepts, which items it finds, and what it keeps
// of the rest.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{"status":"completed","data":{"id":"r","result":{"pages":[{"items":[{"a":1},{"b":[2,3]}]},{"items":[]}],"drift":0.02}},"request_id":"q"}`,
		`{"data":{"result":{"pages":[{"items":[1,"two",null,[3],{"f\u006fur":4}],"items":[5]},null,{}]}}}`,
		`{"data":{"result":{"pages":[{"items":[1,]}]}}}`, `{"data":{"result":{"pages":[{"items":[{"a":"x`, `{"d\u0061ta":{"result":{}}}`,
		`[]`, `null`, `{}`, `{"data":{}} {}`, ` { "data" : { "result" : { "pages" : [ { "items" : [ 1 , 2 ] } ] } } } `,
	} {
		f.Add([]byte(body), []byte{0})
		f.Add([]byte(body), []byte{6, 0, 200})
	}
	f.Fuzz(func(t *testing.T, body, sizes []byte) {
		skeleton, items, err := decodeItems(streams.Parts(body, sizes), nil)
		if len(skeleton) > 0 && !json.Valid(skeleton) {
			t.Fatalf("%q: the skeleton is no JSON: %q", body, skeleton)
		}
		for i := range items.Len() {
			if !json.Valid(items.Row(i)) {
				t.Fatalf("%q: row %d is no JSON: %q", body, i, items.Row(i))
			}
		}
		if got, want := err == nil, json.Valid(body); got != want {
			t.Fatalf("%q: error %v; valid for encoding/json: %t", body, err, want)
		}
		if err != nil {
			if _, isSyntax := errors.AsType[*jsonscan.SyntaxError](err); !isSyntax && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("%q: an error of no kind: %v", body, err)
			}
			return
		}
		checkItems(t, body)
	})
}

// checkItems decodes a valid answer, puts the items back in the place of their placeholders, and compares the result
// with that of encoding/json. It skips answers with duplicate keys, because their meaning is ambiguous.
func checkItems(t *testing.T, body []byte) {
	t.Helper()
	var want any
	if json.Unmarshal(body, &want) != nil || hasKeyTwice(json.NewDecoder(bytes.NewReader(body))) {
		return
	}
	skeleton, items, _ := decodeItems(bytes.NewReader(body), nil)
	var got any
	if err := json.Unmarshal(skeleton, &got); err != nil {
		t.Fatal(err)
	}
	next := 0
	for i, page := range pagesOf(got) {
		fields, _ := page.(map[string]any)
		if word, isWord := fields["items"].(string); !isWord || !strings.Contains(word, " item") {
			continue
		}
		list := []any{}
		for ; next < items.Len() && items.Page(next) == i+1; next++ {
			var item any
			if err := json.Unmarshal(items.Row(next), &item); err != nil {
				t.Fatal(err)
			}
			list = append(list, item)
		}
		if theirs, _ := pagesOf(want)[i].(map[string]any); reflect.TypeOf(theirs["items"]) != reflect.TypeFor[string]() {
			fields["items"] = list
		}
	}
	if next != items.Len() || !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: %d of %d items have a place; together %v", body, next, items.Len(), got)
	}
}

// pagesOf returns the pages of an answer.
func pagesOf(answer any) []any {
	for _, key := range []string{"data", "result", "pages"} {
		fields, _ := answer.(map[string]any)
		answer = fields[key]
	}
	pages, _ := answer.([]any)
	return pages
}

// hasKeyTwice reports whether an object in a valid text has duplicate keys.
func hasKeyTwice(d *json.Decoder) bool {
	token, _ := d.Token()
	opening, _ := token.(json.Delim)
	seen := map[string]bool{}
	for opening != 0 && d.More() {
		if opening == '{' {
			key, _ := d.Token()
			name, _ := key.(string)
			if seen[name] {
				return true
			}
			seen[name] = true
		}
		if hasKeyTwice(d) {
			return true
		}
	}
	if opening != 0 {
		_, _ = d.Token()
	}
	return false
}
