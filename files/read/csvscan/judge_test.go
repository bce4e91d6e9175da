package csvscan

import (
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		text      string
		ended     bool
		delimiter byte
		want      Verdict
	}{
		{"a,b\r\n1,2\r\n", false, ',', IsCSV},
		{"a,b\n1,2\n", false, ',', IsCSV},
		{"a;b,c\n1;2\n", false, ';', IsCSV},
		{"a\tb\n1\t2\n", true, '\t', IsCSV},
		{"a,b\n1,2", true, ',', IsCSV},
		{"a,b\n1,2", false, ',', Unsure},
		{"a,\"b\n1,2\n", false, ',', Unsure},
		{"a,\"b\n1,2\n", true, ',', IsCSV},
		{"a|b\n1|2\n", true, '|', IsCSV},
		{"a\r\nx\r\n", true, ',', IsCSV},
		{"a\nx\n", true, ',', IsNotCSV},
		{"a,b\r\n", true, ',', IsCSV},
		{"a,b\n", true, ',', IsNotCSV},
		{"a,b,c\n1,2\n", true, ',', IsNotCSV},
		{"a;b;c\n1,2\n", true, ';', IsNotCSV},
		{"\x7f,b\n1,2\n", true, ',', IsNotCSV},
		{"\"\x1b\",b\n1,2\n", true, ',', IsCSV},
		// With tabs as the delimiter, this is a single record. Its last field is quoted and starts at the end of the
		// first line.
		{"a,\"\t\t\"\r\n\"\",\"[]\"\r\n", true, ',', IsCSV},
		{"a,\"x;z\ny\"\r\n", true, ',', IsCSV},
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", true, ',', IsNotCSV},
		{"\xff\r\n\xff\r\n", true, ',', IsCSV},
		{"caf\xe9,b\r\nx,\x01\r\n", true, ',', IsCSV},
		{"", true, ',', IsNotCSV},
	} {
		if d, _, got := Judge([]byte(c.text), Options{}, c.ended); got != c.want || d.Delimiter != c.delimiter {
			t.Errorf("%q, ended %t: %q %d, want %q %d", c.text, c.ended, d.Delimiter, got, c.delimiter, c.want)
		}
	}
}

// TestJudgeOfUnevenText checks that a delimiter is not preferred if lines must be skipped for it, and that a few
// records of other lengths are accepted.
func TestJudgeOfUnevenText(t *testing.T) {
	const title = "Report\n\n"
	for _, c := range []struct {
		text      string
		o         Options
		delimiter byte
		above     int
		want      Verdict
	}{
		{"name;desc\nA;\"one, two; three\"\nB;four, five\n", Options{Above: true}, ';', 0, IsCSV},
		{title + "id;name\n1;a, b\n2;c, d\n", Options{Above: true}, ';', len(title), IsCSV},
		{"Report,,\n,,\nid,name,price\n1,A,2\n", Options{}, ',', len("Report,,\n,,\n"), IsCSV},
		{"a,b\n\n1,x\n\n2,y\n", Options{}, ',', 0, IsNotCSV},
		{"a,b\n\n1,x\n\n2,y\n", Options{Ragged: true}, ',', 0, IsCSV},
		{"\na|b\n1|x\n2|y\n", Options{Ragged: true}, '|', 0, IsCSV},
		{"a,b,c\n1\n1,2,3\n1,2,3\n", Options{Ragged: true}, ',', 0, IsCSV},
		{"a,b\n1,x,y\n2,y\n", Options{Ragged: true}, ',', 0, IsNotCSV},
		{"Once, upon a time\nthere was\na king, and a queen\nwho had\n", Options{Ragged: true}, ',', 0, IsNotCSV},
		{title + "id,name\n1,A\n2,B\n", Options{Above: true, Ragged: true}, ',', len(title), IsCSV},
	} {
		d, above, got := Judge([]byte(c.text), c.o, true)
		if got != c.want || got == IsCSV && (d.Delimiter != c.delimiter || above != c.above) {
			t.Errorf("%q: %q, %d above, %d, want %q, %d, %d", c.text, d.Delimiter, above, got, c.delimiter, c.above, c.want)
		}
	}
}

func TestRecord(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"quoted", `"a;b";"c ""d""";e` + "\n", `a;b|c "d"|e`},
		{"several lines", "\"a\nb\";c\n", "a\nb|c"},
		{"lines of CSV in a field", "\"a\n\"\"b\"\";\"\"c\"\"\";d\n", "a\n\"b\";\"c\"|d"},
		{"CR CR LF", "a;b\r\r\n", "a|b"},
		{"CR CR LF after a quote", "a;\"b\"\r\r\n", "a|b"},
		{"a quote that opens nothing", "2;\"B &C;1\n4;\"D\";2\n", `2|"B &C|1`},
		{"a line of a quote alone", "\"\n\"\"\n\";1\n", "\n\"\n|1"},
		{"before a field at the beginning of a line", "\"B;1\n\"D\";2\n", `"B|1`},
		{"quotes that are not doubled", `"6" pipe, 3/4" big";x` + "\n", `6" pipe, 3/4" big|x`},
		{"text after the quote", `"a"b;"c"` + "\n", "ab|c"},
		{"an escaped quote", `"a \"b\" c";d` + "\n", `a "b" c|d`},
		{"a path", `"C:\a\";d` + "\n", `C:\a\|d`},
		{"a quote inside", `5";6"` + "\n", `5"|6"`},
	} {
		fields, end, err := Record(nil, []byte(c.text), Dialect{Delimiter: ';'}, 10)
		var got []string
		for _, f := range fields {
			got = append(got, string(f.AppendText(nil)))
		}
		if strings.Join(got, "|") != c.want || err != nil || end == 0 {
			t.Errorf("%s: %q, %v, want %q", c.what, got, err, c.want)
		}
	}
	d := Dialect{Delimiter: ',', Backslash: true}
	fields, _, err := Record(nil, []byte(`"a \"b\", c","d\\",e`+"\n"), d, 10)
	if err != nil || len(fields) != 3 || string(fields[0].AppendText(nil)) != `a "b", c` || string(fields[1].AppendText(nil)) != `d\` {
		t.Errorf("with backslashes: %d fields, %v", len(fields), err)
	}
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte("a,\"b\"\"\n\",c\r\n1,2,3\n"), byte(','), false, false)
	f.Add([]byte("a;\"b c\n1;\"d\";2\n"), byte(';'), false, true)
	f.Add([]byte("a,\"b \\\"c\\\", d\"\n\"6\" pipe\",1\n"), byte(','), true, false)
	f.Fuzz(func(t *testing.T, text []byte, delimiter byte, backslash, literal bool) {
		d := Dialect{Delimiter: delimiter, Backslash: backslash, Literal: literal}
		if delimiter == '\n' || delimiter == '"' {
			return
		}
		for len(text) > 0 {
			fields, end, err := Record(nil, text, d, len(text))
			if err != nil {
				return
			}
			if end <= 0 || end > len(text) || len(fields) == 0 || text[end-1] != '\n' {
				t.Fatalf("%d fields to %d of %q", len(fields), end, text)
			}
			if _, _, err := Record(nil, text[:end-1], d, len(text)); err == nil && !literal {
				t.Fatalf("%q has a record of %d bytes, and a shorter one, too", text, end)
			}
			for _, f := range fields {
				f.AppendText(nil)
			}
			text = text[end:]
		}
	})
}

// FuzzJudge judges arbitrary bytes. The dialect must be usable, and the verdict must not change when the text ends.
func FuzzJudge(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", "Report\n\na;b\n1;2\n", "a|\"b\n1|2\n", "x \\\"y\\\",z\n", "\r\n\r\n", "1,a\n2,b\n3,c\n"} {
		f.Add([]byte(text), byte(0), false, false)
		f.Add([]byte(text), byte(';'), true, true)
	}
	f.Fuzz(func(t *testing.T, text []byte, delimiter byte, isAbove, ended bool) {
		if delimiter == '"' || delimiter == '\n' || delimiter == '\r' {
			return
		}
		d, above, verdict := Judge(text, Options{Delimiter: delimiter, Above: isAbove}, ended)
		if ended && verdict == Unsure {
			t.Fatalf("unsure of %q, which has ended", text)
		}
		if above < 0 || above > len(text) || above > 0 && text[above-1] != '\n' {
			t.Fatalf("%d bytes of %q above the header", above, text)
		}
		if delimiter != 0 && d.Delimiter != delimiter || delimiter == 0 && !strings.ContainsRune(delimiters, rune(d.Delimiter)) {
			t.Fatalf("delimiter %q of %q", d.Delimiter, text)
		}
		if again, _, second := Judge(text, Options{Delimiter: delimiter, Above: isAbove}, ended); again != d || second != verdict {
			t.Fatalf("%q is judged in two ways", text)
		}
		LacksHeader(text[above:], d, ended)
		if verdict == IsCSV {
			if _, _, err := Record(nil, append(text[above:len(text):len(text)], '\n'), Dialect{Delimiter: d.Delimiter, Backslash: d.Backslash, Literal: true}, len(text)+2); err != nil {
				t.Fatalf("%q is CSV, but has no record: %v", text, err)
			}
		}
	})
}
