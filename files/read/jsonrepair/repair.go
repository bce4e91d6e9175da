// Package jsonrepair reads text that is almost JSON, as written by careless programs and by people. It accepts faults
// whose meaning is clear:
//
//   - the numbers NaN, Infinity, +5, .5 and the like
//   - commas before a closing bracket, comments, and byte order marks
//   - strings in single quotes, and keys without quotes
//   - words of Python, such as True and None
//   - line breaks, tabs and single backslashes in strings
//
// It rejects text that was cut off or garbled.
package jsonrepair

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"sbwatch/model/jsonscan"
)

// Kind is a kind of fault that can be repaired.
type Kind int

// The kinds of faults.
const (
	// NonFinite is one of the numbers NaN, Infinity and -Infinity, which JSON does not allow.
	NonFinite Kind = iota
	// Comma is a comma before a closing bracket.
	Comma
	// Mark is a byte order mark between two tokens.
	Mark
	// Comment is a comment in the syntax of JavaScript.
	Comment
	// Quote is a string in single quotes, a key without quotes, a number such as +5 or .5, or a word of Python or
	// JavaScript.
	Quote
	// Escape is a control character in a string, or a backslash that does not start a JSON escape.
	Escape

	// Kinds is the number of kinds of faults.
	Kinds
)

// Repairer repairs one value at a time and reuses its buffers.
type Repairer struct {
	// Row is the repaired value. It is valid JSON except that NaN and Infinity remain.
	Row []byte
	// Valid is Row with each NaN and Infinity replaced by a number of the same length.
	Valid []byte
	// Faults is the number of faults of each kind in the value.
	Faults [Kinds]int

	text  []byte
	ended bool
	open  nesting
	// isQuiet means that the repaired text is not kept, because the caller needs only the error.
	isQuiet bool
	work    int64
}

// Value repairs the value at the start of text, and returns the offset after it. The parameter text must not start with
// white space. If ended is true, no text follows, and a number at the very end is complete. If text ends inside the
// value, the error is [jsonscan.ErrShort]. All other errors are of type [*jsonscan.SyntaxError].
func (r *Repairer) Value(text []byte, ended bool) (int, error) {
	r.Row, r.Valid, r.Faults = r.Row[:0], r.Valid[:0], [Kinds]int{}
	r.text, r.ended, r.isQuiet = text, ended, false
	r.open = nesting{levels: r.open.levels[:0]}
	return r.repair()
}

// Work returns the number of bytes that were examined so far. Bytes that were examined twice count twice.
func (r *Repairer) Work() int64 { return r.work }

// The methods below take the offset of an element and return the offset after it. If the element is invalid, they
// return ^offset, where offset is that of the first invalid byte. If the text ends too early, offset is the length of
// the text.

// put appends text to Row and Valid.
func (r *Repairer) put(text ...byte) {
	if r.isQuiet {
		return
	}
	r.Row = append(r.Row, text...)
	r.Valid = append(r.Valid, text...)
}

// scalar repairs a value that is neither an object nor an array.
func (r *Repairer) scalar(i int) int {
	switch c := r.text[i]; {
	case c == '"' || c == '\'':
		return r.quoted(i)
	case (c == '-' || c == '+') && i+1 < len(r.text) && r.text[i+1]|' ' == 'i':
		return r.word(i)
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.':
		return r.number(i)
	default:
		return r.word(i)
	}
}

// has reports whether the text at offset i starts with word.
func (r *Repairer) has(i int, word string) bool { return bytes.HasPrefix(r.text[i:], []byte(word)) }

// number copies a number, and repairs one such as +5, .5 or 5. (with a dot at the end). These three become 5, 0.5 and
// 5.0.
func (r *Repairer) number(i int) int {
	length := numberLen(r.text[i:])
	if !r.ended && i+length == len(r.text) && length < maxNumber {
		return ^len(r.text)
	}
	if fixed := fixedNumber(r.text[i : i+length]); len(fixed) > 0 {
		r.Faults[Quote]++
		r.put(fixed...)
		return i + length
	}
	end, err := jsonscan.Value(r.text[i:])
	if rest := r.text[i:]; r.ended && errors.Is(err, jsonscan.ErrShort) && len(rest) <= maxNumber {
		end, err = jsonscan.Value(append(bytes.Clone(rest), '\n'))
	}
	if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
		return ^(i + int(syntax.Offset))
	}
	if err != nil {
		return ^len(r.text)
	}
	r.put(r.text[i : i+end]...)
	return i + end
}

// numberLen returns the length of the digits, signs, dots and letters at the start of text.
func numberLen(text []byte) int {
	end := 0
	for end < min(len(text), maxNumber) && (isNameByte(text[end], true) || text[end] == '.' || text[end] == '+' || text[end] == '-') {
		end++
	}
	return end
}

// fixedNumber returns valid JSON for a number such as +5 or .5, or one that ends in a dot. It returns nil if the number
// is already valid JSON, or is not a number.
func fixedNumber(number []byte) []byte {
	var fixed []byte
	for i, c := range number {
		switch {
		case c == '+' && i == 0:
			continue
		case c == '.' && (len(fixed) == 0 || fixed[len(fixed)-1] == '-'):
			fixed = append(fixed, '0')
		case len(fixed) > 0 && fixed[len(fixed)-1] == '.' && (c < '0' || c > '9'):
			fixed = append(fixed, '0')
		}
		fixed = append(fixed, c)
	}
	if len(fixed) > 0 && fixed[len(fixed)-1] == '.' {
		fixed = append(fixed, '0')
	}
	isChanged := !bytes.Equal(fixed, number) && bytes.ContainsAny(number, "0123456789")
	if !isChanged || !jsonscan.IsNumber(fixed) {
		return nil
	}
	return fixed
}

// maxNumber is the maximum length of a number, in bytes, if the number is at the end of the text.
const maxNumber = 4 << 10

// words returns the words that are read as values. Each entry contains the word, its form in Row, and its form in
// Valid, such as "nan", "NaN" and "100". The two forms have the same length.
func words() [14][3]string {
	return [14][3]string{
		{"true", "true", "true"},
		{"false", "false", "false"},
		{"null", "null", "null"},
		{"NaN", "NaN", "100"},
		{"Infinity", "Infinity", "10000000"},
		{"-Infinity", "-Infinity", "-10000000"},
		{"+Infinity", "Infinity", "10000000"},
		{"nan", "NaN", "100"},
		{"inf", "Infinity", "10000000"},
		{"-inf", "-Infinity", "-10000000"},
		{"True", "true", "true"},
		{"False", "false", "false"},
		{"None", "null", "null"},
		{"undefined", "null", "null"},
	}
}

// word repairs a value that is a word, such as None or undefined.
func (r *Repairer) word(i int) int {
	for _, word := range words() {
		switch {
		case r.has(i, word[0]):
			if !r.isQuiet {
				r.Row = append(r.Row, word[1]...)
				r.Valid = append(r.Valid, word[2]...)
			}
			switch {
			case word[1] != word[2]:
				r.Faults[NonFinite]++
			case word[0] != word[1]:
				r.Faults[Quote]++
			}
			return i + len(word[0])
		case !r.ended && bytes.HasPrefix([]byte(word[0]), r.text[i:]):
			return ^len(r.text)
		}
	}
	return ^i
}

// short returns ^i, which says that the text ends too early, at offset i. If i is negative, an error was already found,
// and short returns i itself.
func short(i int) int {
	if i < 0 {
		return i
	}
	return ^i
}

// key repairs a key, including its colon and the white space around it.
func (r *Repairer) key(i int) int {
	if c := r.text[i]; c == '"' || c == '\'' {
		i = r.quoted(i)
	} else {
		i = r.bareKey(i)
	}
	if i < 0 {
		return i
	}
	if i = r.space(i); i < 0 || i >= len(r.text) {
		return short(i)
	}
	if r.text[i] != ':' {
		return ^i
	}
	r.put(':')
	return r.space(i + 1)
}

// bareKey repairs a key without quotes.
func (r *Repairer) bareKey(i int) int {
	from := i
	for i < len(r.text) && isNameByte(r.text[i], i > from) {
		i++
	}
	if i == from {
		return ^i
	}
	r.Faults[Quote]++
	r.put('"')
	r.put(r.text[from:i]...)
	r.put('"')
	return i
}

// isNameByte reports whether c can be part of a name in JavaScript. The parameter inside is false for the first byte of
// a name, which cannot be a digit.
func isNameByte(c byte, inside bool) bool {
	return c|' ' >= 'a' && c|' ' <= 'z' || c == '_' || c == '$' || c >= utf8.RuneSelf || inside && c >= '0' && c <= '9'
}

// space copies white space and leaves out comments and byte order marks.
func (r *Repairer) space(i int) int {
	for {
		end := jsonscan.Space(r.text, i)
		r.put(r.text[i:end]...)
		i = end
		switch {
		case i >= len(r.text):
			return i
		case r.has(i, "\ufeff"):
			r.Faults[Mark]++
			i += len("\ufeff")
		case r.text[i] == '/' && i+1 == len(r.text) && !r.ended:
			return ^len(r.text)
		case r.has(i, "//"), r.has(i, "/*"):
			if i = r.comment(i); i < 0 {
				return i
			}
		default:
			return i
		}
	}
}

// comment skips a comment.
func (r *Repairer) comment(i int) int {
	closing := "\n"
	if r.text[i+1] == '*' {
		closing = "*/"
	}
	length := bytes.Index(r.text[i+2:], []byte(closing))
	if length < 0 {
		return ^len(r.text)
	}
	r.Faults[Comment]++
	r.put(' ')
	return i + 2 + length + len(closing)
}
