package read

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/klauspost/compress/zstd"

	"sbwatch/internal/streams"
	"sbwatch/model/item"
	"sbwatch/model/run"
)

func TestOpenReadsCSV(t *testing.T) {
	for _, test := range []struct{ what, name, text, rows string }{
		{"two columns", "", "name,price\nA,1\nB,2.50\n", `{"name":"A","price":1}` + "\n" + `{"name":"B","price":2.50}`},
		{"CRLF, no end", "", "a,b\r\n1,2\r\n3,4", `{"a":1,"b":2}` + "\n" + `{"a":3,"b":4}`},
		{"a mark, semicolons", "", "\ufeffa;b,c\n1;2\n", `{"a":1,"b,c":2}`},
		{"tabs", "", "a\tb\n1\t\"x\ty\"\n", `{"a":1,"b":"x\u0009y"}`},
		{"one column of ours", "", "a\r\nx\r\n\r\n\"\"\r\n", `{"a":"x"}` + "\n" + `{"a":""}`},
		{"under the name of another format", "x.ndjson", "name,price\nA,1\n", `{"name":"A","price":1}`},
		{"one column by name", "x.csv", "a\nx\n", `{"a":"x"}`},
		{"by the name inside of one", "x.TSV.gz", "a\tb\nx,y\t1\n", `{"a":"x,y","b":1}`},
		{"only a header", "x.csv", "a,b\n", ""},
		{"nothing", "x.csv", "", ""},
		{"no lines", "x.ndjson", "\n", ""},
		{"JSON under a wrong name", "x.csv", "[{\"a\":1}]", `{"a":1}`},
		{"brackets in a header", "x.csv", "[a],[b]\n1,2\n", `{"[a]":1,"[b]":2}`},
		{"kinds", "", "a,b\n\"1\",1\n,\"\"\ntrue,\"true\"\nnull,-\n007,1.\n\"[1, 2]\",[1]\n\"[1\",\"{}\"\n 1,-0e+1\n", strings.Join([]string{
			`{"a":"1","b":"1"}`, `{"a":null,"b":""}`, `{"a":"true","b":"true"}`, `{"a":"null","b":"-"}`, `{"a":"007","b":"1."}`,
			`{"a":"[1, 2]","b":"[1]"}`, `{"a":"[1","b":"{}"}`, `{"a":" 1","b":"-0e+1"}`,
		}, "\n")},
		{"quotes", "", "a,b\n\"x\"\"y\n\r\nz\",\"\"\"\"\nx\"y,\"a\"b \n", `{"a":"x\"y\u000a\u000d\u000az","b":"\""}` + "\n" + `{"a":"x\"y","b":"ab "}`},
		{"names twice and none", "", "a,a,,\n1,2,3,4\n", `{"a":1,"a (2)":2,"column 3":3,"column 4":4}`},
		{"too few and too many", "x.csv", "a,b\n1\n1,2,3,4\n", `{"a":1}` + "\n" + `{"a":1,"b":2,"column 3":3,"column 4":4}`},
		{"too many, and no end", "x.csv", "a,b\n1,2,3\n4,5", `{"a":1,"b":2,"column 3":3}` + "\n" + `{"a":4,"b":5}`},
		{"bytes", "", "a,b\n\xff\\,\x00\n", "{\"a\":\"ÿ\\\\\",\"b\":\"\\u0000\"}"},
		{"the end of a file of MS-DOS", "x.csv", "a,b\r\n1,2\r\n\x1a", `{"a":1,"b":2}`},
		{"texts, a line each", "", "\"a\"\n\"b\"\n", "\"a\"\n\"b\""},
		{"one text", "", "\"a\"", "\"a\""},
		{"numbers, a line each", "", "1\n2\nnull\n", "1\n2\nnull"},
		{"deep brackets", "", "a,b\nx,\"" + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "\"\n", `{"a":"x","b":"` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `"}`},
	} {
		t.Run(test.what, func(t *testing.T) {
			for how, reader := range map[string]io.Reader{"whole": strings.NewReader(test.text), "byte by byte": iotest.OneByteReader(strings.NewReader(test.text))} {
				answer, err := Open(reader, Options{Name: test.name})
				if err != nil {
					t.Fatalf("%s: %v", how, err)
				}
				if got := rowsText(answer.Items); got != test.rows {
					t.Errorf("%s: rows\n%.300s, want\n%.300s", how, got, test.rows)
				}
			}
		})
	}
}

// rowsText returns the items, one per line.
func rowsText(items item.Table) string {
	var rows []string
	for i := range items.Len() {
		rows = append(rows, string(items.Row(i)))
	}
	return strings.Join(rows, "\n")
}

func gzipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return out.String()
}

func zstdOf(tb testing.TB, text string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

func TestOpenUnpacks(t *testing.T) {
	const text = "[{\"a\":1},{\"a\":2}]"
	for what, packed := range map[string]string{
		"gzip": gzipped(text), "zstd": zstdOf(t, text), "one after the other": gzipped(text[:9]) + gzipped(text[9:]),
		"gzip in zstd": zstdOf(t, gzipped(text)), "CSV": gzipped("a,b\n1,2\n2,3\n"), "a poll": zstdOf(t, savedPoll),
	} {
		answer, err := openText(packed)
		if err != nil || answer.Items.Len() < 2 {
			t.Errorf("%s: %d items, %v", what, answer.Items.Len(), err)
		}
	}
	if _, err := openText(gzipped(gzipped(gzipped(gzipped(text))))); err == nil {
		t.Error("four compressions around each other were unpacked")
	}
}

// TestOpenOfABrokenTail checks that the complete records of a truncated file are read, and that the rest is reported.
func TestOpenOfABrokenTail(t *testing.T) {
	var rows strings.Builder
	for range 20_000 {
		rows.WriteString("{\"a\":\"" + strings.Repeat("x", rows.Len()%97) + "\"}\n")
	}
	packed, zstdPacked := gzipped(rows.String()), zstdOf(t, rows.String())
	wrongSum := []byte(packed)
	wrongSum[len(wrongSum)-6] ^= 1
	for _, test := range []struct {
		what, text, says string
		atLeast, atMost  int
	}{
		{"gzip cut", packed[:len(packed)/2], "bytes unpacked from gzip, in line", 1000, 19_999},
		{"gzip without its sum", packed[:len(packed)-3], "cut short after", 20_000, 20_000},
		{"gzip with another sum", string(wrongSum), "checksum", 20_000, 20_000},
		{"zstd cut", zstdPacked[:len(zstdPacked)*2/3], "bytes unpacked from zstd, in line", 1000, 19_999},
		{"CSV cut in quotes", "a,b\n1,2\n\"x", "cut short after 8 bytes, in line 3", 1, 1},
		{"CSV with a field less", "a,b\n1,2\n3", "cut short after 8 bytes, in line 3", 1, 1},
		{"CSV cut in its header", "a,\"b", "it is not JSON", 0, 0},
	} {
		answer, err := openText(test.text)
		problem := problemOf(t, err)
		if items := answer.Items.Len(); items < test.atLeast || items > test.atMost {
			t.Errorf("%s: %d items", test.what, items)
		}
		if !strings.Contains(problem.Summary.Raw(), test.says) {
			t.Errorf("%s: %v", test.what, problem)
		}
	}
}

// TestOpenStreamsWhatIsPacked checks that items from a pipe are reported as soon as they arrive, even if they are
// compressed or CSV.
func TestOpenStreamsWhatIsPacked(t *testing.T) {
	flushed := func(pack func(io.Writer) interface {
		io.Writer
		Flush() error
	}, text string,
	) string {
		var out bytes.Buffer
		w := pack(&out)
		_, _ = io.WriteString(w, text)
		_ = w.Flush()
		return out.String()
	}
	type packer = interface {
		io.Writer
		Flush() error
	}
	inGzip := func(w io.Writer) packer { return gzip.NewWriter(w) }
	inZstd := func(w io.Writer) packer {
		z, err := zstd.NewWriter(w)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	for what, begin := range map[string]string{
		"CSV":         "a,b\n1,2\n",
		"gzip":        flushed(inGzip, "[{\"a\":1},"),
		"zstd":        flushed(inZstd, "{\"a\":1}\n"),
		"CSV in gzip": flushed(inGzip, "a,b\r\n1,2\r\n"),
	} {
		synctest.Test(t, func(t *testing.T) { // CSV waits until the source pauses
			source, writer := io.Pipe()
			told := make(chan int, 10)
			done := make(chan error, 1)
			go func() {
				_, err := Open(source, Options{OnItems: func(items item.Table) { told <- items.Len() }})
				done <- err
			}()
			if _, err := io.WriteString(writer, begin); err != nil {
				t.Fatal(err)
			}
			select {
			case items := <-told:
				if items != 1 {
					t.Errorf("%s: told of %d items", what, items)
				}
				_ = writer.Close()
				if err := <-done; (err == nil) != (what == "CSV") { // the other texts are cut
					t.Errorf("%s: %v", what, err)
				}
			case err := <-done:
				t.Errorf("%s: ended without a word: %v", what, err)
			}
		})
	}
}

func FuzzOpenCSV(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", "a;b\r\n\"x\"\"\";\n", "a\tb\n\"\t\n\"\t1", "\ufeff\"a\"\n\"\n", "[a],b\n", "a,b\n1\n1,2,3\n\n"} {
		f.Add([]byte(text), []byte{3})
	}
	f.Fuzz(func(t *testing.T, text, sizes []byte) {
		whole, wholeErr := Open(bytes.NewReader(text), Options{Name: "x.csv"})
		parts, partsErr := Open(streams.Parts(text, sizes), Options{Name: "x.csv"})
		if (wholeErr == nil) != (partsErr == nil) || wholeErr != nil && wholeErr.Error() != partsErr.Error() {
			t.Fatalf("%q: %v in one part, %v in many", text, wholeErr, partsErr)
		}
		if rowsText(whole.Items) != rowsText(parts.Items) {
			t.Fatalf("%q: items %q in one part, %q in many", text, rowsText(whole.Items), rowsText(parts.Items))
		}
	})
}

// TestOpenReadsLinesThatEndInCRAlone reads files as some programs on the Mac write them. If CR alone did not end a
// line, there would be only a header.
func TestOpenReadsLinesThatEndInCRAlone(t *testing.T) {
	for text, want := range map[string]int{
		"a,b\r1,2\r3,4\r": 2, "a,b\r1,2": 1, "a\r1\r": 1, "a,b\r": 0, "\"a\rb\",c\r\n": 0, "a\rb,c\n1,2\n": 1,
	} {
		answer, err := Open(strings.NewReader(text), Options{Name: "x.csv"})
		if err != nil || answer.Items.Len() != want {
			t.Errorf("%q: %d items, %v", text, answer.Items.Len(), err)
		}
	}
}

// TestOpenReadsFilesAsTheyAre reads small files with the deviations from RFC 4180 that are common in practice.
func TestOpenReadsFilesAsTheyAre(t *testing.T) {
	const semicolons = "fields are separated by semicolons"
	for name, want := range map[string]struct{ rows, notes string }{
		"zip.csv":         {`{"zip":"01067","city":"Dresden"} {"zip":"10115","city":"Berlin"}`, ""},
		"title.csv":       {`{"title":"1984","year":1949} {"title":"Animal Farm","year":1945}`, ""},
		"crcrlf.csv":      {`{"id":1,"price":12.50} {"id":2,"price":7.00}`, "lines end in CR CR LF"},
		"cr-only.csv":     {`{"a":1,"b":"x, y"} {"a":2,"b":"z"}`, "lines end in CR alone"},
		"stray-quote.csv": {`{"id":1,"name":"A","price":"1,79"} {"id":2,"name":"\"B &C","price":"1,69"} {"id":3,"name":"C","price":"1,89"} {"id":4,"name":"D","price":"1,99"} {"id":5,"name":"E","price":"1,59"}`, semicolons + "; a misplaced quote was read as text (line 3)"},
		"cp1252.csv":      {`{"id":1,"p":"Küche"} {"id":2,"p":"Café"}`, "read as Windows-1252; " + semicolons},
		"utf16.csv":       {`{"id":1,"p":"Küche"} {"id":2,"p":"東京"}`, "read as UTF-16LE"},
		"backslash.csv":   {`{"id":1,"text":"a \"quoted\" word, here"} {"id":2,"text":"plain"}`, `\" was read as a quote`},
		"pipes.csv":       {`{"id":1,"name":"Lamp","price":3.50} {"id":2,"name":"Chair","price":20.00}`, "fields are separated by pipes"},
		"sep-line.csv":    {`{"id":1,"name":"Lamp"} {"id":2,"name":"Chair"}`, semicolons + " (line 1)"},
		"title-line.csv":  {`{"id":1,"name":"Lamp","price":"1,899"} {"id":2,"name":"Chair","price":"20"}`, "skipped a line above the header (line 1)"},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for how, source := range map[string]io.Reader{"whole": bytes.NewReader(text), "byte by byte": iotest.OneByteReader(bytes.NewReader(text))} {
			answer, err := Open(source, Options{Name: name})
			if got := strings.Join(plainRows(answer.Items), " "); err != nil || got != want.rows {
				t.Errorf("%s, %s: rows %s, want %s, %v", name, how, got, want.rows, err)
			}
			if got := notesOf(answer); got != want.notes {
				t.Errorf("%s, %s: notes %q, want %q", name, how, got, want.notes)
			}
		}
	}
}

func TestOpenJudgesColumnsWhole(t *testing.T) {
	for _, test := range []struct{ what, text, rows string }{
		{"numbers, then text", "a,b\n1,1\n2,2\nx,3\n4,4\n", `{"a":"1","b":1} {"a":"2","b":2} {"a":"x","b":3} {"a":"4","b":4}`},
		{"booleans, then a number", "a,b\ntrue,true\n1,false\n", `{"a":"true","b":true} {"a":"1","b":false}`},
		{"a quoted number", "a,b\n1,x\n\"2\",x\n", `{"a":"1","b":"x"} {"a":"2","b":"x"}`},
		{"nothing beside numbers", "a,b\n1,x\n,x\n2,x\n", `{"a":1,"b":"x"} {"a":null,"b":"x"} {"a":2,"b":"x"}`},
		{"lists", "a,b\n\"[1,\"\"x\"\"]\",\"[1]\"\nx,\"{}\"\n", `{"a":"[1,\"x\"]","b":[1]} {"a":"x","b":{}}`},
		{"a text like a list", "a,b\n" + `"""[1,2]""",1` + "\n" + `"""\""[1]\""""",1` + "\n" + `"""x""",1` + "\n", `{"a":"[1,2]","b":1} {"a":"\"[1]\"","b":1} {"a":"\"x\"","b":1}`},
	} {
		answer, err := Open(strings.NewReader(test.text), Options{Name: "x.csv"})
		if got := strings.Join(plainRows(answer.Items), " "); err != nil || got != test.rows {
			t.Errorf("%s: rows %s, want %s, %v", test.what, got, test.rows, err)
		}
	}
}

// TestOpenRewritesALateColumn checks that a column is rewritten if its first text comes after many items.
func TestOpenRewritesALateColumn(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,zip\n")
	const rows = 200_000
	for i := range rows {
		fmt.Fprintf(&b, "%d,%d\n", i+10, i)
	}
	b.WriteString("0,01067\n")
	var shown item.Table
	answer, err := Open(strings.NewReader(b.String()), Options{Name: "x.csv", OnItems: func(items item.Table) {
		if shown.Len() == 0 {
			shown = items
		}
	}})
	if err != nil || answer.Items.Len() != rows+1 {
		t.Fatalf("%d items, %v", answer.Items.Len(), err)
	}
	for i := range rows {
		if want := fmt.Sprintf(`{"id":%d,"zip":"%d"}`, i+10, i); string(answer.Items.Row(i)) != want {
			t.Fatalf("row %d is %s, want %s", i, answer.Items.Row(i), want)
		}
	}
	if got := string(shown.Row(1)); got != `{"id":11,"zip":1}` {
		t.Errorf("a row that was shown before became %s", got)
	}
	if got := string(answer.Items.Row(rows)); got != `{"id":0,"zip":"01067"}` {
		t.Errorf("the last row is %s", got)
	}
}

func TestOpenFindsTheHeader(t *testing.T) {
	for _, test := range []struct{ what, text, rows, notes string }{
		{"a title in the first of the columns", "Report,,\n,,\na,b,c\n1,2,3\n", `{"a":1,"b":2,"c":3}`, "skipped 2"},
		{"the name of a column is empty", "a,\"\"\n=1+1,true\n,\"[]\"\n", `{"a":"=1+1","":"true"} {"a":null,"":"[]"}`, ""},
		{"all texts have quotes", "\"Report\",\"\"\n\"id\",\"name\"\n1,\"x\"\n", `{"id":1,"name":"x"}`, "skipped a line above the header (line 1)"},
		{"pairs above, apart", "From,May\n\nid;name;price\n1;x;3\n", `{"id":1,"name":"x","price":3}`, "skipped a line above the header (line 1); fields are separated by semicolons"},
		{"no header: numbers", "Lamp,3.5\nChair,4.5\n", `{"column 1":"Lamp","column 2":3.5} {"column 1":"Chair","column 2":4.5}`, "the first line is data, not a header"},
		{"no header: dates", "2024-01-01,x\n2024-01-02,y\n", `{"column 1":"2024-01-01","column 2":"x"} {"column 1":"2024-01-02","column 2":"y"}`, "the first line is data, not a header"},
		{"no header: email addresses", "a@x.example,x\nb@x.example,y\n", `{"column 1":"a@x.example","column 2":"x"} {"column 1":"b@x.example","column 2":"y"}`, "the first line is data, not a header"},
		{"no header: UUIDs", "x,0b8f1c2e-0000-4000-8000-000000000001\ny,0B8F1C2E-0000-4000-8000-000000000002\n", `{"column 1":"x","column 2":"0b8f1c2e-0000-4000-8000-000000000001"} {"column 1":"y","column 2":"0B8F1C2E-0000-4000-8000-000000000002"}`, "the first line is data, not a header"},
		{"no header: prices", "Lamp,$5.00\nDesk,$7\n", `{"column 1":"Lamp","column 2":"$5.00"} {"column 1":"Desk","column 2":"$7"}`, "the first line is data, not a header"},
		{"dates are a header", "name,2024-01-01,2024-02-01\nx,1,2\n", `{"name":"x","2024-01-01":1,"2024-02-01":2}`, ""},
		{"no header: counted", "1,Lamp\n2,Chair\n3,Desk\n", `{"column 1":1,"column 2":"Lamp"} {"column 1":2,"column 2":"Chair"} {"column 1":3,"column 2":"Desk"}`, "the first line is data, not a header"},
		{"years are a header", "country,2019,2020\nCH,1,2\nDE,3,4\n", `{"country":"CH","2019":1,"2020":2} {"country":"DE","2019":3,"2020":4}`, ""},
		{"names twice and none", "a,a,\n1,2,3\n", `{"a":1,"a (2)":2,"column 3":3}`, "2 columns that had no name, or the name of another column, were renamed (line 1)"},
		{"joined files", "a,b\n1,2\n\ufeffa,b\n3,4\n", `{"a":1,"b":2} {"a":3,"b":4}`, "skipped a repeated header (line 3); skipped a byte order mark inside the file (line 3)"},
		{"an open quote", "a,b\n1,\"x\n2,y\n", `{"a":1,"b":"\"x"} {"a":2,"b":"y"}`, "a misplaced quote was read as text (line 2)"},
	} {
		answer, err := Open(strings.NewReader(test.text), Options{Name: "x.csv"})
		if got := strings.Join(plainRows(answer.Items), " "); err != nil || got != test.rows {
			t.Errorf("%s: rows %s, want %s, %v", test.what, got, test.rows, err)
		}
		if got := notesOf(answer); got != test.notes && test.notes != "skipped 2" {
			t.Errorf("%s: notes %q, want %q", test.what, got, test.notes)
		}
	}
}

func TestOpenObeysTheOptions(t *testing.T) {
	for _, test := range []struct {
		what, text string
		options    Options
		rows       string
	}{
		{"a delimiter", "a^b,c\n1^2,5\n", Options{Delimiter: '^'}, `{"a":1,"b,c":"2,5"}`},
		{"no header", "a,b\n1,2\n", Options{Header: HeaderAbsent}, `{"column 1":"a","column 2":"b"} {"column 1":"1","column 2":"2"}`},
		{"a header", "Lamp,3.5\nChair,4.5\n", Options{Header: HeaderPresent}, `{"Lamp":"Chair","3.5":4.5}`},
		{"an encoding", "a,b\n1,\xcf\n", Options{Encoding: "windows-1251"}, `{"a":1,"b":"П"}`},
		{"an encoding of JSON", "[{\"a\":\"\xcf\"}]", Options{Encoding: "windows-1251"}, `{"a":"П"}`},
		{"JSON in UTF-16", "\xff\xfe{\x00\"\x00a\x00\"\x00:\x001\x00}\x00", Options{}, `{"a":1}`},
	} {
		answer, err := Open(strings.NewReader(test.text), test.options)
		if got := strings.Join(plainRows(answer.Items), " "); err != nil || got != test.rows {
			t.Errorf("%s: rows %s, want %s, %v", test.what, got, test.rows, err)
		}
	}
}

// plainRows returns the rows of a table.
func plainRows(items item.Table) []string {
	var rows []string
	for i := range items.Len() {
		rows = append(rows, string(items.Row(i)))
	}
	return rows
}

func TestOpenNotesRowsOfAnotherLength(t *testing.T) {
	answer, err := openText("a,b\n2,3\n\n1\n4,5,6\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := notesOf(answer); got != "a row has too few fields (line 4); a row has too many fields (line 5)" {
		t.Error(got)
	}
}

// notesOf returns the notes of an answer, joined.
func notesOf(answer run.Answer) string {
	var notes []string
	for _, note := range answer.Notes.Sorted() {
		notes = append(notes, note.String())
	}
	return strings.Join(notes, "; ")
}
