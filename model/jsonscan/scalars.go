package jsonscan

import "iter"

// Scalars returns the strings, numbers, booleans and nulls in a valid JSON value, at any depth, as JSON. Keys are not
// included. If value is itself a scalar, Scalars returns just value. It reads the value only once, at any nesting
// depth.
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
				for i < len(value) && IsWordChar(value[i]) {
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

// IsWordChar reports whether c can be part of a number, true, false or null.
func IsWordChar[C byte | rune](c C) bool {
	return '0' <= c && c <= '9' || 'a' <= c|' ' && c|' ' <= 'z' || c == '-' || c == '+' || c == '.'
}
