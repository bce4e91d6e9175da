package jsonscan

import (
	"slices"
	"strings"
	"testing"
)

func TestScalars(t *testing.T) {
	for _, test := range []struct {
		value string
		want  []string
	}{
		{`"a"`, []string{`"a"`}},
		{`-1.5E+3`, []string{`-1.5E+3`}},
		{`{}`, nil},
		{` [ ] `, nil},
		{`{"a":1,"b" :"x","c"` + "\n:" + `[true,{"d":null}],"e":{"f":"\"g\":1"}}`, []string{`1`, `"x"`, `true`, `null`, `"\"g\":1"`}},
		{strings.Repeat("[", 5000) + "0" + strings.Repeat("]", 5000), []string{"0"}},
		{`{"a":`, nil},
		{`["a`, nil},
		{`[?]`, nil},
		{``, nil},
	} {
		var got []string
		for scalar := range Scalars([]byte(test.value)) {
			got = append(got, string(scalar))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%.80s has %q, want %q", test.value, got, test.want)
		}
	}
}
