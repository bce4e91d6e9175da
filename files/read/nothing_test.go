package read

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"sbwatch/internal/streams"
	"sbwatch/model/run"
)

// fileNames returns file names that suggest each kind of content.
func fileNames() []string { return []string{"", "x", "x.json", "x.ndjson", "x.csv", "x.tsv", "x.log"} }

// TestOpenNeverSaysNothing checks that a file with content always gives items, a note or a problem, whatever its name.
func TestOpenNeverSaysNothing(t *testing.T) {
	for _, text := range []string{
		"a,b\n", "a,b\r\n", "a\r\n", "a\n", "\"\"\n", "sep=;\n", "sep=;\na;b\n", "title\n\na,b\n", "a,b", ",\n", ",,,\n,,,\n", "a\rb\r",
		"// nothing\n", "/* nothing */", "# nothing\n", "# nothing\n# more\n", "-- nothing\n", "\x1e", "\x1e\n\x1e\n", ",", ",,\n,\n", "\ufeff\ufeff", "\ufeff,",
		"{}", "[]", "[]\n[]\n", "[[]]", "[,]", "[// nothing\n]", "{\"items\":[]}", "{\"data\":{}}", "null", "NaN", "1", "-", "1\n", "\"\"", "\"text\"", "true", "''",
		"{", "[", "}", "]", "{\"", "[1", "(", "text", "text\n", "some words\nmore words\n", "a, b and c\n", "key = value\n", "k: v\nk2: v\n",
		"<html>", "<?xml version=\"1.0\"?><a/>", " \n<!-- -->", "\x00", "\x00\x00\x00\x00\x00\x00\x00\x00", "\x7fELF\x02\x01\x01\x00", "\x1f\x8b", "\x28\xb5\x2f\xfd",
		"PK\x03\x04", "PAR1", "PAR1\x15", "\xff\xfe", "\xff\xfe\n\x00", "\xff\xd8\xff\xe0\x00\x10JFIF\x00", "GIF89a", "\xef\xbb", "\xff", "\x1b[31m",
		"2024-01-31 INFO start\n", "[INFO] start\n", "[INFO] start\n[INFO] end\n", "INFO start\n{}\n", gzipped("a,b\n"), gzipped("[]"), gzipped("x"), gzipped("// x\n"),
		`{"status":"completed","request_id":"r","data":{"runs_used_30d":1}}`, `{"error":"x"}`, `[{"error":"x"}]`,
	} {
		for _, name := range fileNames() {
			for _, header := range []Header{HeaderGuessed, HeaderPresent, HeaderAbsent} {
				answer, err := Open(strings.NewReader(text), Options{Name: name, Header: header})
				if saysNothing(answer, err) {
					t.Errorf("%q as %q: 0 items, and no word about it", text, name)
				}
			}
		}
	}
}

// saysNothing reports whether no items were read, but neither a problem nor a note says why.
func saysNothing(answer run.Answer, err error) bool {
	isRun := !answer.Run.ID.IsEmpty() || !answer.Run.StatusSent.IsEmpty()
	return err == nil && answer.Items.Total() == 0 && len(answer.Notes) == 0 && !isRun
}

func TestOpenReadsItemsAfterALog(t *testing.T) {
	const items = "{\"id\":1,\"t\":\"a\"}\n{\"id\":2,\"t\":\"b\"}\n"
	const rows = `{"id":1,"t":"a"} {"id":2,"t":"b"}`
	many := strings.Repeat("2024-01-31 12:00 INFO page\n12:01 INFO a, b\n", 100)
	for _, test := range []struct {
		what, text string
		skipped    int64
	}{
		{"words", "Starting the crawl\n" + items, 1},
		{"words with commas", "page 1, of 2\npage 2, of 2\n" + items, 2},
		{"times", "2024-01-31 12:00 INFO start\n2024-01-31 12:01 INFO page\n" + items, 2},
		{"brackets", "[INFO] start\n[2024-01-31 12:00] [main] page 2\n" + items, 2},
		{"an array", "INFO start\n[{\"id\":1,\"t\":\"a\"},\n{\"id\":2,\"t\":\"b\"}]\n", 1},
		{"empty lines", "\nINFO start\n\n" + items, 1},
		{"a wrapper", "INFO start\n{\"count\":2,\"list\":[{\"id\":1,\"t\":\"a\"},{\"id\":2,\"t\":\"b\"}]}\n", 1},
		{"many lines", many + items, 200},
		{"HTML", "done.\n<b>done</b>\n" + items, 2},
	} {
		for _, name := range fileNames() {
			for how, source := range map[string]io.Reader{"whole": strings.NewReader(test.text), "byte by byte": iotest.OneByteReader(strings.NewReader(test.text))} {
				answer, err := Open(source, Options{Name: name})
				if got := strings.Join(plainRows(answer.Items), " "); got != rows {
					t.Errorf("%s as %q, %s: items %.200s, %v", test.what, name, how, got, err)
				} else if err == nil || !strings.Contains(err.Error(), "not JSON") {
					t.Errorf("%s as %q, %s: the skipped lines are not reported: %v", test.what, name, how, err)
				}
			}
		}
	}
}

// TestOpenDoesNotDependOnTheArrival checks that the items and notes are the same however the text arrives.
func TestOpenDoesNotDependOnTheArrival(t *testing.T) {
	lines := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for what, text := range map[string]string{
		"numbered rows":           lines(100, "%d,x\n"),
		"numbered, then not":      lines(3, "%d,x\n") + "9,y\n",
		"a title":                 "Report\n\na,b,c\n" + lines(30, "%d,2,3\n"),
		"a title, then two lines": "Report\n\na,b,c\n1,2,3\n",
		"escapes late":            "a,b\n" + lines(30, "%d,x\n") + "1,\"x \\\"y\\\", z\"\n2,\"\\\"\"\n",
		"escapes, then doubled":   "a,b\n1,\"x \\\"y\\\" z\"\n" + lines(30, "%d,\"\"\"\"\n"),
		"semicolons":              "a;b,c\n" + lines(30, "%d;x,y\n"),
		"one column":              "a\n" + lines(30, "%d\n"),
		"one column, then commas": "a\n" + lines(30, "%d,1\n"),
		"an open quote":           "a,b\n1,\"x\n" + lines(100, "%d,y\n"),
		"long records":            "a,b\n" + lines(5, "%d,\""+strings.Repeat("x\n", 20)+"\"\n"),
		"CR":                      "a,b\r1,2\r3,4\r",
		"sep":                     "sep=;\na;b\n" + lines(30, "%d;x,y\n"),
		"prices without a header": lines(30, "%d.5,Lamp,1.5\n"),
		"URLs":                    lines(2, "https://a/%d,x\n"),
		"a log":                   lines(25, "line %d, more\n") + "{\"a\":1}\n",
	} {
		for _, name := range []string{"", "x.csv"} {
			whole, wholeErr := Open(strings.NewReader(text), Options{Name: name})
			for how, source := range map[string]io.Reader{
				"byte by byte": iotest.OneByteReader(strings.NewReader(text)), "in parts": streams.Parts([]byte(text), []byte{7, 200, 1}),
				"slowly": &slowReader{strings.NewReader(text)},
			} {
				synctest.Test(t, func(t *testing.T) {
					parts, partsErr := Open(source, Options{Name: name})
					if !sameAnswer(whole, parts) || (wholeErr == nil) != (partsErr == nil) {
						t.Errorf("%s as %q, %s: %q, %s, %v\nwhole: %q, %s, %v", what, name, how,
							plainRows(parts.Items), notesOf(parts), partsErr, plainRows(whole.Items), notesOf(whole), wholeErr)
					}
				})
			}
		}
	}
}

// slowReader is a reader that returns 5 bytes every 0.9 s.
type slowReader struct{ source io.Reader }

func (r *slowReader) Read(p []byte) (int, error) {
	time.Sleep(9 * samplePause / 10)
	return r.source.Read(p[:min(len(p), 5)])
}

// sameAnswer reports whether two answers have the same items and notes.
func sameAnswer(a, b run.Answer) bool {
	return rowsText(a.Items) == rowsText(b.Items) && notesOf(a) == notesOf(b) && a.Envelope == b.Envelope && bytes.Equal([]byte(a.Run.ID.Raw()), []byte(b.Run.ID.Raw()))
}

// TestRefusedTextCanBeCSV checks that text that was refused can be read as CSV if the user says so.
func TestRefusedTextCanBeCSV(t *testing.T) {
	const uneven = "a,b\n1\n2,y\n"
	_, err := Open(strings.NewReader(uneven), Options{})
	if err == nil || !strings.Contains(err.Error(), "--header or --no-header") {
		t.Errorf("%q: %v, want advice", uneven, err)
	}
	answer, err := Open(strings.NewReader(uneven), Options{Header: HeaderPresent})
	if got := rowsText(answer.Items); err != nil || got != "{\"a\":1}\n{\"a\":2,\"b\":\"y\"}" {
		t.Errorf("%q with a header: %s, %v", uneven, got, err)
	}
	for _, name := range []string{"", "x.csv", "x.json"} {
		if answer, err := Open(strings.NewReader(strings.Repeat("\x00", 100)), Options{Name: name}); err == nil {
			t.Errorf("zeros as %q: %d items and no error", name, answer.Items.Total())
		}
	}
}

// TestDelimiterThatDoesNotFitIsGuessed checks that a delimiter meant for writing CSV does not prevent CSV with another
// delimiter from being read.
func TestDelimiterThatDoesNotFitIsGuessed(t *testing.T) {
	for _, test := range []struct {
		text string
		fits bool
		rows string
	}{
		{"a,b\n1,x;y\n", true, `{"a":1,"b":"x;y"}`},
		{"a,b\n1,x;y\n", false, `{"a,b":"1,x","column 2":"y"}`},
		{"a;b,c\n1;x\n", true, `{"a":1,"b,c":"x"}`},
		{"a\tb\n1\tx\n", true, `{"a":1,"b":"x"}`},
	} {
		answer, err := Open(strings.NewReader(test.text), Options{Name: "x.csv", Delimiter: ';', DelimiterFits: test.fits})
		if got := rowsText(answer.Items); got != test.rows || err != nil {
			t.Errorf("%q, %t: %s, %v, want %s", test.text, test.fits, got, err, test.rows)
		}
	}
}
