package jsonscan

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// QuoteInText stands for a quote that a string says, in what [AppendPlain] makes.
const QuoteInText = 0

// AppendPlain appends to dst JSON text that was checked before with the escapes of its strings, and of its keys, replaced
// by what they say, except that a quote in a string becomes [QuoteInText]: so every quote in it still begins or ends a
// string. It is never longer than text.
//
// It is [AppendDecoded] for much text at once, most of which may be escapes.
func AppendPlain(dst, text []byte) []byte {
	for {
		escape := bytes.IndexByte(text, '\\')
		if escape < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:escape]...)
		text = text[escape:]
		for len(text) >= shortEscape && text[0] == '\\' {
			if text[1] == 'u' {
				dst, text = appendUnit(dst, text)
				continue
			}
			dst = append(dst, plainEscape(text[1]))
			text = text[shortEscape:]
		}
		if len(text) == 1 {
			return append(dst, text...)
		}
	}
}

// plainEscape is what a backslash and c say.
func plainEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case '"':
		return QuoteInText
	default:
		return c
	}
}

// appendUnit appends what the \u that text begins with says, and gives the rest.
func appendUnit(dst, text []byte) (appended, rest []byte) {
	if len(text) < longEscape {
		return append(dst, text...), nil
	}
	// All four digits at once: letters have a bit that digits lack, and are 9 more than their lower half says.
	digits := binary.BigEndian.Uint32(text[2:])
	digits = digits&0x0f0f0f0f + 9*(digits>>6&0x01010101)
	r := rune(digits>>12&0xf000 | digits>>8&0xf00 | digits>>4&0xf0 | digits&0xf)
	text = text[longEscape:]
	switch {
	case r == '"':
		return append(dst, QuoteInText), text
	case r < utf8.RuneSelf:
		return append(dst, byte(r)), text
	case utf16.IsSurrogate(r):
		r, text = joinSurrogates(r, text)
	}
	return utf8.AppendRune(dst, r), text
}
