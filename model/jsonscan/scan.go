// Package jsonscan scans JSON text without building values.
//
// [Value] and [Object] validate text as strictly as encoding/json, in one pass without allocations. They allow tables
// to load at more than a gigabyte per second. All other functions of this package require text that has been validated
// this way. [Keys] collects the keys of objects, [Find], [Members], [Elements] and [Scalars] return parts of a value,
// and [Decoded] decodes strings. These functions also accept NaN, Infinity and -Infinity as numbers, because files that
// were repaired may contain them.
package jsonscan

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// ErrShort reports text that is valid so far but ends within the value.
var ErrShort = errors.New("JSON text ends inside a value")

// MaxDepth is the maximum nesting depth, which is that of encoding/json.
const MaxDepth = 10000

// trustedDepth is the depth to pass to scanValue for text that was validated earlier. For a depth above [MaxDepth],
// scanValue also accepts NaN, Infinity and -Infinity; see [IsNonFinite].
const trustedDepth = 3 * MaxDepth

// SyntaxError reports invalid JSON.
type SyntaxError struct {
	// Offset is the offset of the first invalid byte.
	Offset int64
	// Reason says what is wrong. It is printable.
	Reason string
}

// Error returns the reason and the offset.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d", e.Reason, e.Offset) }

// Value validates the value at the start of text, which must not have leading space, and returns the offset after it.
// Text after the value is ignored. A number that extends to the end of text may be incomplete, so Value returns
// ErrShort for such a number. Other errors are of type [*SyntaxError].
func Value(text []byte) (int, error) {
	end := scanValue(text, 0, MaxDepth, nil)
	if end < 0 {
		return 0, failure(text, ^end)
	}
	return end, nil
}

// Object is like [Value], but for an object. It also records the keys of the object in keys, but not the keys of nested
// objects. Afterwards, [Keys.IsRegular], [Keys.IsNested], [Keys.IsEscaped] and [Keys.Value] describe the object. If the
// text is invalid, keys has the same keys as before.
func Object(text []byte, keys *Keys) (int, error) {
	keys.begin()
	end := scanObject(text, 0, MaxDepth, keys)
	if end < 0 {
		keys.rollBack()
		return 0, failure(text, ^end)
	}
	return end, nil
}

// failure returns the error for a scan that failed at an offset.
func failure(text []byte, offset int) error {
	if offset >= len(text) {
		return ErrShort
	}
	if isOpening(text[offset]) && depthAt(text, offset) == MaxDepth {
		return &SyntaxError{int64(offset), fmt.Sprintf("nested more than %d levels deep", MaxDepth)}
	}
	return Unexpected(text[offset], int64(offset))
}

// Unexpected returns the error for an invalid byte.
func Unexpected(c byte, offset int64) *SyntaxError {
	if c > ' ' && c <= '~' {
		return &SyntaxError{offset, fmt.Sprintf("unexpected %c", c)}
	}
	return &SyntaxError{offset, fmt.Sprintf("unexpected byte 0x%02x", c)}
}

func isOpening(c byte) bool { return c == '{' || c == '[' }

// depthAt returns the number of open arrays and objects at an offset. The parameter text must be valid up to this
// offset. depthAt returns 0 if the offset is within a string.
func depthAt(text []byte, offset int) int {
	depth := 0
	for i := 0; i < offset; i++ {
		switch text[i] {
		case '"':
			end := scanString(text, i+1, nil)
			if end < 0 || end > offset {
				return 0
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
	}
	return depth
}

// The scan functions take the offset at which an element of JSON starts, such as a value or a key, and return the
// offset after this element. On failure they return the bitwise complement of the offset of the invalid byte, which is
// negative. The offset is len(text) if the text ends inside the element.

// scanValue returns the offset after the value at offset i, or a negative number if there is no valid value. The
// parameter depth is the maximum nesting depth of arrays and objects. If keys is not nil and the value is an object,
// scanValue records the keys of the object in keys.
func scanValue(text []byte, i, depth int, keys *Keys) int {
	if i >= len(text) {
		return ^len(text)
	}
	switch text[i] {
	case '"':
		return scanString(text, i+1, keys)
	case '{':
		return scanObject(text, i, depth, keys)
	case '[':
		return scanArray(text, i, depth, keys)
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		end := scanNumber(text, i)
		if end < 0 && depth > MaxDepth {
			return scanNonFinite(text, i)
		}
		return end
	case 't':
		return scanWord(text, i, "true")
	case 'f':
		return scanWord(text, i, "false")
	case 'n':
		return scanWord(text, i, "null")
	case 'N', 'I':
		if depth > MaxDepth {
			return scanNonFinite(text, i)
		}
		return ^i
	default:
		return ^i
	}
}

// scanObject returns the offset after the object at offset i, or a negative number if the object is invalid. If keys is
// not nil, it records the keys of the object in keys.
func scanObject(text []byte, i, depth int, keys *Keys) int {
	if depth == 0 {
		return ^i
	}
	known := keys.enter(depth)
	i = Space(text, i+1)
	if i < len(text) && text[i] == '}' {
		return i + 1
	}
	for {
		if i >= len(text) || text[i] != '"' {
			return ^i
		}
		switch {
		case keys == nil:
			i = scanKey(text, i+1)
		case depth == MaxDepth:
			i = keys.scan(text, i+1)
		case known != nil:
			i = keys.scanKnown(known, text, i+1)
		default:
			i = keys.scanInner(text, i+1)
		}
		if i < 0 {
			return i
		}
		from := Space(text, i)
		if known != nil && from < len(text) && text[from] == '{' {
			keys.next = known.keys[known.previous].inner
		}
		if i = scanValue(text, from, depth-1, keys); i < 0 {
			return i
		}
		if known != nil {
			known.setValue(from, i)
		}
		i = Space(text, i)
		switch {
		case i >= len(text):
			return ^i
		case text[i] == ',':
			i = Space(text, i+1)
		case text[i] == '}':
			return i + 1
		default:
			return ^i
		}
	}
}

// scanKey returns the offset after a key and its colon, or a negative number if they are invalid. The parameter i is
// the offset after the opening quote of the key.
func scanKey(text []byte, i int) int {
	if i = scanString(text, i, nil); i < 0 {
		return i
	}
	return scanColon(text, i)
}

// scanColon returns the offset after the colon of a key, or a negative number if there is no colon. The parameter i is
// the offset after the closing quote of the key.
func scanColon(text []byte, i int) int {
	i = Space(text, i)
	if i >= len(text) || text[i] != ':' {
		return ^i
	}
	return i + 1
}

// scanArray returns the offset after the array at offset i, or a negative number if the array is invalid.
func scanArray(text []byte, i, depth int, keys *Keys) int {
	if depth == 0 {
		return ^i
	}
	i = Space(text, i+1)
	if i < len(text) && text[i] == ']' {
		return i + 1
	}
	for {
		if i = scanValue(text, i, depth-1, keys); i < 0 {
			return i
		}
		i = Space(text, i)
		switch {
		case i >= len(text):
			return ^i
		case text[i] == ',':
			i = Space(text, i+1)
		case text[i] == ']':
			return i + 1
		default:
			return ^i
		}
	}
}

// Space returns the offset of the first byte at or after i that is not JSON white space.
func Space(text []byte, i int) int {
	for i < len(text) && text[i] <= ' ' && isSpace(text[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// specials finds the first quote, backslash or control character in the eight bytes of a word. The lowest bit that is
// set in the result is the highest bit of this byte. Higher bits are undefined, because subtractions may have borrowed
// from them. The result is 0 if the word has no such byte.
func specials(word uint64) uint64 {
	// Flipping the second bit maps the quote to the control characters.
	low, backslash := word^2*ones, word^'\\'*ones
	return ((low-('"'-1)*ones)&^low | (backslash-ones)&^backslash) & highs
}

// scanString returns the offset after a string, or a negative number if the string is invalid. The parameter i is the
// offset after the opening quote. If keys is not nil, scanString records in keys whether the string has escapes.
func scanString(text []byte, i int, keys *Keys) int {
	for len(text)-i >= 8 {
		found := specials(binary.LittleEndian.Uint64(text[i:]))
		if found == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(found) / 8
		if text[i] == '"' {
			return i + 1
		}
		if text[i] != '\\' {
			return ^i
		}
		if keys != nil {
			keys.escaped = true
		}
		if i = scanEscape(text, i+1); i < 0 {
			return i
		}
	}
	return scanStringTail(text, i, keys)
}

// scanStringTail continues scanString when fewer than eight bytes are left, and returns its result.
func scanStringTail(text []byte, i int, keys *Keys) int {
	for i < len(text) && text[i] >= ' ' {
		switch text[i] {
		case '"':
			return i + 1
		case '\\':
			if keys != nil {
				keys.escaped = true
			}
			if i = scanEscape(text, i+1); i < 0 {
				return i
			}
		default:
			i++
		}
	}
	return ^i
}

// scanEscape returns the offset after an escape such as \n, or a negative number if the escape is invalid. The
// parameter i is the offset after the backslash.
func scanEscape(text []byte, i int) int {
	if i >= len(text) {
		return ^i
	}
	switch text[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		for end := i + 4; i < end; {
			i++
			if i >= len(text) || !isHex(text[i]) {
				return ^i
			}
		}
		return i + 1
	default:
		return ^i
	}
}

func isHex(c byte) bool { return isDigit(c) || (c|' ' >= 'a' && c|' ' <= 'f') }

func isDigit(c byte) bool { return c-'0' <= 9 }

// scanNumber returns the offset after the number at offset i, or a negative number if the number is invalid or extends
// to the end of text.
func scanNumber(text []byte, i int) int {
	if text[i] == '-' {
		i++
	}
	switch {
	case i >= len(text):
		return ^i
	case text[i] == '0':
		i++
	default:
		if i = scanDigits(text, i); i < 0 {
			return i
		}
	}
	if i < len(text) && text[i] == '.' {
		if i = scanDigits(text, i+1); i < 0 {
			return i
		}
	}
	if i < len(text) && text[i]|' ' == 'e' {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if i = scanDigits(text, i); i < 0 {
			return i
		}
	}
	if i >= len(text) {
		return ^i
	}
	return i
}

// IsNumber reports whether text is a JSON number. Text that is not valid JSON is allowed.
func IsNumber(text []byte) bool {
	if len(text) == 0 || !isDigit(text[len(text)-1]) || text[0] != '-' && !isDigit(text[0]) {
		return false
	}
	return scanNumber(text, 0) == ^len(text) // a number at the end of text
}

func scanDigits(text []byte, i int) int {
	from := i
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	if i == from {
		return ^i
	}
	return i
}

// scanWord returns the offset after word, such as true, if it is at offset i of text. Otherwise it returns a negative
// number.
func scanWord(text []byte, i int, word string) int {
	if len(text)-i >= len(word) && string(text[i:i+len(word)]) == word {
		return i + len(word)
	}
	for k := range len(word) {
		if i+k >= len(text) || text[i+k] != word[k] {
			return ^(i + k)
		}
	}
	return ^i
}
