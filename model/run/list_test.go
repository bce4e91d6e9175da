package run

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseIDs(t *testing.T) {
	for name, test := range map[string]struct{ list, want string }{
		"one per line":     {"a\nb\n", "1:a 2:b"},
		"no last newline":  {"a\nb", "1:a 2:b"},
		"comments":         {"# nightly\na # prices\n#b\n\n  c\t# d e f\n", "2:a 5:c"},
		"# inside an id":   {"a#b\n", "1:a#b"},
		"Windows":          {"\ufeffa\r\nb\r\n", "1:a 2:b"},
		"kinds":            {"run a\nrecipe b\nc\nrun\n", "1:run a 2:recipe b 3:c 4:run"},
		"nothing":          {"\n# nothing\n", ""},
		"several per line": {"a\n\nb c\n", "line 3 has several words: write one id per line"},
		"kind and several": {"run a b\n", "line 1 has several words: write one id per line"},
	} {
		t.Run(name, func(t *testing.T) {
			ids, err := ParseIDs([]byte(test.list))
			var words []string
			for _, id := range ids {
				kind := map[IDKind]string{IDOfRun: "run ", IDOfRecipe: "recipe "}[id.Kind]
				words = append(words, fmt.Sprintf("%d:%s%s", id.Line, kind, id.ID.Raw()))
			}
			got := strings.Join(words, " ")
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
