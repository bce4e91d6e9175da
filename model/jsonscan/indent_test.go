package jsonscan_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"sbwatch/model/jsonscan"
)

func TestAppendIndented(t *testing.T) {
	for _, test := range []struct {
		value  string
		levels int
		want   string
	}{
		{`1`, 2, `1`},
		{` [ ] `, 2, `[]`},
		{`{"a": {} ,"b":[ 1,2 ]}`, 2, "{\n  \"a\": {},\n  \"b\": [\n    1,\n    2\n  ]\n}"},
		{`{"a":[1,{"b":2,"c":[]}]}`, 1, "{\n  \"a\": [1, {\"b\": 2, \"c\": []}]\n}"},
		{`[1,[2]]`, 0, `[1, [2]]`},
		{`["[,:{\"]"]`, 1, "[\n  \"[,:{\\\"]\"\n]"},
	} {
		if got := string(jsonscan.AppendIndented(nil, []byte(test.value), test.levels)); got != test.want {
			t.Errorf("%s with %d levels is\n%s\nwant\n%s", test.value, test.levels, got, test.want)
		}
	}
}

// TestIndentedSizeIsProportional checks that the size of the result does not grow with the square of the depth.
func TestIndentedSizeIsProportional(t *testing.T) {
	const levels = 20
	for _, depth := range []int{10, 1_000, 9_999, 100_000} {
		value := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		if n := len(jsonscan.AppendIndented(nil, []byte(value), levels)); n > len(value)+4*levels*levels {
			t.Errorf("%d bytes become %d", len(value), n)
		}
	}
}

// FuzzAppendIndented compares with encoding/json if nothing is nested too deep, and otherwise checks that the value is
// unchanged.
func FuzzAppendIndented(f *testing.F) {
	for _, seed := range []string{`{}`, `[[],[{}],{"a":[1]}]`, `{"a":"\"{[","b":[1,"\\",null]}`, "[\t1 ,\n2]", `"x"`} {
		f.Add([]byte(seed), uint8(1))
	}
	f.Fuzz(func(t *testing.T, value []byte, levels uint8) {
		if n, err := jsonscan.Value(value); err != nil || n != len(value) {
			return
		}
		var want, flat, back bytes.Buffer
		if json.Indent(&want, value, "", "  ") != nil || json.Compact(&flat, value) != nil {
			return
		}
		if got := jsonscan.AppendIndented(nil, value, 1<<20); !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(want.Bytes())) {
			t.Errorf("%q is %q, want %q", value, got, want.Bytes())
		}
		if json.Compact(&back, jsonscan.AppendIndented(nil, value, int(levels))) != nil || !bytes.Equal(back.Bytes(), flat.Bytes()) {
			t.Errorf("%q with %d levels changes the value: %q", value, levels, back.Bytes())
		}
	})
}
