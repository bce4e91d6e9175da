package items

import (
	"encoding/json"
	"testing"
)

func TestWhatIsCopiedIsJSON(t *testing.T) {
	for text, want := range map[string]struct {
		valid    string
		replaced int
	}{
		`{"a":1.50,"b":"NaN"}`:                     {`{"a":1.50,"b":"NaN"}`, 0},
		`{"a":NaN,"b":[-Infinity,{"c":Infinity}]}`: {`{"a":null,"b":[null,{"c":null}]}`, 3},
		"{\"a\":\"\xff\"}":                         {`{"a":"�"}`, 0},
	} {
		valid, replaced := validJSON([]byte(text))
		if valid != want.valid || replaced != want.replaced || !json.Valid([]byte(valid)) {
			t.Errorf("%q: got %q, %d replaced, want %q, %d", text, valid, replaced, want.valid, want.replaced)
		}
	}
}
