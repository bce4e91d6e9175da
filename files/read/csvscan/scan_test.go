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
