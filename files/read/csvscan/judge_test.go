package csvscan

import "testing"

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
		{"a,\"b\n1,2\n", true, ';', IsNoCSV},
		{"a\r\nx\r\n", true, ',', IsCSV},
		{"a\nx\n", true, ',', IsNoCSV},
		{"a,b\r\n", true, ',', IsCSV},
		{"a,b\n", true, ',', IsNoCSV},
		{"a,b,c\n1,2\n", true, ',', IsNoCSV},
		{"a;b;c\n1,2\n", true, ';', IsNoCSV},
		{"\x7f,b\n1,2\n", true, ',', IsNoCSV},
		{"\"\x1b\",b\n1,2\n", true, ',', IsCSV},
		// By tabs this is one record, in quotes from the end of its first line on.
		{"a,\"\t\t\"\r\n\"\",\"[]\"\r\n", true, ',', IsCSV},
		{"a,\"x;z\ny\"\r\n", true, ',', IsCSV},
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", true, ',', IsNoCSV},
		{"\xff\r\n\xff\r\n", true, ',', IsCSV},
		{"caf\xe9,b\r\nx,\x01\r\n", true, ',', IsCSV},
		{"", true, ',', IsNoCSV},
	} {
		if delimiter, got := Judge([]byte(c.text), c.ended); got != c.want || delimiter != c.delimiter {
			t.Errorf("%q, ended %t: %q %d, want %q %d", c.text, c.ended, delimiter, got, c.delimiter, c.want)
		}
	}
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte("a,\"b\"\"\n\",c\r\n1,2,3\n"), byte(','))
	f.Fuzz(func(t *testing.T, text []byte, delimiter byte) {
		if delimiter == '\n' || delimiter == '"' {
			return
		}
		for len(text) > 0 {
			fields, end, err := Record(nil, text, delimiter, len(text))
			if err != nil {
				return
			}
			if end <= 0 || end > len(text) || len(fields) == 0 || text[end-1] != '\n' {
				t.Fatalf("%d fields to %d of %q", len(fields), end, text)
			}
			if _, _, err := Record(nil, text[:end-1], delimiter, len(text)); err == nil {
				t.Fatalf("%q has a record of %d bytes, and a shorter one, too", text, end)
			}
			for _, f := range fields {
				f.AppendText(nil)
			}
			text = text[end:]
		}
	})
}
