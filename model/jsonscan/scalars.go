package jsonscan

import (
	"bytes"
	"iter"
)

// Scalars are the strings, numbers, trues, falses and nulls within a value that was checked before, at any depth, as they
// stand in the text; a value that is one of these is its only one. Keys are not among them. It takes one pass, however
// deep the value is.
func Scalars(value []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := 0; i < len(value); {
			from := i
			switch value[i] {
			case '"':
				if i = scanString(value, i+1, nil); i < 0 {
					return
				}
				if colon := Space(value, i); colon < len(value) && value[colon] == ':' {
					i = colon + 1
					continue
				}
			case '{', '}', '[', ']', ',', ' ', '\n', '\r', '\t':
				i++
				continue
			default:
				for i < len(value) && IsOfWord(value[i]) {
					i++
				}
				if i == from {
					return
				}
			}
			if !yield(value[from:i]) {
				return
			}
		}
	}
}

// IsOfWord tells whether c can be a part of a number, or of true, false or null.
func IsOfWord[C byte | rune](c C) bool {
	return '0' <= c && c <= '9' || 'a' <= c|' ' && c|' ' <= 'z' || c == '-' || c == '+' || c == '.'
}

// QuoteInText stands for a quote that a string says, in what [AppendPlain] makes.
const QuoteInText = 0

// AppendPlain appends to dst JSON text that was checked before with the escapes of its strings, and of its keys, replaced
// by what they say, except that a quote in a string becomes [QuoteInText]: so every quote in it still begins or ends a
// string. It is never longer than text.
func AppendPlain(dst, text []byte) []byte {
	for {
		escape := bytes.IndexByte(text, '\\')
		if escape < 0 || escape+1 >= len(text) {
			return append(dst, text...)
		}
		dst = append(dst, text[:escape]...)
		from := len(dst)
		end := escape
		for end+1 < len(text) && text[end] == '\\' {
			if text[end+1] == 'u' {
				end += longEscape
			} else {
				end += shortEscape
			}
		}
		end = min(end, len(text))
		dst = AppendDecoded(dst, text[escape:end])
		for i, c := range dst[from:] {
			if c == '"' {
				dst[from+i] = QuoteInText
			}
		}
		text = text[end:]
	}
}
