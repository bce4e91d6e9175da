package jsonrepair

import (
	"bytes"

	"sbwatch/model/jsonscan"
)

// quoted repairs a string or a key that starts with a double or a single quote.
func (r *Repairer) quoted(i int) int {
	quote := r.text[i]
	if quote == '\'' {
		r.Faults[Quote]++
	}
	r.put('"')
	for i++; i < len(r.text); {
		switch c := r.text[i]; {
		case c == quote:
			r.put('"')
			return i + 1
		case c == '"':
			r.put('\\', '"')
			i++
		case c == '\\':
			if i = r.escape(i); i < 0 {
				return i
			}
		case c == '\n' && r.valueFollows(i+1):
			return ^i // the line was cut, and the next value starts
		case c < ' ':
			r.escapeControl(c)
			i++
		default:
			end := i + 1
			for end < len(r.text) && r.text[end] >= ' ' && r.text[end] != '"' && r.text[end] != '\'' && r.text[end] != '\\' {
				end++
			}
			r.put(r.text[i:end]...)
			i = end
		}
	}
	return ^len(r.text)
}

// valueFollows reports whether an array or object follows at offset i, directly or after white space.
func (r *Repairer) valueFollows(i int) bool {
	i = jsonscan.Space(r.text, i)
	return i < len(r.text) && (r.text[i] == '{' || r.text[i] == '[')
}

// escapeControl appends a control character as an escape.
func (r *Repairer) escapeControl(c byte) {
	const digits = "0123456789abcdef"
	r.Faults[Escape]++
	switch c {
	case '\n':
		r.put('\\', 'n')
	case '\r':
		r.put('\\', 'r')
	case '\t':
		r.put('\\', 't')
	default:
		r.put('\\', 'u', '0', '0', digits[c>>4], digits[c&0xf])
	}
}

// escape repairs an escape. A backslash that does not start a valid escape becomes an escaped backslash.
func (r *Repairer) escape(i int) int {
	const shortEscape, hexEscape, longEscape = 2, 4, 6
	if i+1 >= len(r.text) {
		return ^len(r.text)
	}
	c := r.text[i+1]
	switch {
	case bytes.IndexByte([]byte(`"\/bfnrt`), c) >= 0:
		r.put(r.text[i : i+shortEscape]...)
		return i + shortEscape
	case c == '\'':
		r.Faults[Escape]++
		r.put('\'')
		return i + shortEscape
	case (c == 'u' || c == 'x') && i+longEscape > len(r.text) && !r.ended:
		return ^len(r.text)
	case c == 'u' && areHex(r.text, i+2, i+longEscape):
		r.put(r.text[i : i+longEscape]...)
		return i + longEscape
	case c == 'x' && areHex(r.text, i+2, i+hexEscape):
		r.Faults[Escape]++
		r.put('\\', 'u', '0', '0')
		r.put(r.text[i+2 : i+hexEscape]...)
		return i + hexEscape
	default:
		r.Faults[Escape]++
		r.put('\\', '\\')
		return i + 1
	}
}

// areHex reports whether text[start:end] is within the text and consists of hexadecimal digits.
func areHex(text []byte, start, end int) bool {
	if end > len(text) {
		return false
	}
	for _, c := range text[start:end] {
		if (c < '0' || c > '9') && (c|' ' < 'a' || c|' ' > 'f') {
			return false
		}
	}
	return true
}
