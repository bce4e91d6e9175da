package write_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sbwatch/files"
	"sbwatch/files/read"
	"sbwatch/files/write"
	"sbwatch/model/item"
)

// unusual returns items that are not valid JSON or not valid UTF-8.
func unusual(tb fataler) item.Table {
	tb.Helper()
	answer, err := read.Open(strings.NewReader(`{"x":NaN,"n":1,"l":[NaN,"NaN"]}{"x":-Infinity,"n":2.5,"l":"Infinity"}{"x":1.5,"n":Infinity}`), read.Options{})
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return answer.Items
}

func TestNumbersThatAreNotFinite(t *testing.T) {
	items := unusual(t)
	for _, test := range []struct {
		o       write.Options
		want    string
		changed int64
	}{
		{write.Options{Format: files.NDJSON}, "{\"x\":null,\"n\":1,\"l\":[null,\"NaN\"]}\n{\"x\":null,\"n\":2.5,\"l\":\"Infinity\"}\n{\"x\":1.5,\"n\":null}\n", 4},
		{write.Options{Format: files.NDJSON, Columns: paths(t, items, "n", "x"), Rows: []uint32{1, 2}}, "{\"n\":2.5,\"x\":null}\n{\"n\":null,\"x\":1.5}\n", 2},
		{write.Options{Format: files.JSON, Rows: []uint32{2}}, "[\n{\"x\":1.5,\"n\":null}\n]\n", 1},
		{write.Options{}, lines("x,n,l", `NaN,1,"[null,""NaN""]"`, "-Infinity,2.5,Infinity", "1.5,Infinity,"), 1},
	} {
		var changes write.Changes
		test.o.Changes = &changes
		if got := written(t, items, test.o); got != test.want || changes.NonFinite != test.changed {
			t.Errorf("%v: %d changed, want %d\n%s\nwant\n%s", test.o.Format, changes.NonFinite, test.changed, got, test.want)
		}
	}
}

func TestTextThatIsNotUTF8(t *testing.T) {
	items := itemsOf(t, "{\"\xff\":\"a\xffb\"}", "{\"\xfe\":[\"\xff\"],\"ok\":\"\\ud800\"}")
	for format, want := range map[files.Format]string{
		files.NDJSON: "{\"\ufffd\":\"a\ufffdb\"}\n{\"\ufffd\":[\"\ufffd\"],\"ok\":\"\\ud800\"}\n",
		files.CSV:    lines("\"\ufffd\",\"\ufffd (2)\",ok", "a\ufffdb,,", ",\"[\"\"\ufffd\"\"]\",\"\ufffd\""),
	} {
		var changes write.Changes
		if got := written(t, items, write.Options{Format: format, Changes: &changes}); got != want || changes.BadText != 2 {
			t.Errorf("%v: %d changed\n%q\nwant\n%q", format, changes.BadText, got, want)
		}
	}
}

// FuzzWrite writes arbitrary items in every text format. The result must be valid UTF-8 and, depending on the format,
// valid JSON.
func FuzzWrite(f *testing.F) {
	for _, text := range []string{`{"a":NaN}`, "{\"\xff\":\"\xfe\"}", `{"a":"[1]","b":[Infinity]}`, "[1,NaN]", `"\ud800"`, "{'a':'\xc3'}"} {
		f.Add([]byte(text), byte(';'), false)
		f.Add([]byte(text), byte(0), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, delimiter byte, whole bool) {
		// Only items of the service can contain invalid UTF-8, because files are decoded first.
		var b item.Builder
		if _, err := b.Append(append(slices.Clip(text), ' ')); err != nil {
			answer, _ := read.Open(bytes.NewReader(append([]byte("{"), text...)), read.Options{Name: "x.ndjson"})
			if answer.Items.Len() == 0 {
				return
			}
			checkWritten(t, answer.Items, delimiter, whole)
			return
		}
		checkWritten(t, b.Items(), delimiter, whole)
	})
}

// checkWritten writes items in every text format and checks the text.
func checkWritten(t *testing.T, items item.Table, delimiter byte, whole bool) {
	t.Helper()
	if delimiter >= utf8.RuneSelf || strings.IndexByte("\"\r\n", delimiter) >= 0 {
		delimiter = 0
	}
	for _, format := range []files.Format{files.CSV, files.JSON, files.NDJSON} {
		o := write.Options{Format: format, CSVDelimiter: delimiter}
		if !whole {
			o.Columns = write.AllColumns(items)
		}
		got := written(t, items, o)
		if !utf8.ValidString(got) {
			t.Fatalf("%v is not UTF-8: %q", format, got)
		}
		switch format {
		case files.JSON:
			if !json.Valid([]byte(got)) {
				t.Fatalf("not JSON: %q", got)
			}
		case files.NDJSON:
			for line := range strings.Lines(got) {
				if !json.Valid([]byte(line)) {
					t.Fatalf("line is not JSON: %q", line)
				}
			}
		case files.CSV, files.Parquet:
		}
	}
}

// TestNonFiniteNumbersComeBackFromParquet checks that NaN and Infinity stay numbers when they are exported as Parquet.
func TestNonFiniteNumbersComeBackFromParquet(t *testing.T) {
	const rows = `{"x":NaN,"s":"NaN"} {"x":-Infinity,"s":"y"} {"x":Infinity,"s":"N"} {"x":1.5,"s":"x"}`
	answer, err := read.Open(strings.NewReader(strings.ReplaceAll(rows, " ", "\n")), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := read.Open(strings.NewReader(written(t, answer.Items, write.Options{Format: files.Parquet})), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range again.Items.Len() {
		got = append(got, string(again.Items.Row(i)))
		if again.Items.HasNonFinite(i) != (i < 3) {
			t.Errorf("row %d has NaN or Infinity: %t", i, i >= 3)
		}
	}
	if strings.Join(got, " ") != rows {
		t.Errorf("got %s, want %s", got, rows)
	}
	if len(again.Notes) != 1 || again.Notes[0].String() != "3 numbers are NaN or Infinity" {
		t.Errorf("notes %v", again.Notes)
	}
}
