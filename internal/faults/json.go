package faults

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Quote returns text as a JSON string with as few escapes as possible. It escapes only quotes, backslashes and ASCII
// control characters. The byte 0xff becomes a lone surrogate. Other invalid UTF-8 is unchanged. Decoders must handle
// all of this.
func Quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		case r == utf8.RuneError && size == 1 && text[i] == 0xff:
			b.WriteString(`\ud800`) // a lone surrogate
		default:
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	b.WriteByte('"')
	return b.String()
}

// Items returns n JSON objects that mix hostile and ordinary keys and values. Each object has about 10 keys and values.
func Items(seed uint64, n int) []string {
	dice := newDice(seed, "items")
	keys := []string{"name", "price", "brand", "url", "tags", "dims"}
	for range 2 {
		keys = append(keys, text(dice))
	}
	items := make([]string, n)
	for i := range items {
		fields := make([]string, len(keys))
		for k, key := range keys {
			value := Quote(text(dice))
			switch dice.IntN(12) {
			case 0:
				value = pick(dice, []string{"null", "true", "1e400", "-0", "123456789012345678901234567890", "[]", "{}", `""`})
			case 1:
				value = "[" + value + "," + Quote(text(dice)) + "]"
			case 2:
				value = "{" + Quote(text(dice)) + ":" + value + `,"w":1}`
			}
			fields[k] = Quote(key) + ":" + value
		}
		items[i] = "{" + strings.Join(fields, ",") + "}"
	}
	return items
}
