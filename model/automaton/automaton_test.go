package automaton

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func matcherOf(expression string) *Matcher {
	return New(expression, regexp.MustCompile(expression)).Matcher()
}

// FuzzMatch compares matches with those of package regexp.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{
		{`(a|aa)+$`, "aaab"},
		{`\bfoo\b`, "a foo."},
		{`(?m)^b$`, "a\nb\nc"},
		{`^\s*$`, ""},
		{`[^x]`, "\xff"},
		{`(?i)k`, "\u212a"},
		{`a.c`, "a\nc"},
		{`\Bx`, "xx"},
		{`(?s).\z`, "é"},
		{`x*`, ""},
		{`[\p{L}\d]{3}`, "日本語"},
		{`^(?:a|^b)`, "b"},
		{`$^`, ""},
		{`(?m)$\n^`, "a\nb"},
		{"\ufffd", "\xff"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, expression, text string) {
		compiled, err := regexp.Compile(expression)
		if err != nil {
			t.Skip(err)
		}
		m := New(expression, compiled).Matcher()
		for from := range min(len(text), 4) + 1 {
			if got, want := m.Match([]byte(text[from:])), compiled.MatchString(text[from:]); got != want {
				t.Fatalf("%q matches %q: %t, want %t", expression, text[from:], got, want)
			}
		}
	})
}

func TestMatchesAreThoseOfRegexp(t *testing.T) {
	parts := []string{`a`, `b`, `.`, `é`, `[^a]`, `[a-cé]`, `\b`, `\B`, `^`, `$`, `(?m:^)`, `(?m:$)`, `\n`, `(?i:k)`, `(?s:.)`, `\w`, `\pL`, `\z`, `a{2,3}`, ``}
	rapid.Check(t, func(t *rapid.T) {
		expression := ""
		for range rapid.IntRange(1, 5).Draw(t, "parts") {
			part := rapid.SampledFrom(parts).Draw(t, "part")
			switch rapid.IntRange(0, 6).Draw(t, "form") {
			case 0:
				part = "(?:" + part + ")*"
			case 1:
				part = "(?:" + part + "|" + rapid.SampledFrom(parts).Draw(t, "or") + ")"
			case 2:
				part = "(" + part + ")+?"
			}
			expression += part
		}
		m := matcherOf(expression)
		for range 8 {
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "é", "\n", " ", "k", "K", "\u212a", "\xff", "日"}), 0, 8).Draw(t, "text"), "")
			if got, want := m.Match([]byte(text)), m.fallback.MatchString(text); got != want {
				t.Fatalf("%q matches %q: %t, want %t", expression, text, got, want)
			}
		}
	})
}

// TestManyStatesAreForgotten matches expressions that need more states than are kept.
func TestManyStatesAreForgotten(t *testing.T) {
	for expression, overfull := range map[string]bool{`[ab]*a[ab]{18}c`: true, `(?i)[a-z ]+ \d+ (x|yy|zzz)+$`: false} {
		m := matcherOf(expression)
		var text strings.Builder
		random := rand.New(rand.NewPCG(1, 2))
		for i := range 60_000 {
			text.WriteByte("ab"[random.IntN(2)])
			if i*i%1013 == 0 {
				fmt.Fprintf(&text, "%d", i)
			}
		}
		text.WriteString("abbabababababababababc")
		for from := 0; from < text.Len(); from += 5000 {
			if got, want := m.Match([]byte(text.String()[from:])), m.fallback.MatchString(text.String()[from:]); got != want {
				t.Fatalf("%q matches from %d: %t, want %t", expression, from, got, want)
			}
		}
		if m.isOverfull != overfull {
			t.Errorf("%q: package regexp takes over: %t, want %t", expression, m.isOverfull, overfull)
		}
	}
}

// TestMatchingTakesLinearTime compares the times for texts of two sizes.
func TestMatchingTakesLinearTime(t *testing.T) {
	for _, expression := range []string{`(a|aa)+$`, `(a*)*b`, `(x+x+)+y`, `(.*)(.*)(.*)[^a]`} {
		took := func(size int) time.Duration {
			text := []byte(strings.Repeat("a", size) + "!")
			shortest := time.Hour
			for range 5 {
				began := time.Now()
				matcherOf(expression).Match(text)
				shortest = min(shortest, time.Since(began))
			}
			return shortest
		}
		took(1000)
		if small, large := took(100_000), took(800_000); large > 8*6*small+20*time.Millisecond {
			t.Errorf("%q: %v, of 8 times the text %v", expression, small, large)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	text := []byte(strings.Repeat("River Table leather Coffee Premium of solar Natural ", 10) + "No. 123")
	for _, expression := range []string{`[aeiou]{3}[^ ]* [0-9]{6}`, `(?i)solar lamp|river table x|coffee set`} {
		m := matcherOf(expression)
		b.Run(expression, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				m.Match(text)
			}
		})
	}
}
