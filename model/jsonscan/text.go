package jsonscan

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// HasEscape tells whether a JSON string has escapes; sent is what stands between its quotes, as everywhere in this file.
func HasEscape(sent []byte) bool { return bytes.IndexByte(sent, '\\') >= 0 }

// AppendQuoted appends a text as a JSON string, in which nothing is escaped but what must be. Bytes that are not UTF-8 stay as
// they are.
func AppendQuoted(dst, text []byte) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	plain := 0 // what is not escaped and not appended yet begins here
	for i, c := range text {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, text[plain:i]...)
		plain = i + 1
		if c < ' ' {
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&0xf])
		} else {
			dst = append(dst, '\\', c)
		}
	}
	return append(append(dst, text[plain:]...), '"')
}

// Decoded is what a JSON string says, given what stands between its quotes: that itself where it has no escapes; else it is
// decoded into scratch, and good until scratch is used again.
func Decoded(sent []byte, scratch *[]byte) []byte {
	if !HasEscape(sent) {
		return sent
	}
	*scratch = AppendDecoded((*scratch)[:0], sent)
	return *scratch
}

// AppendDecoded appends to dst what a JSON string says. Half a surrogate pair
// becomes U+FFFD. Bytes that are not UTF-8 are kept as they are.
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

// decodeUnit reads the four digits after \u, and gives the rest.
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

// joinSurrogates completes a character by the escape after its first half.
func joinSurrogates(first rune, sent []byte) (rune, []byte) {
	if len(sent) >= longEscape && sent[0] == '\\' && sent[1] == 'u' {
		second, rest := decodeUnit(sent[2:])
		if joined := utf16.DecodeRune(first, second); joined != utf8.RuneError {
			return joined, rest
		}
	}
	return utf8.RuneError, sent
}

// CutBetweenEscapes leaves off an escape, or a pair of surrogates, that the end of sent may have cut.
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

// Lengths of escapes: \n, \u00e9, and a pair of surrogates.
const (
	shortEscape = 2
	longEscape  = 6
	pairEscape  = 2 * longEscape
)

// escapeLength is the length of the escape that sent begins with, which may go on behind its end.
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
