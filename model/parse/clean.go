package parse

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// maxClean is the maximum length in bytes of text that is cleaned. Longer text is neither a number nor a date.
const maxClean = 256

// contents says which kinds of characters a text contains.
type contents struct{ digits, wide bool }

// contentsOf reports whether text contains ASCII digits and whether it contains non-ASCII characters. Most text
// contains neither and needs no further checks. To be fast, contentsOf reads eight bytes at a time.
func contentsOf(text []byte) contents {
	const size = 8
	if len(text) < size {
		var word uint64
		for _, c := range text {
			word = word<<8 | uint64(c)
		}
		return contents{digitsIn(word)&highs != 0, word&highs != 0}
	}
	var digits, wide uint64
	for i := 0; i+size <= len(text); i += size {
		word := binary.LittleEndian.Uint64(text[i:])
		digits |= digitsIn(word)
		wide |= word
	}
	last := binary.LittleEndian.Uint64(text[len(text)-size:])
	return contents{(digits|digitsIn(last))&highs != 0, (wide|last)&highs != 0}
}

// Constants for the bytes of a word.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// digitsIn finds the digits in a word. The highest bit of each byte of the result is set if that byte of word is a
// digit. The other bits are undefined.
func digitsIn(word uint64) uint64 {
	low := word &^ highs
	return (low + ('\x80'-'0')*ones) &^ (low + ('\x80'-'9'-1)*ones) &^ word
}

// clean returns text without invisible characters, and with ASCII digits, letters and spaces in place of their
// variants: "٣٤" and "３４" become "34". If nothing changes, it returns text itself. That is the case for all ASCII text.
// Otherwise it returns a slice of buffer.
func clean(text []byte, buffer *[maxClean]byte) []byte {
	if len(text) > maxClean || isClean(text) {
		return text
	}
	cleaned := buffer[:0]
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch c := plainRune(r); {
		case r < utf8.RuneSelf || c == r:
			cleaned = append(cleaned, text[i:i+size]...) // also invalid UTF-8
		case c >= 0:
			cleaned = append(cleaned, byte(c))
		}
		i += size
	}
	return cleaned
}

// isClean reports whether the function clean would return text unchanged.
func isClean(text []byte) bool {
	for i, c := range text {
		if c < utf8.RuneSelf || !mayNeedCleaning(c, text[min(i+1, len(text)-1)]) {
			continue
		}
		if r, _ := utf8.DecodeRune(text[i:]); plainRune(r) != r {
			return false
		}
	}
	return true
}

// mayNeedCleaning reports whether the function clean may change a character. The parameters are the first two bytes of
// the character.
func mayNeedCleaning(first, second byte) bool {
	switch first {
	case 0xc2: // the soft hyphen
		return second == 0xad
	case 0xe2: // characters that are replaced or removed; currency signs come later in this block of Unicode
		return second < 0x82
	case 0xd8, 0xd9, 0xdb, 0xe0, 0xe1, 0xe3, 0xef:
		return true
	default:
		return false
	}
}

// plainRune returns the ASCII character of which r is a variant. It returns -1 if r is invisible, and otherwise r
// itself. The thousands separator of Arabic numbers becomes an apostrophe, because an apostrophe always separates
// thousands.
func plainRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf, r >= '\u2010' && r <= '\u2027', r >= '\u20a0' && r <= '\u2fff':
		return r // the common punctuation and currencies
	case IsInvisible(r):
		return -1
	case r >= '！' && r <= '～' && r != '＄': // full-width forms
		return r - '！' + '!'
	case r == '٫':
		return dot
	case r == '٬':
		return apostrophe
	case r == '\u00a0' || r == '\u202f' || r == '\u2007' || r == '\u2009':
		return r // spaces that can separate thousands
	case unicode.Is(unicode.Zs, r):
		return space
	case r < '\u2000' && unicode.Is(unicode.Nd, r):
		return '0' + digitValue(r)
	default:
		return r
	}
}

// digitValue returns the value of a decimal digit of any script. The ten digits of a script are consecutive.
func digitValue(r rune) rune {
	zero := r
	for r-zero < 9 && unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return r - zero
}

// IsInvisible reports whether r is an invisible character without a meaning in a number: a zero-width space, a mark of
// the writing direction, a soft hyphen, a byte order mark, a joiner, or a variation selector.
func IsInvisible(r rune) bool {
	switch {
	case r == '\u00ad', r == '\u061c', r == '\u180e', r == '\ufeff':
		return true
	case r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u2069':
		return true
	default:
		return r >= '\ufe00' && r <= '\ufe0f'
	}
}
