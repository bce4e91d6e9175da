package item

import (
	"bytes"
	"iter"
	"unicode/utf8"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// CellKind is the JSON type of a cell.
type CellKind int

// The kinds of cells. A missing key, null and empty text are different.
const (
	CellMissing CellKind = iota
	CellNull
	CellBool
	CellNumber
	CellString
	CellArray
	CellObject
)

// Cell is one value of an item, or a whole item. It shares the memory of its row.
type Cell struct {
	raw []byte
}

// NewCell returns a cell for a valid JSON value, without copying it.
func NewCell(raw []byte) Cell { return Cell{raw} }

// Kind returns the kind of the cell.
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

// Raw returns the JSON value as the service sent it, or nil if the key is missing. Do not modify it.
func (c Cell) Raw() []byte { return c.raw }

// Text returns the value as text: a string decoded, any other value as sent. The text is empty if the key is missing.
//
// Half of a surrogate pair becomes U+FFFD. Invalid UTF-8 is kept; [text.Text.String] escapes it.
func (c Cell) Text() text.Text {
	if c.Kind() != CellString {
		return text.NewText(string(c.raw))
	}
	return decodedText(c.raw[1 : len(c.raw)-1])
}

// Preview returns the start of Text. It decodes only about the first size bytes of the JSON, so the time does not
// depend on the length of the value. The result never ends with a partial character.
func (c Cell) Preview(size int) text.Text {
	if len(c.raw) <= size {
		return c.Text()
	}
	if c.Kind() != CellString {
		return text.NewText(string(cutBetweenCharacters(c.raw[:size])))
	}
	return decodedText(jsonscan.CutBetweenEscapes(cutBetweenCharacters(c.raw[1:max(1, size)])))
}

// Start returns a cell with the start of the value, for [Cell.Preview]. It is a copy of at most about size bytes, so it
// does not keep the memory of a long value. It is not valid JSON if the value is a long list or object.
func (c Cell) Start(size int) Cell {
	if len(c.raw) <= size {
		return c
	}
	if c.Kind() != CellString {
		return Cell{bytes.Clone(c.raw[:size])}
	}
	start := jsonscan.CutBetweenEscapes(cutBetweenCharacters(c.raw[:size-1]))
	return Cell{append(bytes.Clone(start), '"')}
}

func decodedText(sent []byte) text.Text {
	if !jsonscan.HasEscape(sent) {
		return text.NewText(string(sent))
	}
	return text.NewText(string(jsonscan.AppendDecoded(make([]byte, 0, len(sent)), sent)))
}

// cutBetweenCharacters removes a partial character from the end of text.
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

// Members returns the keys and values of an object in the order sent. Duplicate keys are repeated. Other cells have
// none.
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

// Elements returns the elements of an array. Other cells have none.
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
