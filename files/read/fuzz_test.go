package read

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"sbwatch/files/read/charset"
	"sbwatch/internal/streams"
	"sbwatch/model/jsonscan"
)

// FuzzOpenOptions reads arbitrary bytes with arbitrary options, as a whole and in parts. Both must give the same items
// and notes. Each item must be valid JSON in valid UTF-8. If there are no items, a problem or a note must say why.
func FuzzOpenOptions(f *testing.F) {
	for _, text := range []string{
		"", "a,b\n1,2\n", "a;b\r\n\"x\"\"\";\n", "sep=|\na|b\n1|2", "Title\n\na,b\n1,2\n", "1,a\n2,b\n3,c\n", "a,b\r1,2\r", "[],\xe9\n", "\xff\xfea\x00,\x00b\x00\n\x00",
		"{\"a\":1}\n{\"b\":NaN}\n", "INFO x\n{\"a\":1}\n", "[INFO] x\n[{\"a\":1}]", "{\"n\":1,\"list\":[{\"a\":1}]}", "// c\n", "null", "{'a':\"\xe9\"}", savedPoll,
		"a,b\n1,\"x \\\"y\\\" z\"\n", "\x1e{}\n", "\ufeffa,b\n\ufeffa,b\n1,2",
	} {
		f.Add([]byte(text), []byte{0, 9, 200}, uint8(1), uint8(0), byte(0), uint8(0), "")
	}
	f.Add([]byte("a,\x93\x8c\n"), []byte{1}, uint8(4), uint8(3), byte(';'), uint8(1), "list")
	f.Fuzz(func(t *testing.T, text, sizes []byte, name, encoding uint8, delimiter byte, header uint8, at string) {
		encodings := []string{"", "utf-8", "windows-1251", "shift_jis", "utf-16", "iso-2022-jp"}
		options := Options{
			Name: fileNames()[int(name)%len(fileNames())], Encoding: encodings[int(encoding)%len(encodings)], Header: Header(header % 3), At: at,
		}
		if delimiter > ' ' && delimiter < utf8.RuneSelf && delimiter != '"' && delimiter != '\\' || delimiter == '\t' {
			options.Delimiter = delimiter
		}
		if options.Encoding != "" && !charset.IsKnown(options.Encoding) {
			t.Fatalf("unknown encoding %q", options.Encoding)
		}
		whole, wholeErr := Open(strings.NewReader(string(text)), options)
		parts, partsErr := Open(streams.Parts(text, sizes), options)
		if (wholeErr == nil) != (partsErr == nil) || wholeErr != nil && wholeErr.Error() != partsErr.Error() {
			t.Fatalf("%q: %v in one part, %v in many", text, wholeErr, partsErr)
		}
		if !sameAnswer(whole, parts) {
			t.Fatalf("%q as %+v:\n%q, %s in one part\n%q, %s in many", text, options, plainRows(whole.Items), notesOf(whole), plainRows(parts.Items), notesOf(parts))
		}
		for i := range whole.Items.Len() {
			row := whole.Items.Row(i)
			if finite, _ := jsonscan.AppendFinite(nil, row); !json.Valid(finite) || !utf8.Valid(row) {
				t.Fatalf("%q as %+v: item %q", text, options, row)
			}
		}
		if saysNothing(whole, wholeErr) && options.Encoding == "" && strings.Trim(string(text), " \t\r\n\ufeff") != "" {
			t.Fatalf("%q as %+v: 0 items, and no word about it", text, options)
		}
	})
}
