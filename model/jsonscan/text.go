package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// HasEscape reports whether a JSON string has escapes. sent is the JSON of the string without its quotes, as everywhere
// in this file.
func HasEscape(sent []byte) bool { return bytes.IndexByte(sent, '\\') >= 0 }

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

// Decoded returns the decoded content of a JSON string. If there are no escapes, it returns sent itself. Otherwise it
// decodes into scratch, and the result is valid until scratch is reused.
func Decoded(sent []byte, scratch *[]byte) []byte {
	if !HasEscape(sent) {
		return sent
	}
	*scratch = AppendDecoded((*scratch)[:0], sent)
	return *scratch
}

// AppendDecoded appends the decoded content of a JSON string. An unpaired surrogate becomes U+FFFD. Invalid UTF-8 is
// kept.
func AppendDecoded(dst, sent []byte) []byte {
	for {
		escape := bytes.IndexByte(sent, '\\')
		if escape < 0 || escape+1 >= len(sent) {
			return append(dst, sent...)
		}
		dst = append(dst, sent[:escape]...)
		sent = sent[escape+1:]
		c := sent[0]
		sent = sent[1:]
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
			r, sent = decodeUnit(sent)
			if utf16.IsSurrogate(r) {
				r, sent = joinSurrogates(r, sent)
			}
			dst = utf8.AppendRune(dst, r)
			continue
		}
		dst = append(dst, c)
	}
}

// decodeUnit decodes the four digits after \u and returns the rest.
func decodeUnit(sent []byte) (rune, []byte) {
	r := rune(0)
	digits := sent[:min(4, len(sent))]
	for _, c := range digits {
		switch {
		case isDigit(c):
			c -= '0'
		default:
			c = c | ' ' - 'a' + 10
		}
		r = r<<4 | rune(c&0xf)
	}
	return r, sent[len(digits):]
}

// joinSurrogates completes a surrogate pair: first is its first half, and sent starts with the escape for the second.
func joinSurrogates(first rune, sent []byte) (rune, []byte) {
	if len(sent) >= longEscape && sent[0] == '\\' && sent[1] == 'u' {
		second, rest := decodeUnit(sent[2:])
		if joined := utf16.DecodeRune(first, second); joined != utf8.RuneError {
			return joined, rest
		}
	}
	return utf8.RuneError, sent
}

// CutBetweenEscapes removes an escape, or a surrogate pair, that may be incomplete at the end of sent.
func CutBetweenEscapes(sent []byte) []byte {
	for at := 0; ; {
		next := bytes.IndexByte(sent[at:], '\\')
		if next < 0 {
			return sent
		}
		at += next
		length := escapeLength(sent[at:])
		if length > len(sent)-at {
			return sent[:at]
		}
		at += length
	}
}

// Lengths of \n, of \u00e9 and of a surrogate pair.
const (
	shortEscape = 2
	longEscape  = 6
	pairEscape  = 2 * longEscape
)

// escapeLength returns the length of the escape at the start of sent, which may be incomplete.
func escapeLength(sent []byte) int {
	if len(sent) < shortEscape || sent[1] != 'u' {
		return shortEscape
	}
	if len(sent) < longEscape {
		return longEscape
	}
	if r, rest := decodeUnit(sent[2:]); r >= 0xd800 && r < 0xdc00 && len(rest) < longEscape {
		return pairEscape
	}
	return longEscape
}
