package item

import (
	"iter"
	"unicode/utf8"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// CellKind is what a cell holds.
type CellKind int

// The kinds of cell. A missing key, a null and an empty text are three different things.
const (
	CellMissing CellKind = iota
	CellNull
	CellBool
	CellNumber
	CellString
	CellArray
	CellObject
)

// Cell is one value of one item, or the item itself. It is a part of its row, which it copies nothing of.
type Cell struct {
	raw []byte
}

// NewCell is the cell of a JSON value that was checked before, such as a part of an item; it copies nothing.
func NewCell(raw []byte) Cell { return Cell{raw} }

// Kind tells what the cell holds.
func (c Cell) Kind() CellKind {
	if len(c.raw) == 0 {
		return CellMissing
	}
	switch c.raw[0] {
	case 'n':
		return CellNull
	case 't', 'f':
		return CellBool
	case '"':
		return CellString
	case '[':
		return CellArray
	case '{':
		return CellObject
	default:
		return CellNumber
	}
}

// Raw is the value as the service sent it, JSON; nil where the key is missing. It must not be altered.
func (c Cell) Raw() []byte { return c.raw }

// Text is the value to read: a string decoded, anything else as it was sent. Empty where the key is missing.
//
// Half a surrogate pair in a string becomes U+FFFD. Bytes that are not UTF-8 stay, and [Text.String] shows them.
func (c Cell) Text() text.Text {
	if c.Kind() != CellString {
		return text.NewText(string(c.raw))
	}
	return decodedText(c.raw[1 : len(c.raw)-1])
}

// Preview is the beginning of Text, about as much of it as so many bytes of JSON hold, cut between two characters. It
// costs the same however long the value is.
func (c Cell) Preview(size int) text.Text {
	if len(c.raw) <= size {
		return c.Text()
	}
	if c.Kind() != CellString {
		return text.NewText(string(cutBetweenCharacters(c.raw[:size])))
	}
	return decodedText(jsonscan.CutBetweenEscapes(cutBetweenCharacters(c.raw[1:max(1, size)])))
}

// decodedText decodes what stands between the quotes of a JSON string.
func decodedText(sent []byte) text.Text {
	if !jsonscan.HasEscape(sent) {
		return text.NewText(string(sent))
	}
	return text.NewText(string(jsonscan.AppendDecoded(make([]byte, 0, len(sent)), sent)))
}

// cutBetweenCharacters leaves off the beginning of a character that the end of text has cut.
func cutBetweenCharacters(text []byte) []byte {
	for back := 1; back <= min(utf8.UTFMax, len(text)); back++ {
		last := text[len(text)-back:]
		if utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return text[:len(text)-back]
			}
			break
		}
	}
	return text
}

// Members are the keys and values of a cell that holds an object, in the order they were sent; a key that was sent twice
// comes twice. Of any other cell there are none.
func (c Cell) Members() iter.Seq2[text.Text, Cell] {
	return func(yield func(text.Text, Cell) bool) {
		if c.Kind() != CellObject {
			return
		}
		for key, value := range jsonscan.Members(c.raw) {
			if !yield(decodedText(key), Cell{value}) {
				return
			}
		}
	}
}

// Elements are the values of a cell that holds an array. Of any other cell there are none.
func (c Cell) Elements() iter.Seq[Cell] {
	return func(yield func(Cell) bool) {
		if c.Kind() != CellArray {
			return
		}
		for value := range jsonscan.Elements(c.raw) {
			if !yield(Cell{value}) {
				return
			}
		}
	}
}
