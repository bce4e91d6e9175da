package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// HasEscape reports whether a JSON string has escapes. The parameter encoded is the JSON of the string without its
// quotes.
func HasEscape(encoded []byte) bool { return bytes.IndexByte(encoded, '\\') >= 0 }

// AppendQuoted appends text as a JSON string with as few escapes as possible. Invalid UTF-8 is kept.
func AppendQuoted(dst, text []byte) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	if all, ok := appendUnescaped(dst, text); ok {
		return append(all, '"')
	}
	for {
		plain := indexSpecial(text)
		if plain == len(text) {
			return append(append(dst, text...), '"')
		}
		dst = append(dst, text[:plain]...)
		if c := text[plain]; c < ' ' {
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&0xf])
		} else {
			dst = append(dst, '\\', c)
		}
		text = text[plain+1:]
	}
}

// appendUnescaped appends text if it needs no escapes. It copies and checks eight bytes at a time. It returns false if
// text needs escapes, or is short, or if dst has no room for it.
func appendUnescaped(dst, text []byte) ([]byte, bool) {
	const size = 8
	end := len(dst) + len(text)
	if len(text) < size || end > cap(dst) {
		return dst, false
	}
	copied := dst[len(dst):end]
	last := len(text) - size
	for i := 0; i < last; i += size {
		word := binary.LittleEndian.Uint64(text[i:])
		if specials(word) != 0 {
			return dst, false
		}
		binary.LittleEndian.PutUint64(copied[i:], word)
	}
	word := binary.LittleEndian.Uint64(text[last:]) // may overlap the word before
	if specials(word) != 0 {
		return dst, false
	}
	binary.LittleEndian.PutUint64(copied[last:], word)
	return dst[:end], true
}

// HasSpecial reports whether one of the first n of the eight bytes in a word is a quote, backslash or control character.
// The first byte is the lowest. If n is greater than 8, all bytes count.
func HasSpecial(word uint64, n int) bool { return specials(word)<<(64-8*min(n, 8)) != 0 }

// indexSpecial returns the offset of the first quote, backslash or control character, or the length of text if there is
// none.
func indexSpecial(text []byte) int {
	i := 0
	for ; len(text)-i >= 8; i += 8 {
		if found := specials(binary.LittleEndian.Uint64(text[i:])); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(text); i++ {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			return i
		}
	}
	return i
}

// Decoded returns the decoded content of a JSON string. The parameter encoded is the JSON of the string without its
// quotes. If there are no escapes, Decoded returns encoded itself. Otherwise it decodes into scratch, and the result is
// valid until scratch is reused.
func Decoded(encoded []byte, scratch *[]byte) []byte {
	if !HasEscape(encoded) {
		return encoded
	}
	*scratch = AppendDecoded((*scratch)[:0], encoded)
	return *scratch
}

// AppendDecoded appends the decoded content of a JSON string. The parameter encoded is the JSON of the string without
// its quotes. An unpaired surrogate becomes U+FFFD. Invalid UTF-8 is kept.
func AppendDecoded(dst, encoded []byte) []byte {
	for {
		escape := bytes.IndexByte(encoded, '\\')
		if escape < 0 || escape+1 >= len(encoded) {
			return append(dst, encoded...)
		}
		dst = append(dst, encoded[:escape]...)
		encoded = encoded[escape+1:]
		c := encoded[0]
		encoded = encoded[1:]
		switch c {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			var r rune
			r, encoded = decodeUnit(encoded)
			if utf16.IsSurrogate(r) {
				r, encoded = joinSurrogates(r, encoded)
			}
			dst = utf8.AppendRune(dst, r)
			continue
		}
		dst = append(dst, c)
	}
}

// decodeUnit decodes the four hexadecimal digits of an escape such as \u00e9. The parameter encoded starts after \u.
// decodeUnit also returns the text after the digits.
func decodeUnit(encoded []byte) (rune, []byte) {
	r := rune(0)
	digits := encoded[:min(4, len(encoded))]
	for _, c := range digits {
		switch {
		case isDigit(c):
			c -= '0'
		default:
			c = c | ' ' - 'a' + 10
		}
		r = r<<4 | rune(c&0xf)
	}
	return r, encoded[len(digits):]
}

// joinSurrogates returns the character of a surrogate pair, and the text after the pair. The parameter first is the
// first half, and encoded starts with the escape for the second half.
func joinSurrogates(first rune, encoded []byte) (rune, []byte) {
	if len(encoded) >= longEscape && encoded[0] == '\\' && encoded[1] == 'u' {
		second, rest := decodeUnit(encoded[2:])
		if joined := utf16.DecodeRune(first, second); joined != utf8.RuneError {
			return joined, rest
		}
	}
	return utf8.RuneError, encoded
}

// CutBetweenEscapes removes an escape, or a surrogate pair, that may be incomplete at the end of a JSON string.
func CutBetweenEscapes(encoded []byte) []byte {
	for at := 0; ; {
		next := bytes.IndexByte(encoded[at:], '\\')
		if next < 0 {
			return encoded
		}
		at += next
		length := escapeLength(encoded[at:])
		if length > len(encoded)-at {
			return encoded[:at]
		}
		at += length
	}
}

// Lengths of the escapes \n and \u00e9, and of a surrogate pair such as \ud83d\ude00, in bytes.
const (
	shortEscape = 2
	longEscape  = 6
	pairEscape  = 2 * longEscape
)

// escapeLength returns the length of the escape at the start of encoded. The escape may be incomplete.
func escapeLength(encoded []byte) int {
	if len(encoded) < shortEscape || encoded[1] != 'u' {
		return shortEscape
	}
	if len(encoded) < longEscape {
		return longEscape
	}
	if r, rest := decodeUnit(encoded[2:]); r >= 0xd800 && r < 0xdc00 && len(rest) < longEscape {
		return pairEscape
	}
	return longEscape
}
