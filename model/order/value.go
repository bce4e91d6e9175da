package order

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// class is a kind of value. Classes come in the order of their numbers.
type class uint8

const (
	classNumber class = iota
	classDate
	classText
	classBool
	classList
	classObject
	classBlank
	classNull
	classMissing
)

// value is what a cell says.
type value struct {
	class class
	// number is that of a number; of a boolean 0 or 1.
	number float64
	date   time.Time
	// text is a text decoded, also that of a number, and the JSON of lists and objects.
	text []byte
}

// readInto reads a cell. decoded is where a text with escapes is decoded to; the value is good until that is used again.
func (s style) readInto(cell item.Cell, decoded *[]byte) value {
	raw := cell.Raw()
	switch cell.Kind() {
	case item.CellMissing:
		return value{class: classMissing}
	case item.CellNull:
		return value{class: classNull}
	case item.CellBool:
		if raw[0] == 't' {
			return value{class: classBool, number: 1}
		}
		return value{class: classBool}
	case item.CellNumber:
		return value{class: classNumber, number: parse.JSON(raw), text: raw}
	case item.CellArray:
		return value{class: classList, text: raw}
	case item.CellObject:
		return value{class: classObject, text: raw}
	case item.CellString:
	}
	return s.readText(textOf(raw, decoded))
}

func (s style) readText(text []byte) value {
	if number, ok := s.numbers.Number(text); ok {
		return value{class: classNumber, number: number, text: text}
	}
	if date, ok := s.dates.Date(text); ok {
		return value{class: classDate, date: date}
	}
	if isBlank(text) {
		return value{class: classBlank}
	}
	return value{class: classText, text: text}
}

// textOf is what stands in a JSON string, decoded to decoded where it has escapes; of other JSON it is all.
func textOf(raw []byte, decoded *[]byte) []byte {
	if len(raw) < 2 || raw[0] != '"' {
		return raw
	}
	return jsonscan.Decoded(raw[1:len(raw)-1], decoded)
}
