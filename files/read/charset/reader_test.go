package charset

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"sbwatch/model/run"
)

func TestReader(t *testing.T) {
	for _, test := range []struct{ what, encoding, text, want, notes string }{
		{"UTF-8", "", "a,é,東\n", "a,é,東\n", ""},
		{"a mark", "", "\ufeffa", "\ufeffa", ""},
		{"Windows-1252", "", "id;p\n1;K\xfcche \x80\n", "id;p\n1;Küche €\n", "read as Windows-1252"},
		{"UTF-16LE with a mark", "", "\xff\xfea\x00,\x00q\x67\xacN", "\ufeffa,東京", "read as UTF-16LE"},
		{"UTF-16BE with a mark", "", "\xfe\xff\x00a\x00,\x67qN\xac", "\ufeffa,東京", "read as UTF-16BE"},
		{"UTF-16LE", "", "i\x00d\x00,\x00p\x00\n\x001\x00,\x00q\x67", "id,p\n1,東", "read as UTF-16LE"},
		{"UTF-16LE that begins with other letters", "", "\x1f\x04@\x048\x042\x045\x04B\x04,\x00a\x00\n\x001\x00,\x002\x00\n\x00", "Привет,a\n1,2\n", "read as UTF-16LE"},
		{"UTF-16BE that begins with other letters", "", "g\x71N\xac\x90\xfduL\x00,\x00a\x00\n\x001\x00,\x002", "東京都界,a\n1,2", "read as UTF-16BE"},
		{"UTF-16BE", "", "\x00i\x00d\x00,\x00p\x00\n\x00\xfc", "id,p\nü", "read as UTF-16BE"},
		{"a pair of surrogates", "", "\xff\xfe=\xd8\x00\xdea\x00", "\ufeff😀a", "read as UTF-16LE"},
		{"half a pair", "", "\xff\xfea\x00\n\x00=\xd8a\x00", "\ufeffa\n\ufffda", "read as UTF-16LE; a line has bytes that are not valid text: read as U+FFFD (line 2)"},
		{"UTF-32LE", "", "\xff\xfe\x00\x00a\x00\x00\x00\x00\xf6\x01\x00", "\ufeffa😀", "read as UTF-32LE"},
		{"UTF-32BE without a mark", "", "\x00\x00\x00a\x00\x00\x00,\x00\x00\x00b", "a,b", "read as UTF-32BE"},
		{"a program", "", "\x7fELF\x02\x01\x01\x00\x00\x00", "\x7fELF\x02\x01\x01\x00\x00\x00", ""},
		{"given Windows-1251", "windows-1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет", ""},
		{"given Shift-JIS", "Shift_JIS", "\x93\x8c\x8b\x9e", "東京", ""},
		{"given GBK", "gbk", "\xb6\xab\xbe\xa9", "东京", ""},
		{"given EUC-KR", "euc-kr", "\xc7\xd1", "한", ""},
		{"given Latin-1", "latin-1", "\xe9", "é", ""},
		{"given UTF-16, big endian", "utf-16", "\xfe\xff\x00a", "a", ""},
		{"given UTF-8", "utf-8", "a\n\xe9\n", "a\n\ufffd\n", "a line has bytes that are not valid text: read as U+FFFD (line 2)"},
		{"one bad line", "", "é\nü\nCaf\xe9 \xe9\n", "é\nü\nCafé é\n", "a line has bytes that are not valid text: read as Windows-1252 (line 3)"},
		{"cut in a character", "", "é,\xc3", "é,Ã", "a line has bytes that are not valid text: read as Windows-1252 (line 1)"},
		{"binary", "", "BIN\xff\xfe", "BIN\xff\xfe", ""},
	} {
		for how, source := range map[string]io.Reader{
			"whole": strings.NewReader(test.text), "byte by byte": iotest.OneByteReader(strings.NewReader(test.text)),
			"with the end": iotest.DataErrReader(strings.NewReader(test.text)),
		} {
			r := NewReader(source, test.encoding, isTestBinary)
			got, err := io.ReadAll(r)
			if err != nil || string(got) != test.want {
				t.Errorf("%s, %s: %q, %v, want %q", test.what, how, got, err, test.want)
			}
			if notes := sentences(r.Notes()); notes != test.notes {
				t.Errorf("%s, %s: notes %q, want %q", test.what, how, notes, test.notes)
			}
		}
	}
}

// TestReaderRepairsLate checks that an invalid byte after megabytes of UTF-8 is repaired and its line reported.
func TestReaderRepairsLate(t *testing.T) {
	good := strings.Repeat("0123456789é\n", 200_000)
	r := NewReader(strings.NewReader(good+"\xe9\n"+good), "", isTestBinary)
	got, err := io.ReadAll(r)
	if err != nil || string(got) != good+"é\n"+good {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if notes := sentences(r.Notes()); notes != "a line has bytes that are not valid text: read as Windows-1252 (line 200,001)" {
		t.Error(notes)
	}
}

func TestIsKnown(t *testing.T) {
	for name, want := range map[string]bool{
		"utf-8": true, "UTF-16": true, "utf-32be": true, "windows-1250": true, "cp1252": true, "ISO-8859-15": true, "euc-jp": true, "big5": true, "sjis": true,
		"": false, "latin": false, "replacement": false, "ebcdic": false,
	} {
		if IsKnown(name) != want {
			t.Errorf("%q known: %t", name, !want)
		}
	}
}

func TestCodePages(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"cp437", "K\x81che", "Küche"},
		{"IBM850", "K\x81che \xb5", "Küche Á"},
		{"852", "\xa6lu\x9cou\x9fk\xec", "Žluťoučký"},
		{"cp866", "\x8f\xe0\xa8\xa2\xa5\xe2", "Привет"},
		{"macroman", "Caf\x8e", "Café"},
	} {
		got, err := io.ReadAll(NewReader(strings.NewReader(test.text), test.name, isTestBinary))
		if err != nil || string(got) != test.want || !IsKnown(test.name) {
			t.Errorf("%q as %s: %q, %v, want %q", test.text, test.name, got, err, test.want)
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, text := range []string{"a,é\n", "K\xfcche", "\xff\xfea\x00", "\x00\x00\xfe\xff", "\xe6\x9d"} {
		f.Add([]byte(text), "")
	}
	f.Add([]byte("\x93\x8c"), "shift_jis")
	f.Add([]byte("\x1b$B"), "iso-2022-jp")
	f.Fuzz(func(t *testing.T, text []byte, encoding string) {
		if encoding != "" && !IsKnown(encoding) {
			return
		}
		whole, err := io.ReadAll(NewReader(bytes.NewReader(text), encoding, isTestBinary))
		if err != nil || !utf8.Valid(whole) && !isTestBinary(text) {
			t.Fatalf("%q as %q: %q, %v", text, encoding, whole, err)
		}
		if utf8.Valid(text) && encoding == "" && bytes.IndexByte(text, 0) < 0 && !bytes.Equal(whole, text) {
			t.Fatalf("%q became %q", text, whole)
		}
		parts, err := io.ReadAll(NewReader(iotest.OneByteReader(bytes.NewReader(text)), encoding, isTestBinary))
		if err != nil || len(text) < 8 && !bytes.Equal(parts, whole) {
			t.Fatalf("%q as %q: %q in one part, %q in many, %v", text, encoding, whole, parts, err)
		}
	})
}

func isTestBinary(begin []byte) bool { return bytes.HasPrefix(begin, []byte("BIN")) }

func sentences(notes run.Notes) string {
	var all []string
	for _, note := range notes.Sorted() {
		all = append(all, note.String())
	}
	return strings.Join(all, "; ")
}
