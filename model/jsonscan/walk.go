package jsonscan

import "iter"

// Find gives the value that an object has for a key, which is given decoded; nil where it has none. Of several the last
// counts, as everywhere in JSON. The text must be an object that was checked before.
func Find(object []byte, name string) []byte {
	var found []byte
	for key, value, next := member(object, 1); next > 0; key, value, next = member(object, next) {
		if IsKey(key, name) {
			found = value
		}
	}
	return found
}

// IsKey tells whether a key, as it stands between its quotes, reads as name.
func IsKey(sent []byte, name string) bool {
	switch {
	case len(sent) < len(name):
		return false // an escape is never shorter than what it says
	case HasEscape(sent):
		return string(AppendDecoded(nil, sent)) == name
	default:
		return string(sent) == name
	}
}

// Members are the keys and values of an object that was checked before, as they stand in the text, the keys without
// their quotes.
func Members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		for key, value, next := member(object, 1); next > 0; key, value, next = member(object, next) {
			if !yield(key, value) {
				return
			}
		}
	}
}

// member gives the first member of an object after place i, which is that of its brace's end or a value's, and the place
// after the value; 0 where there is none.
func member(object []byte, i int) (key, value []byte, next int) {
	from := nextPart(object, i)
	if from >= len(object) || object[from] != '"' {
		return nil, nil, 0
	}
	end := scanString(object, from+1, nil)
	if end < 0 {
		return nil, nil, 0
	}
	at := Space(object, Space(object, end)+1)
	next = scanValue(object, at, MaxDepth, nil)
	if next < 0 {
		return nil, nil, 0
	}
	return object[from+1 : end-1], object[at:next], next
}

// nextPart skips the space and the comma before the next member or element.
func nextPart(text []byte, i int) int {
	i = Space(text, i)
	if i < len(text) && text[i] == ',' {
		i = Space(text, i+1)
	}
	return i
}

// Elements are the values of an array that was checked before, as they stand in the text.
func Elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for from := nextPart(array, 1); ; {
			next := scanValue(array, from, MaxDepth, nil)
			if next < 0 || !yield(array[from:next]) {
				return
			}
			from = nextPart(array, next)
		}
	}
}
