package cell_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/ui/cell"
)

func TestPreviewPutsJSONOnOneLine(t *testing.T) {
	for sent, want := range map[string]string{
		"{\n  \"a\": 1,\n  \"b\": [\n    1,\r\n\t2\n  ]\n}": `{"a": 1, "b": [1, 2]}`,
		"[\n]":                          `[]`,
		"{\n\t\"a\" :\n 1}":             `{"a" : 1}`,
		`{"a": [1, 2],"b":{}}`:          `{"a": [1, 2],"b":{}}`,
		`"a\nb"`:                        "a\nb",
		"[\n  \"a  \\\" {\\n b\",\n 1]": `["a  \" {\n b", 1]`,
	} {
		if got := cell.Preview(item.NewCell([]byte(sent)), 480).Raw(); got != want {
			t.Errorf("%q is shown as %q, want %q", sent, got, want)
		}
	}
}

func TestPreviewIsShort(t *testing.T) {
	long := item.NewCell([]byte("[\n" + strings.Repeat(" \"é\",\n", 100_000) + "1]"))
	if got := cell.Preview(long, 100).Raw(); len(got) < 100 || len(got) > 104 || !utf8.ValidString(got) {
		t.Errorf("the preview is %q", got)
	}
	spaces := item.NewCell([]byte("[\n" + strings.Repeat(" ", 1<<20) + "1]"))
	if got := cell.Preview(spaces, 100).Raw(); got != "[" {
		t.Errorf("the preview of spaces is %q", got)
	}
}
