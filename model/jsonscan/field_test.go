package jsonscan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

var fieldPaths = [][]string{{"a"}, {"a", "b"}, {"a", "b", "c"}, {"a", "c"}, {"b"}}

func TestFieldsOfUnknownKeysHaveNoValue(t *testing.T) {
	keys := NewKeys(10)
	field := keys.Field("a", "b")
	scanFields(t, keys, `{"a":{"b":1}}`)
	if from, to, isKnown := keys.Value(field); from != to || !isKnown {
		t.Errorf("from %d to %d, known %t", from, to, isKnown)
	}
	field = keys.Field("a", "b")
	scanFields(t, keys, `{"a":{"b":12}}`)
	if from, to, isKnown := keys.Value(field); from != 10 || to != 12 || !isKnown {
		t.Errorf("from %d to %d, known %t", from, to, isKnown)
	}
}

// TestLongInnerKeysAreNotKept checks that keys that no field needs take little memory.
func TestLongInnerKeysAreNotKept(t *testing.T) {
	keys := NewKeys(10)
	scanFields(t, keys, `{"a":{"b":1}}`)
	field := keys.Field("a", "b")
	for i := range 20 {
		name := strings.Repeat("x", 10_000+i)
		scanFields(t, keys, `{"a":{"`+name+`":{"b":1},"b":12,"`+name+`":5}}`)
		if from, to, isKnown := keys.Value(field); to-from != 2 || !isKnown {
			t.Errorf("from %d to %d, known %t", from, to, isKnown)
		}
	}
	if n := len(field.of.keys); n > 2 {
		t.Errorf("%d keys were kept", n)
	}
}

func scanFields(t *testing.T, keys *Keys, object string) bool {
	t.Helper()
	end, err := Object([]byte(object), keys)
	return err == nil && end == len(object)
}

// FuzzField compares the values of fields with those that a search finds.
func FuzzField(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":2}`, `{"a":{"b":{"c":"x","d":1},"c":[{"b":1}]},"b":{}}`, `{"b":1,"a":{"b":5,"b":{"c":6}}}`, `{"a":{"b":{"c":1}},"a":{}}`,
		`{"\u0061":{"\u0062":{"c":1}}}`, `{ "a" : { "b" : { "c" : true } } }`, `{"a":[{"b":1}],"c":{"a":{"b":2}}}`, `{"a":{"x\"y":1,"b":2,"z":{"b":1}}}`, `{"a":{"":{},"b":null}}`,
		`{"a":{},"b":[{"b":1,"c":2}]}`, `{"a":{"b":{},"c":[[{"c":1}]]}}`,
	} {
		f.Add(seed, "{\"\x00"+seed)
		f.Add(seed, `{"a":{"b":{"c":1,"d":2},"c":3}}`)
		f.Add(`{"a":{"b":{"c":1,"d":2},"c":3}}`, seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		keys := NewKeys(10)
		if !strings.HasPrefix(first, "{") || !scanFields(t, keys, first) {
			return
		}
		var fields []Field
		for _, path := range fieldPaths {
			fields = append(fields, keys.Field(path...))
		}
		for _, object := range []string{first, second, second, first} {
			if !strings.HasPrefix(object, "{") {
				continue
			}
			isValid := scanFields(t, keys, object)
			if want := json.Valid([]byte(object)) && strings.HasSuffix(object, "}"); isValid != want {
				t.Fatalf("%q: valid is %t, want %t", object, isValid, want)
			}
			if !isValid || keys.Capped() {
				continue
			}
			for i, path := range fieldPaths {
				if fields[i] == (Field{}) {
					continue
				}
				want, left := FindWithin([]byte(object), path)
				if left > 0 {
					want = nil
				}
				if from, to, isKnown := keys.Value(fields[i]); isKnown && !bytes.Equal([]byte(object)[from:to], want) {
					t.Fatalf("%q in %s: %s, want %s", path, object, object[from:to], want)
				}
			}
		}
	})
}
