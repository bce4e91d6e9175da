package text

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain text is left alone":        {"Product A $19.99", "Product A $19.99"},
		"scripts are left alone":          {"Søren 日本電機 Привет שלום", "Søren 日本電機 Привет שלום"},
		"an escape sequence loses ESC":    {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
		"an OSC loses its end too":        {"\x1b]0;title\a", "\\x1b]0;title\\x07"},
		"line breaks stay on the line":    {"a\r\nb\tc", "a\\r\\nb\\tc"},
		"NUL and DEL":                     {"\x00\x7f", "\\x00\\x7f"},
		"C1 controls":                     {"\u009b31m\u0085", `\u009b31m\u0085`},
		"bidirectional controls":          {"a\u202eb\u2066c\u200f", `a\u202eb\u2066c\u200f`},
		"invisible characters":            {"a\u200bb\ufeffc\u00ad", `a\u200bb\ufeffc\u00ad`},
		"tag characters, as JSON writes":  {"\U000e0041", `\udb40\udc41`},
		"bytes that are not UTF-8":        {"a\xff\xc3b", `a\xff\xc3b`},
		"line and paragraph separators":   {"\u2028\u2029", `\u2028\u2029`},
		"joiners of scripts":              {"می\u200cخواهم", "می\u200cخواهم"},
		"emoji of several people":         {"👨\u200d👩\u200d👧", "👨👩👧"},
		"emoji with skin and selector":    {"👍🏽 ❤️ 1️⃣", "👍 ❤ 1⃣"},
		"a selector without an emoji":     {"a\ufe0f", `a\ufe0f`},
		"a few combining marks":           {"e\u0301", "e\u0301"},
		"a tower of combining marks":      {"e" + strings.Repeat("\u0301", 6), "e" + strings.Repeat("\u0301", 4) + `\u0301\u0301`},
		"a joiner where none belongs":     {"pa\u200dy", `pa\u200dy`},
		"ignorable characters":            {"a\u034fb\u17b4c", `a\u034fb\u17b4c`},
		"the empty text":                  {"", ""},
		"a no-break space is a space":     {"1\u00a0299,00", "1\u00a0299,00"},
		"blanks that only look like some": {"\u2800\u3164", `\u2800\u3164`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Printable(c.in); got != c.want {
				t.Errorf("Printable(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestFormatIsAlwaysPrintable(t *testing.T) {
	text := NewText("\x1b]52;c;aGk=\a\u202e")
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%d", "%30s", "%t"} {
		if got := fmt.Sprintf(verb, text); strings.ContainsAny(got, "\x1b\a\u202e") {
			t.Errorf("%s writes control characters: %q", verb, got)
		}
	}
	if text.Raw() != "\x1b]52;c;aGk=\a\u202e" {
		t.Error("Raw changed the text")
	}
}

func TestTextLines(t *testing.T) {
	got := slices.Collect(NewText("one\r\ntwo\x1b\n").Lines())
	if want := []string{"one", "two\\x1b", ""}; strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestMarshalJSONIsPrintable checks that JSON escapes everything that Printable would change.
func TestMarshalJSONIsPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"café 日本 🔥":                       `"café 日本 🔥"`,
		"a\x1b[2J\u202e\u009b":            `"a\u001b[2J\u202e\u009b"`,
		"a\u200db\u200cc":                 `"a\u200db\u200cc"`,
		"a" + strings.Repeat("\u0301", 6): "\"a" + strings.Repeat("\u0301", 4) + `\u0301\u0301"`,
		"\U0001f44d\U0001f3fd":            "\"\U0001f44d" + `\ud83c\udffd"`,
	} {
		encoded, err := json.Marshal(NewText(text))
		if err != nil || string(encoded) != want {
			t.Errorf("%q: %s, want %s (%v)", text, encoded, want, err)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "plain", "\x1b[2J", "\xff\xfe", "\u202e", "e\u0301\u0301\u0301\u0301\u0301\u0301", "👨\u200d👩", "\ud7ff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		shown := Printable(s)
		if !utf8.ValidString(shown) {
			t.Fatalf("%q is shown as invalid UTF-8: %q", s, shown)
		}
		for _, r := range shown {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%q is shown with %U", s, r)
			}
		}
		if strings.Contains(NewText(s).String(), "\n") {
			t.Fatalf("%q is shown on two lines", s)
		}
		encoded, err := json.Marshal(NewText(s))
		if err != nil {
			t.Fatalf("%q cannot be marshaled: %v", s, err)
		}
		if Printable(string(encoded)) != string(encoded) {
			t.Fatalf("the JSON of %q is not printable: %q", s, encoded)
		}
		var back string
		if err := json.Unmarshal(encoded, &back); err != nil || back != strings.ToValidUTF8(s, "\ufffd") && utf8.ValidString(s) {
			t.Fatalf("%q round-trips through JSON to %q (%v)", s, back, err)
		}
	})
}
