package jsonscan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func names(k *Keys) []string {
	var all []string
	for i := range k.Len() {
		all = append(all, k.Name(i))
	}
	return all
}

func TestKeysAreDistinctAndInOrder(t *testing.T) {
	for _, test := range []struct {
		what    string
		objects []string
		want    []string
	}{
		{"the same again", []string{`{"a":1,"b":2}`, `{"a":3,"b":4}`}, []string{"a", "b"}},
		{"another order", []string{`{"a":1,"b":2}`, `{"b":3,"a":4}`}, []string{"a", "b"}},
		{"one in between", []string{`{"a":1,"c":2}`, `{"a":1,"b":1,"c":2}`, `{"a":1,"c":2}`}, []string{"a", "c", "b"}},
		{"spelled with escapes", []string{`{"name":1}`, `{"na\u006de":1}`, `{"\u006eame":1,"x":2}`}, []string{"name", "x"}},
		{"first spelled with escapes", []string{`{"na\u006de":1}`, `{"name":1}`, `{"name":1}`}, []string{"name"}},
		{"encoded twice", []string{`{"a":1,"a":2}`, `{"a":1}`}, []string{"a"}},
		{"only those of the object itself", []string{`{"a":{"b":1},"c":[{"d":1}]}`}, []string{"a", "c"}},
		{"one begins like another", []string{`{"ab":1}`, `{"a":1}`, `{"abc":1}`, `{"":1}`, `{"":1}`}, []string{"ab", "a", "abc", ""}},
		{"quotes and backslashes", []string{`{"a\"b":1,"c\\":2}`, `{"a\"b":1,"c\\":2}`}, []string{`a"b`, `c\`}},
		{"not UTF-8", []string{"{\"\xff\":1}", "{\"\xff\":1}", "{\"\xfe\":1}"}, []string{"\xff", "\xfe"}},
	} {
		keys := NewKeys(10)
		for _, object := range test.objects {
			if end, err := Object([]byte(object+","), keys); err != nil || end != len(object) {
				t.Errorf("%s: %s: %d, %v", test.what, object, end, err)
			}
		}
		if got := names(keys); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.what, got, test.want)
		}
	}
}

// TestGuessesRejectInvalidText uses keys whose decoded name contains characters that must be escaped in JSON. A guess
// must not match such a name if it is not escaped.
func TestGuessesRejectInvalidText(t *testing.T) {
	for _, test := range []struct{ first, broken string }{
		{`{"a\"b":1}`, `{"a"b":1}`},
		{`{"a\u0001":1}`, "{\"a\x01\":1}"},
		{`{"a\\q":1}`, `{"a\q":1}`},
		{`{"a":1}`, "{\"\x0012345678901234567890}"},
		{`{"a":{"b":1}}`, "{\"a\":{\"\x0012345678901234567890}}"},
	} {
		keys := NewKeys(10)
		if _, err := Object([]byte(test.first), keys); err != nil {
			t.Fatal(err)
		}
		keys.Field("a", "b")
		if _, err := Object([]byte(test.broken), keys); err == nil {
			t.Errorf("%q was accepted after %s", test.broken, test.first)
		}
	}
}

func TestKeysLimit(t *testing.T) {
	keys := NewKeys(3)
	for _, object := range []string{`{"a":1,"b":2}`, `{"c":1,"d":2,"a":3}`, `{"e":1}`} {
		if _, err := Object([]byte(object), keys); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(keys); !slices.Equal(got, []string{"a", "b", "c"}) || !keys.Capped() {
		t.Errorf("%q, capped %t", got, keys.Capped())
	}
}

func TestInvalidObjectLeavesNoKeys(t *testing.T) {
	keys := NewKeys(3)
	for _, object := range []string{`{"a":1}`, `{"a":1,"b":2,"c":3,"d":4`, `{"b":x`, `{"c":1}`, `{"a":1,"b":2}`} {
		_, _ = Object([]byte(object), keys)
	}
	if got := names(keys); !slices.Equal(got, []string{"a", "c", "b"}) || keys.Capped() {
		t.Errorf("%q, capped %t", got, keys.Capped())
	}
}

// rows returns n realistic items of about 200 bytes, each followed by a comma.
func rows(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"sku":"SKU-%07d","name":"Walnut desk lamp no. %d, brass","price":"$%d.%02d","url":"https://shop.example/catalogue/item/%d",`+
			`"rating":%d.%d,"in_stock":%t,"reviews":%d,"note":null},`, i, i, i%900, i%100, i, i%5, i%10, i%3 == 0, i%1700)
	}
	return []byte(b.String())
}

func BenchmarkObject(b *testing.B) {
	text := rows(100_000)
	b.SetBytes(int64(len(text)))
	keys := NewKeys(100)
	for b.Loop() {
		for i := 0; i < len(text); i++ {
			end, err := Object(text[i:], keys)
			if err != nil {
				b.Fatal(err)
			}
			i += end
		}
	}
}
