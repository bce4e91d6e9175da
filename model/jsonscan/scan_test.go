package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// texts returns valid, invalid and incomplete JSON. The scanner must agree with encoding/json on them.
func texts() []string {
	return []string{
		``, ` `, `{}`, `[]`, `{ }`, `[ ]`, `""`, `null`, `true`, `false`, `nul`, `nulx`, `nulll`, `True`, `tru e`,
		`0`, `-0`, `-`, `01`, `1.`, `.5`, `1.5`, `1e`, `1e+`, `1E-07`, `1e5.2`, `+1`, `0x1`, `1_000`, `12345678901234567890.5e99`,
		`"a`, `"a\`, `"\u12`, `"\u12g4"`, `"\uD83D\uDE00"`, `"\ud800"`, `"\x"`, `"\u["`, `["\u0{"]`, `"\/\b\f\n\r\t\"\\"`, "\"tab\tinside\"", "\"line\nbreak\"",
		"\"nul\x00\"", "\"\x7f\"", "\"\xff\xfe\"", "\"long enough for eight \x1f bytes\"", "\"h\u00e9h\u00e9 \u65e5\u672c\u8a9e\"",
		`{"a":1}`, `{"a":1,}`, `{"a" 1}`, `{a:1}`, `{"a":}`, `{"a":1 "b":2}`, `{"a":1,"a":2}`, `{,}`, `{"a":1`, `{"a":`, `{"a`, `{"a":1}}`,
		`[1,2]`, `[1,]`, `[,1]`, `[1 2]`, `[1`, `[1,`, `[`, `]`, `[[]`, `[]]`, `[1}`, `{"a":1]`,
		" \t\r\n{ \"a\" : [ 1 , { } ] , \"b\" : null } \n", "\v1", "\u00a01", "\ufeff1", `1 2`, `{}{}`, `"a""b"`, `nullnull`,
	}
}

// valid reports whether the scanner accepts text as one value with optional white space around it.
func valid(text []byte) bool {
	// The scanner considers a number complete only if something follows it.
	text = append(bytes.Clone(text), '\n')
	text = text[Space(text, 0):]
	end, err := Value(text)
	return err == nil && Space(text, end) == len(text)
}

func TestMaxDepthMatchesEncodingJSON(t *testing.T) {
	for _, test := range []struct{ open, closing string }{{"[", "]"}, {`{"a":`, "}"}, {`[{"a":`, "}]"}} {
		for _, depth := range []int{MaxDepth / 2, MaxDepth/2 + 1, MaxDepth, MaxDepth + 1} {
			text := []byte(strings.Repeat(test.open, depth) + "1" + strings.Repeat(test.closing, depth))
			if got, want := valid(text), json.Valid(text); got != want {
				t.Errorf("%d times %s: valid is %t, encoding/json says %t", depth, test.open, got, want)
			}
			checkErrorPlace(t, text)
		}
	}
}

func FuzzValueMatchesEncodingJSON(f *testing.F) {
	for _, text := range texts() {
		f.Add([]byte(text), uint(len(text)/2))
	}
	f.Fuzz(func(t *testing.T, text []byte, cut uint) {
		want := json.Valid(text)
		if got := valid(text); got != want {
			t.Fatalf("%.200q: valid is %t, encoding/json says %t", text, got, want)
		}
		checkErrorPlace(t, text)
		checkObject(t, text)
		if want {
			checkPrefix(t, text[:cut%uint(len(text)+1)])
		}
	})
}

// checkErrorPlace checks that the scanner and encoding/json report the same offset.
func checkErrorPlace(t *testing.T, text []byte) {
	t.Helper()
	if Space(text, 0) != 0 || len(text) == 0 {
		return
	}
	_, err := Value(text)
	syntax, isSyntax := errors.AsType[*SyntaxError](err)
	if !isSyntax {
		return
	}
	theirs, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(text, new(json.RawMessage)))
	if !ok || theirs.Offset != syntax.Offset+1 {
		t.Fatalf("%.200q: %v; encoding/json says %v", text, err, theirs)
	}
}

// checkPrefix checks a prefix of valid text. It must be incomplete, or a valid value followed by text, but never
// invalid.
func checkPrefix(t *testing.T, prefix []byte) {
	t.Helper()
	prefix = prefix[Space(prefix, 0):]
	end, err := Value(prefix)
	if err == nil && Space(prefix, end) == len(prefix) || errors.Is(err, ErrShort) {
		return
	}
	t.Fatalf("%.200q: end %d, error %v for a prefix of valid text", prefix, end, err)
}

// checkObject compares Object with Value, and the recorded keys with those of encoding/json.
func checkObject(t *testing.T, text []byte) {
	t.Helper()
	text = text[Space(text, 0):]
	if len(text) == 0 || text[0] != '{' {
		return
	}
	keys := NewKeys(1000)
	end, err := Object(text, keys)
	plainEnd, plainErr := Value(text)
	if end != plainEnd || (err == nil) != (plainErr == nil) {
		t.Fatalf("%.200q: Object gives %d, %v; Value gives %d, %v", text, end, err, plainEnd, plainErr)
	}
	if err != nil {
		if keys.Len() != 0 {
			t.Fatalf("%.200q: %d keys of an invalid object", text, keys.Len())
		}
		return
	}
	var want map[string]json.RawMessage
	if json.Unmarshal(text[:end], &want) != nil {
		t.Fatalf("%.200q: encoding/json rejects it", text[:end])
	}
	seen := map[string]bool{}
	for i := range keys.Len() {
		name := keys.Name(i)
		seen[strings.ToValidUTF8(name, "\ufffd")] = true
		encoded := want[name]
		if strings.ToValidUTF8(name, "\ufffd") == name && !strings.Contains(name, "\ufffd") && !bytes.Equal(Find(text[:end], name), encoded) {
			t.Fatalf("%.200q: %q is %q; encoding/json says %q", text, name, Find(text[:end], name), encoded)
		}
	}
	for name := range want {
		if !strings.Contains(name, "\ufffd") && !seen[name] {
			t.Fatalf("%.200q: key %q was not recorded", text, name)
		}
	}
}

func FuzzDecodedMatchesEncodingJSON(f *testing.F) {
	for _, text := range texts() {
		f.Add(text, uint(7))
	}
	for _, escapes := range []string{`\ud83d\ude00`, `\ud83d\ude0`, `\ude00\ud83d`, `\ud83d\ud83d\ude00`, `\ud83dx`, `a\u00e9\\u0041\"`, `\ud83d\n`} {
		f.Add(`"`+escapes+`"`, uint(9))
	}
	f.Fuzz(func(t *testing.T, text string, cut uint) {
		var want string
		if len(text) < 2 || text[0] != '"' || json.Unmarshal([]byte(text), &want) != nil || text[len(text)-1] != '"' {
			return
		}
		encoded := []byte(text[1 : len(text)-1])
		got := string(AppendDecoded(nil, encoded))
		if string([]rune(got)) != string([]rune(want)) {
			t.Fatalf("%q: %q; encoding/json says %q", text, got, want)
		}
		prefix := CutBetweenEscapes(encoded[:cut%uint(len(encoded)+1)])
		if !strings.HasPrefix(got, string(AppendDecoded(nil, prefix))) {
			t.Fatalf("%q cut to %q decodes to %q, which %q does not begin with", encoded, prefix, AppendDecoded(nil, prefix), got)
		}
	})
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`{"a":x}`, "unexpected x at byte 5"},
		{"{\"a\":\"\x1b[2J\"}", "unexpected byte 0x1b at byte 6"},
		{`[1,2}`, "unexpected } at byte 4"},
		{strings.Repeat("[", MaxDepth+5), "nested more than 10000 levels deep at byte 10000"},
		{`["[[[["[`, "unexpected [ at byte 7"},
	} {
		_, err := Value([]byte(test.text))
		if err == nil || err.Error() != test.want {
			t.Errorf("%.50q: %v, want %s", test.text, err, test.want)
		}
	}
}

func TestIsNumber(t *testing.T) {
	for text, want := range map[string]bool{
		"0": true, "-0": true, "12": true, "-1.50": true, "1e5": true, "1.5E-10": true,
		"": false, "-": false, "01": false, "1.": false, ".5": false, "1e": false, "1e+": false, "+1": false, "1 ": false, " 1": false, "1,5": false,
		"1-2": false, "0x10": false, "NaN": false, "null": false, "--1": false, "1e5.0": false, "1.2.3": false,
	} {
		if got := IsNumber([]byte(text)); got != want {
			t.Errorf("IsNumber(%q) = %t", text, got)
		}
	}
}

func FuzzAppendQuoted(f *testing.F) {
	f.Add([]byte("plain"))
	f.Add([]byte("a\"b\\c\n\x00\x1f\x7f\xff\u2028é"))
	f.Add([]byte("a text that is longer than some words"))
	f.Add([]byte("a quote at the end of some words\""))
	f.Fuzz(func(t *testing.T, text []byte) {
		quoted := AppendQuoted(nil, text)
		if roomy := AppendQuoted(make([]byte, 0, 2*len(text)+2), text); !bytes.Equal(roomy, quoted) {
			t.Fatalf("%q becomes %s with room and %s without", text, roomy, quoted)
		}
		if end, err := Value(quoted); err != nil || end != len(quoted) {
			t.Fatalf("%q becomes %s: %v", text, quoted, err)
		}
		if again := AppendDecoded(nil, quoted[1:len(quoted)-1]); !bytes.Equal(again, text) {
			t.Fatalf("%q reads as %q", text, again)
		}
	})
}
