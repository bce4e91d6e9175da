package draw

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// ASCII replaces all characters in s that are not ASCII, because a terminal that does not read UTF-8 would show garbage
// or treat some bytes as control characters. Signs that the dashboard draws, such as ✓, become similar ASCII
// characters, such as +. Other characters become question marks. The width in cells stays the same.
func (p Painter) ASCII(s string) string {
	at := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		if s[0] < utf8.RuneSelf {
			b.WriteByte(s[0])
			s = s[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		if sign, known := asciiSign(r); known {
			b.WriteByte(sign)
			s = s[size:]
			continue
		}
		cluster, width := ansi.FirstGraphemeCluster(s, p.Method)
		b.WriteString(strings.Repeat("?", width))
		s = s[len(cluster):]
	}
	return b.String()
}

// asciiSign returns the ASCII character that replaces a sign, such as + for ✓. It returns false if the sign has no
// replacement.
func asciiSign(r rune) (byte, bool) {
	if r >= brailleFirst && r <= brailleLast {
		return asciiDots(r - brailleFirst), true
	}
	// Each sign in this string is followed by its replacement.
	const signs = "✓+✗x●*○o■#▸>›>→>↑^↓v←<·.…~–-—-×x━=─-╸-┄~│|┃#┼+├+┤+┬+┴+└+┘+┌+┐+╭+╮+╰+╯+█#▇*▆+▅=▄-▃:▂.▁_▀\"▘,"
	for i, sign := range signs {
		if sign == r {
			return signs[i+utf8.RuneLen(sign)], true
		}
	}
	return 0, false
}

// The range of the braille characters. Charts consist of these characters. The low eight bits of a braille character
// are its dots.
const (
	brailleFirst = 0x2800
	brailleLast  = 0x28ff
)

// asciiDots returns the ASCII replacement for a braille character: "'" for dots in the upper half only, "." for dots in
// the lower half only, and ":" for dots in both halves.
func asciiDots(dots rune) byte {
	const top, bottom = 0x01 | 0x08 | 0x02 | 0x10, 0x04 | 0x20 | 0x40 | 0x80
	switch {
	case dots == 0:
		return ' '
	case dots&bottom == 0:
		return '\''
	case dots&top == 0:
		return '.'
	default:
		return ':'
	}
}
