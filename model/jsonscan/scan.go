// Package jsonscan finds its way through JSON text and makes no values of it.
//
// [Value] and [Object] check text as strictly as encoding/json does, in one pass that allocates nothing: they are what
// makes a table of a million items load at more than a gigabyte a second. Everything else here reads text that they
// have accepted.
package jsonscan

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// ErrShort is the error for text that is good so far but ends inside the value.
var ErrShort = errors.New("JSON text ends inside a value")

// MaxDepth is how deep arrays and objects may nest: as deep as encoding/json allows.
const MaxDepth = 10000

// SyntaxError is text that is not JSON.
type SyntaxError struct {
	// Offset is the place of the first byte that cannot be right, in bytes from the beginning of the text.
	Offset int64
	// Reason says what is wrong, printable.
	Reason string
}

// Error is the reason, and where.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d", e.Reason, e.Offset) }

// Value checks the one value at the beginning of text, which no space may precede, and gives the place after it. What
// follows is not looked at. A number that reaches the end of the text may go on, so that it is ErrShort as well.
// Any other error is a [*SyntaxError].
func Value(text []byte) (int, error) {
	end := scanValue(text, 0, MaxDepth, nil)
	if end < 0 {
		return 0, failure(text, ^end)
	}
	return end, nil
}

// Object is [Value] for a text that begins with a brace, and notes the keys of that object in keys, though not those of
// objects inside. A text that is not accepted leaves keys as they were. What else there is to know of the object,
// [Keys.IsRegular], [Keys.IsNested] and [Keys.IsEscaped] tell.
func Object(text []byte, keys *Keys) (int, error) {
	keys.begin()
	end := scanObject(text, 0, MaxDepth, keys)
	if end < 0 {
		keys.rollBack()
		return 0, failure(text, ^end)
	}
	return end, nil
}

// failure makes the error for a scan that went wrong at a place.
func failure(text []byte, at int) error {
	if at >= len(text) {
		return ErrShort
	}
	if isOpening(text[at]) && depthAt(text, at) == MaxDepth {
		return &SyntaxError{int64(at), fmt.Sprintf("nested more than %d deep", MaxDepth)}
	}
	return Unexpected(text[at], int64(at))
}

// Unexpected is the error for a byte that cannot be right at its place.
func Unexpected(c byte, offset int64) *SyntaxError {
	if c > ' ' && c <= '~' {
		return &SyntaxError{offset, fmt.Sprintf("unexpected %c", c)}
	}
	return &SyntaxError{offset, fmt.Sprintf("unexpected byte 0x%02x", c)}
}

func isOpening(c byte) bool { return c == '{' || c == '[' }

// depthAt counts the arrays and objects that are open at a place up to which text is good; 0 within a string.
func depthAt(text []byte, at int) int {
	depth := 0
	for i := 0; i < at; i++ {
		switch text[i] {
		case '"':
			end := scanString(text, i+1, nil)
			if end < 0 || end > at {
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

// The scans take the place in text where something begins and give the place after it. Where it is wrong they give the
// bitwise complement of the place of the wrong byte, a negative number; that place is len(text) where text ends too early.

// scanValue takes the place of a value's first byte. Arrays and objects may nest as deep as depth says. What is within an
// object whose keys are noted is noted in keys, too, unless that is nil.
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
		return scanNumber(text, i)
	case 't':
		return scanWord(text, i, "true")
	case 'f':
		return scanWord(text, i, "false")
	case 'n':
		return scanWord(text, i, "null")
	default:
		return ^i
	}
}

// scanObject takes the place of a brace, and notes the keys in keys unless that is nil.
func scanObject(text []byte, i, depth int, keys *Keys) int {
	if depth == 0 {
		return ^i
	}
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
		default:
			i = keys.scanInner(text, i+1)
		}
		if i < 0 {
			return i
		}
		if i = scanValue(text, Space(text, i), depth-1, keys); i < 0 {
			return i
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

// scanKey takes the place after the opening quote of a key and gives the one after its colon.
func scanKey(text []byte, i int) int {
	if i = scanString(text, i, nil); i < 0 {
		return i
	}
	return scanColon(text, i)
}

// scanColon takes the place after the closing quote of a key.
func scanColon(text []byte, i int) int {
	i = Space(text, i)
	if i >= len(text) || text[i] != ':' {
		return ^i
	}
	return i + 1
}

// scanArray takes the place of a bracket.
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

// Space gives the first place from i on where there is no white space of JSON.
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

// specials has the high bit set, eight bytes at once, of the first byte that is a quote, a backslash or a control
// character. Bits above that one mean nothing: a subtraction may have borrowed from them.
func specials(word uint64) uint64 {
	// Turning their second bit puts the quote below all but the control characters.
	low, backslash := word^2*ones, word^'\\'*ones
	return ((low-('"'-1)*ones)&^low | (backslash-ones)&^backslash) & highs
}

// scanString takes the place after the opening quote. An escape is noted in keys, unless that is nil.
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

// scanStringTail goes on where fewer than eight bytes are left.
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

// scanEscape takes the place after the backslash.
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

// scanNumber takes the place of a digit or a minus.
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

// IsNumber tells whether a text, which may be any, is all of it a number of JSON.
func IsNumber(text []byte) bool {
	if len(text) == 0 || !isDigit(text[len(text)-1]) || text[0] != '-' && !isDigit(text[0]) {
		return false
	}
	return scanNumber(text, 0) == ^len(text) // it could go on
}

// scanDigits takes the place of what must be a digit.
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

// scanWord takes the place of a word's first byte.
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
