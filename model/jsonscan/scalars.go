package jsonscan

import "iter"

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
