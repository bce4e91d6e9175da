package jsonscan

import (
	"bytes"
	"testing"
)

// TestExpectedMembersAreMembers checks that MemberAt reads the same members whether the expected key is right or wrong.
func TestExpectedMembersAreMembers(t *testing.T) {
	for _, object := range []string{
		`{}`, `{"a":1}`, `{"a":1,"b":[2,{"a":3}],"a":"x"}`, `{ "a" : 1 , "b":2 }`, `{"":1,"a":{"":2}}`, `{"a\"":1,"\u0061":2}`, `{"ab":1,"a":2}`, `{"a":"b\":1","b":null}`,
	} {
		for _, expected := range []string{"", "a", "b", "ab", "\x00", "a long key that does not occur"} {
			next := 1
			for key, value := range Members([]byte(object)) {
				var gotKey, gotValue []byte
				gotKey, gotValue, next = MemberAt([]byte(object), next, expected)
				if next == 0 || !bytes.Equal(key, gotKey) || !bytes.Equal(value, gotValue) {
					t.Fatalf("%s with %q expected has %q: %s, want %q: %s", object, expected, gotKey, gotValue, key, value)
				}
			}
			if _, _, next = MemberAt([]byte(object), next, expected); next != 0 {
				t.Errorf("%s with %q expected has one more member", object, expected)
			}
		}
	}
}

func TestSkipPlainEndsWhereSkipValueDoes(t *testing.T) {
	for _, value := range []string{
		`""`, `"a"`, `"1234567"`, `"12345678"`, `"a longer text with é and 'quotes'"`, `12`, `-1.5e3`, `true`, `null`, `NaN`, `{}`, `[]`, `{"a":{"b":["}","]",{}]},"c":"{"}`,
		`[[],[1,"[["],{"k":"]"}]`, `{ "a" : [ 1 , 2 ] }`,
	} {
		for _, after := range []string{",", "}", "]", " ", "\n}", `,"next":"another text"}`} {
			text := []byte(value + after)
			if got := SkipPlain(text, 0); got != len(value) || got != SkipValue(text, 0) {
				t.Errorf("SkipPlain(%q) = %d, want %d", text, got, len(value))
			}
		}
	}
}
