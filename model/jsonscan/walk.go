package jsonscan

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math/bits"
)

// Find returns the value of a decoded key in a valid object. It returns nil if the object does not have the key. If the
// key occurs several times, the last value counts, as in encoding/json.
func Find(object []byte, name string) []byte {
	var found []byte
	for key, value, next := Member(object, 1); next > 0; key, value, next = Member(object, next) {
		if IsKey(key, name) {
			found = value
		}
	}
	return found
}

// FindWithin returns the value at a path of decoded keys in a valid object, in one pass. If the value of an earlier key
// of the path is not an object, FindWithin returns that value, and remaining is the number of keys that were not used:
// for {"a":1} and the path "a", "b", the value is 1 and remaining is 1. As in [Find], the last of several values of a
// key counts.
func FindWithin(object []byte, path []string) (value []byte, remaining int) {
	value, remaining, _ = findWithin(object, 0, path)
	return value, remaining
}

// findWithin is like FindWithin, but for the object at offset i in text. It also returns the offset after the object.
func findWithin(text []byte, i int, path []string) (value []byte, remaining, end int) {
	i = Space(text, i+1)
	for i < len(text) && text[i] == '"' {
		key := i + 1
		i = scanString(text, key, nil)
		if i < 0 {
			return nil, 0, len(text)
		}
		isNext := IsKey(text[key:i-1], path[0])
		i = Space(text, Space(text, i)+1)
		from := i
		if isNext && len(path) > 1 && i < len(text) && text[i] == '{' {
			value, remaining, i = findWithin(text, i, path[1:])
		} else {
			if i = scanValue(text, i, trustedDepth, nil); i < 0 {
				return nil, 0, len(text)
			}
			if isNext {
				value, remaining = text[from:i], len(path)-1
			}
		}
		i = nextPart(text, i)
	}
	return value, remaining, i + 1
}

// IsKey reports whether the parameter encoded, which is the JSON of a key without its quotes, decodes to name.
func IsKey(encoded []byte, name string) bool {
	switch {
	case len(encoded) < len(name):
		return false // an escape is never shorter than its decoded form
	case HasEscape(encoded):
		return string(AppendDecoded(nil, encoded)) == name
	default:
		return string(encoded) == name
	}
}

// Members returns the keys and values of a valid object as JSON. The keys lack their quotes, but their escapes are not
// decoded.
func Members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		for key, value, next := Member(object, 1); next > 0; key, value, next = Member(object, next) {
			if !yield(key, value) {
				return
			}
		}
	}
}

// SkipValue returns the offset after the value that starts at offset i.
func SkipValue(text []byte, i int) int {
	switch text[i] {
	case '"':
		return scanString(text, i+1, nil)
	case '{', '[':
		if end := smallObject(text, i); end > 0 {
			return end
		}
		return scanValue(text, i, trustedDepth, nil)
	}
	return skipScalar(text, i)
}

// skipScalar returns the offset after the number, true, false or null at offset i.
func skipScalar(text []byte, i int) int {
	// All characters of numbers without an exponent are in this range. Commas, closing brackets and white space are not.
	for i < len(text) && text[i]-'-' < ']'-'-' {
		i++
	}
	for i < len(text) && text[i] != ',' && text[i] != '}' && text[i] != ']' && text[i] > ' ' {
		i++
	}
	return i
}

// smallObject returns the offset after the object at offset i if that object is small and contains no escapes, arrays
// or objects. Otherwise it returns 0.
func smallObject(text []byte, i int) int {
	const small = 64
	inner := text[i+1 : min(i+1+small, len(text))]
	end := bytes.IndexByte(inner, '}')
	if text[i] != '{' || end < 0 {
		return 0
	}
	inner = inner[:end]
	isInString := bytes.Count(inner, []byte{'"'})%2 == 1
	if isInString || bytes.IndexByte(inner, '{') >= 0 || bytes.IndexByte(inner, '[') >= 0 || bytes.IndexByte(inner, '\\') >= 0 {
		return 0
	}
	return i + 1 + end + 1
}

// SkipPlain is a faster [SkipValue] for text without backslashes.
func SkipPlain(text []byte, i int) int {
	switch text[i] {
	case '"':
		for i++; len(text)-i >= 8; i += 8 {
			quotes := binary.LittleEndian.Uint64(text[i:]) ^ '"'*ones
			if found := (quotes - ones) &^ quotes & highs; found != 0 {
				return i + bits.TrailingZeros64(found)/8 + 1
			}
		}
		return i + bytes.IndexByte(text[i:], '"') + 1
	case '{', '[':
		return skipPlainNested(text, i)
	default:
		return skipScalar(text, i)
	}
}

// skipPlainNested is like SkipPlain, for the array or object at offset i.
func skipPlainNested(text []byte, i int) int {
	if end := smallObject(text, i); end > 0 {
		return end
	}
	for depth := 0; i < len(text); {
		switch text[i] {
		case '"':
			i = SkipPlain(text, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return i
}

// Member returns the first key and value of an object after offset i, and the offset after that value. The offset is 0
// if the object has no more keys. The key is as in the text, without its quotes.
func Member(object []byte, i int) (key, value []byte, next int) {
	from := nextPart(object, i)
	if from >= len(object) || object[from] != '"' {
		return nil, nil, 0
	}
	end := scanString(object, from+1, nil)
	if end < 0 {
		return nil, nil, 0
	}
	at := Space(object, Space(object, end)+1)
	next = scanValue(object, at, trustedDepth, nil)
	if next < 0 {
		return nil, nil, 0
	}
	return object[from+1 : end-1], object[at:next], next
}

// MemberAt returns the key and the value of the first member after offset i of a valid object. The result next is the
// offset after the member, or 0 if there are no more members. The call is faster if the key equals expected. The
// parameter expected must not contain quotes or escapes.
func MemberAt(object []byte, i int, expected string) (key, value []byte, next int) {
	from := nextPart(object, i)
	end := from + 1 + len(expected)
	if end+1 >= len(object) || object[from] != '"' || object[end] != '"' || object[end+1] != ':' || string(object[from+1:end]) != expected {
		return Member(object, i)
	}
	at := Space(object, end+2)
	if next = scanValue(object, at, trustedDepth, nil); next < 0 {
		return nil, nil, 0
	}
	return object[from+1 : end], object[at:next], next
}

// nextPart returns the offset of the next member or element. It skips white space and a comma, starting at offset i.
func nextPart(text []byte, i int) int {
	i = Space(text, i)
	if i < len(text) && text[i] == ',' {
		i = Space(text, i+1)
	}
	return i
}

// Elements returns the elements of a valid array, each as JSON.
func Elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for from := nextPart(array, 1); ; {
			next := scanValue(array, from, trustedDepth, nil)
			if next < 0 || !yield(array[from:next]) {
				return
			}
			from = nextPart(array, next)
		}
	}
}
