package csvscan

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// Quotes are found and decoded in words of eight bytes. The position of a quote in its word makes no difference.
func TestDoubledQuotesAreDecodedAtEachOffset(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const characters = "\"\"ab,\x00\n\xa2!#"
	for range 5_000 {
		var decoded strings.Builder
		for range random.IntN(60) {
			decoded.WriteByte(characters[random.IntN(len(characters))])
		}
		want := decoded.String()
		text := `"` + strings.ReplaceAll(want, `"`, `""`) + `",x` + "\n"
		fields, end, err := Record(nil, []byte(text), Dialect{Delimiter: ','}, 10)
		if err != nil || len(fields) != 2 || end != len(text) {
			t.Fatalf("%q: %d fields that end at %d, %v", text, len(fields), end, err)
		}
		got := fields[0].AppendText([]byte("before"))
		if !bytes.Equal(got, []byte("before"+want)) || fields[0].Repaired {
			t.Fatalf("%q is decoded as %q", text, got)
		}
		single := []byte(strings.ReplaceAll(text, `"",`, `"x,`)) // quotes that are not doubled stay
		if got, want := string(appendSingle(nil, single)), strings.ReplaceAll(string(single), `""`, `"`); got != want {
			t.Fatalf("%q is decoded as %q, want %q", single, got, want)
		}
	}
}

// Pairs of quotes are skipped in words of eight bytes, with the same result as one byte at a time.
func TestDoubledQuotesAreSkippedAtEachOffset(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		text := make([]byte, random.IntN(40))
		for i := range text {
			text[i] = "\"\"\"a#!\xa2"[random.IntN(7)]
			if i > 0 && text[i-1] == '"' && random.IntN(4) > 0 {
				text[i] = '"'
			}
		}
		from := random.IntN(len(text) + 1)
		want := from
		for want < len(text) && (text[want] != '"' || want+1 < len(text) && text[want+1] == '"') {
			if text[want] == '"' {
				want++
			}
			want++
		}
		if got := skipDoubled(text, from); got != want {
			t.Fatalf("%q from %d: the first single quote is at %d, want %d", text, from, got, want)
		}
	}
}
