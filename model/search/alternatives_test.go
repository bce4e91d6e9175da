package search

import (
	"slices"
	"strings"
	"testing"
)

func TestAlternatives(t *testing.T) {
	for _, test := range []struct {
		pattern    string
		want       []string // nil if there are none
		isComplete bool
	}{
		{"solar lamp|river table|coffee set", []string{"solar lamp", "river table", "coffee set"}, true},
		{"river (table|lamp)s?", []string{"river tables", "river table", "river lamps", "river lamp"}, true},
		{"gr[ae]y cat", []string{"gray cat", "grey cat"}, true},
		{"^(lamp|desk)$", []string{"lamp", "desk"}, false},
		{"[0-9]+ (lamp|desk)s [a-z]", []string{" lamps ", " desks "}, false},
		{"(red|green)+", []string{"red", "green"}, false},
		{"Lamp|DESK", []string{"Lamp", "DESK"}, true},
		{"lamp|.*", nil, false},
		{"lamp|x", nil, false},
		{"(?-i:lamp)", nil, false},
		{"lamp|(?-i:desk)", nil, false},
		{"[a-z]{4}", nil, false},
		{"café", nil, false},
	} {
		expression, err := newExpression(test.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if expression.alternatives == nil {
			if test.want != nil {
				t.Errorf("%s has no alternatives, want %q", test.pattern, test.want)
			}
			continue
		}
		var got []string
		for _, l := range expression.alternatives.literals {
			got = append(got, l.typed)
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) || expression.alternatives.isComplete != test.isComplete {
			t.Errorf("%s has alternatives %q, complete: %v, want %q, %v", test.pattern, got, expression.alternatives.isComplete, test.want, test.isComplete)
		}
	}
}

// FuzzExpression compares expressions with package regexp, also for texts with letters that fold to ASCII letters.
func FuzzExpression(f *testing.F) {
	for _, pattern := range []string{"solar lamp|river table", "ris[ck]y|kiss", "(lamp|desk)s? .*x", "^(ask|SOS)", "Lamp|(?i:desk)", "sk(y|i)?p", "(?-i)ask[sS]", `a\b(ksk|sss)`, "(ab){2,3}c+|x.."} {
		for _, value := range []string{"a solar LAMP", "RISKY, ri\u017fcy, KI\u017f\u017f", "desks and x", "\u212aiss", "aSk", "SKYP", "SOS", "café kiss", "ababc", "ab", "xéy", "xy"} {
			f.Add(pattern, value)
		}
	}
	f.Fuzz(func(t *testing.T, pattern, value string) {
		expression, err := newExpression(pattern)
		if err != nil || len(pattern) > 200 {
			return
		}
		matches := expression.forOne()
		for _, text := range []string{value, strings.ToLower(value), value + " and more text, so that several words of eight bytes are read"} {
			if got, want := matches.matchIn([]byte(text)), expression.compiled.MatchString(text); got != want {
				t.Errorf("%q in %q: %v, want %v", pattern, text, got, want)
			}
		}
	})
}
