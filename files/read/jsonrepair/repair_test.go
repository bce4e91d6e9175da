package jsonrepair

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"sbwatch/model/jsonscan"
)

func TestValue(t *testing.T) {
	for _, test := range []struct {
		text, want string
		found      [Kinds]int
	}{
		{`{"a":1}`, `{"a":1}`, [Kinds]int{}},
		{`{"a":NaN,"b":[-Infinity,Infinity, -1]}`, `{"a":NaN,"b":[-Infinity,Infinity, -1]}`, [Kinds]int{NonFinite: 3}},
		{`{"a":[1,2,],}`, `{"a":[1,2]}`, [Kinds]int{Comma: 2}},
		{"{\ufeff\"a\":\ufeff1}", `{"a":1}`, [Kinds]int{Mark: 2}},
		{"{\"a\": 1, // one\n\"b\":/* two */2}", `{"a": 1,  "b": 2}`, [Kinds]int{Comment: 2}},
		{`{'a':'it\'s "x"', 'b':None,'c':True,"d":False}`, `{"a":"it's \"x\"","b":null,"c":true,"d":false}`, [Kinds]int{Quote: 7, Escape: 1}},
		{`{id:1,größe_2:"x"}`, `{"id":1,"größe_2":"x"}`, [Kinds]int{Quote: 2}},
		{"{\"a\":\"x\ty\nz\x01\"}", `{"a":"x\ty\nz\u0001"}`, [Kinds]int{Escape: 3}},
		{`{"a":"C:\dir \x41 \u00e9 \ud800"}`, `{"a":"C:\\dir \u0041 \u00e9 \ud800"}`, [Kinds]int{Escape: 2}},
		{`NaN`, `NaN`, [Kinds]int{NonFinite: 1}},
		{`[nan,inf,-inf,+Infinity,undefined]`, `[NaN,Infinity,-Infinity,Infinity,null]`, [Kinds]int{NonFinite: 4, Quote: 1}},
		{`[+5,.5,5.,-.5,+.5e3,5.e3,-5]`, `[5,0.5,5.0,-0.5,0.5e3,5.0e3,-5]`, [Kinds]int{Quote: 6}},
		{`-12`, `-12`, [Kinds]int{}},
	} {
		var r Repairer
		end, err := r.Value([]byte(test.text), true)
		if err != nil || end != len(test.text) {
			t.Errorf("%s: %d of %d bytes, %v", test.text, end, len(test.text), err)
		}
		if got := string(r.Row); got != test.want && !sameJSON(got, test.want) {
			t.Errorf("%s becomes %s, want %s", test.text, got, test.want)
		}
		if r.Faults != test.found {
			t.Errorf("%s: found %v, want %v", test.text, r.Faults, test.found)
		}
		if !json.Valid(r.Valid) || len(r.Valid) != len(r.Row) {
			t.Errorf("%s: %s is not the JSON for %s", test.text, r.Valid, r.Row)
		}
	}
}

// sameJSON reports whether two texts are the same JSON, ignoring white space.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	first, _ := json.Marshal(x)
	second, _ := json.Marshal(y)
	return string(first) == string(second)
}

// TestValueRefuses checks that cut or garbled text is not repaired.
func TestValueRefuses(t *testing.T) {
	for _, test := range []struct {
		text string
		at   int64
	}{
		{"{\"id\":2,\"na\n{\"id\":3}\n", 11},
		{"{\"id\":2,\n{\"id\":3}\n", 9},
		{"{\"id\":2\n{\"id\":3}\n", 8},
		{`{"a" 1}`, 5},
		{`{"a":1,,"b":2}`, 7},
		{`{,}`, 1},
		{`oops`, 0},
		{`{"a":nul }`, 5},
		{`{"a":-x}`, 6},
		{`{"a":01}`, 6},
		{`{"a":0x1F}`, 6},
		{`{"a":.}`, 5},
		{`{"a":+}`, 5},
		{`{"a":1.2.3}`, 8},
	} {
		var r Repairer
		_, err := r.Value([]byte(test.text), true)
		if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); !ok || syntax.Offset != test.at {
			t.Errorf("%q: %v, want an error at %d", test.text, err, test.at)
		}
	}
}

// TestValueInParts checks that a prefix of a value is only an error if no more text follows.
func TestValueInParts(t *testing.T) {
	const text = `{'a' : [NaN, -Infinity,'\x41\u00e9',None,True,+5,-.5,5.,-inf,+Infinity,nan], /* c */ b:-1.5e3}`
	var r Repairer
	for cut := range len(text) {
		if _, err := r.Value([]byte(text[:cut]), false); !errors.Is(err, jsonscan.ErrShort) {
			t.Errorf("%s: %v", text[:cut], err)
		}
		if _, err := r.Value([]byte(text[:cut]), true); err == nil {
			t.Errorf("%s is complete", text[:cut])
		}
	}
}

func FuzzValue(f *testing.F) {
	for _, text := range []string{`{"a":NaN,}`, `{'a':None}`, "[1,/**/2,]", "{\"a\":\"\\x41\n\"}", "-Infinity", "{\ufeff}"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var r Repairer
		end, err := r.Value(text, true)
		strictEnd, strictErr := jsonscan.Value(append(slices.Clip(text), '\n'))
		if strictErr == nil && (err != nil || end != strictEnd || string(r.Row) != string(text[:end]) || r.Faults != [Kinds]int{}) {
			t.Fatalf("%q is JSON up to %d, but is read as %q up to %d, %v", text, strictEnd, r.Row, end, err)
		}
		if err != nil {
			return
		}
		if !json.Valid(r.Valid) || len(r.Valid) != len(r.Row) {
			t.Fatalf("%q becomes %q, for which %q is not the JSON", text, r.Row, r.Valid)
		}
		if finite, n := jsonscan.AppendFinite(nil, r.Row); !json.Valid(finite) || n != r.Faults[NonFinite] {
			t.Fatalf("%q with %d numbers that are not finite becomes %q", text, n, finite)
		}
	})
}
