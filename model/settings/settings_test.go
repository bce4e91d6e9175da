package settings

import (
	"fmt"
	"strings"
	"testing"
)

// A place that is not valid TOML is skipped, with what may belong to it. The rest is used.
func TestParseSkipsWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		content  string
		want     string // names and values of the settings
		problems string
	}{
		"a value":          {"a = 1\nb = maybe\nc = 3\n[t]\nd = 4\n", "a=1@1 c=3@3 t.d=4@5", "2: the line"},
		"a text":           {"a = \"x\nb = 2\n", "b=2@2", "1: the line"},
		"a key":            {"a b = 1\nc = 2\n", "c=2@2", "1: the line"},
		"twice the same":   {"a = 1\na = 2\nb = 3\n", "a=1@1 b=3@3", "2: the line"},
		"two places":       {"a = \nb = 2\nc = \n", "b=2@2", "1: the line, 3: the line"},
		"no value":         {"a =\nb = # x\nc = {d = }\ne = {f = , g = 1}\nh = [,]\ni = 1\nj =", "i=1@6", "1: a value is missing: the line, 2: a value is missing: the line, 3: a value is missing: the line, 4: a value is missing: the line, 5: a value is missing: the line, 7: a value is missing: the line"},
		"no value, CRLF":   {"a =\r\nb = 1\r\n", "b=1@2", "1: a value is missing: the line"},
		"two values":       {"a = = 1\n", "", "1: unexpected character U+003D"},
		"syntax last":      {"a = 1\na = 2\nb = \n", "a=1@1", "2: the line, 3: a value is missing: the line"},
		"a heading":        {"a = 1\n[t\nb = 2\n[u]\nc = 3\n", "a=1@1 u.c=3@5", "2: lines 2 to 3"},
		"twice a table":    {"[t]\na = 1\n[t]\nb = 2\n[u]\nc = 3\n", "t.a=1@2 u.c=3@6", "3: lines 3 to 4"},
		"an open list":     {"a = 1\nb = [\n \"x\",\nc = 2\n[u]\nd = 3\n", "a=1@1 u.d=3@6", "2: lines 2 to 4"},
		"inside a list":    {"b = [\n \"x\",\n maybe,\n]\nc = 2\n[u]\nd = 3\n", "u.d=3@7", "1: lines 1 to 5"},
		"an open text":     {"a = 1\nb = \"\"\"\n[t]\nc = 2\n", "a=1@1", "2: the rest of the file"},
		"inside a text":    {"a = 1\nb = \"\"\"\n\\q\n[t]\nc = 2\n\"\"\"\n[u]\nd = 3\n", "a=1@1", "2: the rest of the file"},
		"an open table":    {"a = { b = 1,\nc = 2\n", "", "1: "},
		"no text":          {"\x00\xff\n", "", "1: "},
		"UTF-16":           {"\xff\xfea\x00 \x00=\x00 \x001\x00\n\x00", "", "1: UTF-16: save it as UTF-8"},
		"CRLF and a mark":  {"\ufeffa = 1\r\nb = maybe\r\n[t]\r\nc = 3\r\n", "a=1@1 t.c=3@4", "2: the line"},
		"CR":               {"a = 1\rb = maybe\r[t]\rc = 3\r", "a=1@1 t.c=3@4", "2: the line"},
		"the last heading": {"a = 1\n[", "a=1@1", "2: the line"},
	} {
		t.Run(name, func(t *testing.T) {
			f := Parse([]byte(test.content))
			var got []string
			for _, s := range f.Settings {
				got = append(got, fmt.Sprintf("%s=%v@%d", s.Name, s.Value, s.Line))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			var problems []string
			for _, p := range f.Problems {
				problems = append(problems, fmt.Sprintf("%d: %s", p.Line, p.Reason))
			}
			wants := strings.Split(test.problems, ", ")
			if len(problems) != len(wants) {
				t.Fatalf("got the problems %q, want %q", problems, wants)
			}
			for i, want := range wants {
				line, what, _ := strings.Cut(want, " ")
				if !strings.HasPrefix(problems[i], line) || !strings.Contains(problems[i], what) {
					t.Errorf("got the problem %q, want %q", problems[i], want)
				}
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a = 1\n[t]\nb = [1,\n2]\nc = \"\"\"\nx\"\"\"\n")
	f.Fuzz(func(t *testing.T, content string) {
		parsed := Parse([]byte(content))
		for _, s := range parsed.Settings {
			if s.Line < 1 || s.Line > strings.Count(content, "\n")+strings.Count(content, "\r")+1 || len(s.Path) == 0 {
				t.Fatalf("%+v", s)
			}
		}
		if len(parsed.Problems) > maxInvalid+1 {
			t.Fatalf("%d problems", len(parsed.Problems))
		}
	})
}
