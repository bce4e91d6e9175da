package jsonscan

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// QuoteInText is the byte that replaces a quote within a string in the output of [AppendPlain].
const QuoteInText = 0

// AppendPlain appends valid JSON text with all escapes decoded, in strings and in keys. A quote within a string becomes
// [QuoteInText], so that every remaining quote starts or ends a string. The output is never longer than text.
//
// AppendPlain is a faster [AppendDecoded] for long text with many escapes.
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

// plainEscape returns the byte that a backslash and c stand for, such as a line break for 'n'.
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

// appendUnit appends the character for the \u escape at the start of text. The result rest is the text after the
// escape.
func appendUnit(dst, text []byte) (appended, rest []byte) {
	if len(text) < longEscape {
		return append(dst, text...), nil
	}
	// All four digits are decoded at once. A letter has a bit that no digit has. The value of a letter is its lower
	// four bits plus 9.
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
