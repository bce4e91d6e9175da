package jsonscan

import "testing"

func TestAppendPlain(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`{"a":"b"}`, `{"a":"b"}`},
		{`{"n\u0061me":"\"\u0022\\"}`, "{\"name\":\"\x00\x00\\\"}"},
		{`["\ud83d\ude00","\ud83d","\n\/"]`, "[\"😀\",\"\ufffd\",\"\n/\"]"},
		{`["\ud83d\u0022"]`, "[\"\ufffd\x00\"]"},
		{`"\`, `"\`},
		{`"\u00`, `"\u00`},
		{`["\uABCD\uabcd\u1239\ufFfF\u0000"]`, "[\"\uabcd\uabcd\u1239\uffff\x00\"]"},
	} {
		if got := string(AppendPlain([]byte("before "), []byte(test.text))); got != "before "+test.want {
			t.Errorf("%s reads %q, want %q", test.text, got, test.want)
		}
	}
}
