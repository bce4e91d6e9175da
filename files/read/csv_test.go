package read

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
	"testing/iotest"

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
			`{"a":"1","b":1}`, `{"a":null,"b":""}`, `{"a":true,"b":"true"}`, `{"a":"null","b":"-"}`, `{"a":"007","b":"1."}`,
			`{"a":[1, 2],"b":"[1]"}`, `{"a":"[1","b":{}}`, `{"a":" 1","b":-0e+1}`,
		}, "\n")},
		{"quotes", "", "a,b\n\"x\"\"y\n\r\nz\",\"\"\"\"\nx\"y,\"a\"b \n", `{"a":"x\"y\u000a\u000d\u000az","b":"\""}` + "\n" + `{"a":"x\"y","b":"ab "}`},
		{"names twice and none", "", "a,a,,\n1,2,3,4\n", `{"a":1,"a (2)":2,"":3," (2)":4}`},
		{"too few and too many", "x.csv", "a,b\n1\n1,2,3,4\n", `{"a":1}` + "\n" + `{"a":1,"b":2,"column 3":3,"column 4":4}`},
		{"too many, and no end", "x.csv", "a,b\n1,2,3\n4,5", `{"a":1,"b":2,"column 3":3}` + "\n" + `{"a":4,"b":5}`},
		{"bytes", "", "a,b\n\xff\\,\x00\n", "{\"a\":\"\xff\\\\\",\"b\":\"\\u0000\"}"},
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

// rowsText are the items, a line each.
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

// What was whole is there, and what was not is told.
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

// What a pipe has brought is shown before more comes, also of what is compressed and of CSV.
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
			if err := <-done; (err == nil) != (what == "CSV") { // the others are cut
				t.Errorf("%s: %v", what, err)
			}
		case err := <-done:
			t.Errorf("%s: ended without a word: %v", what, err)
		}
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

// In a file whose lines end in CR alone, as some programs on the Mac write it, there would be no line but the header.
func TestOpenRefusesLinesThatEndInCRAlone(t *testing.T) {
	for _, text := range []string{"a,b\r1,2\r3,4\r", "a,b\r1,2", "a\r1\r"} {
		_, err := Open(strings.NewReader(text), Options{Name: "x.csv"})
		problem := problemOf(t, err)
		if problem.Kind != run.ProblemInput || !strings.Contains(problem.Summary.Raw(), "its lines end in CR only") {
			t.Errorf("%q: %v", text, problem)
		}
	}
	for _, text := range []string{"a,b\r", "\"a\rb\",c\r\n", "a\rb,c\n1,2\n"} {
		if _, err := Open(strings.NewReader(text), Options{Name: "x.csv"}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
