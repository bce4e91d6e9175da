package order

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// class is a kind of value. Classes sort in the order of their constants.
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

type value struct {
	class class
	// number is the value of a number, or 0 or 1 for a boolean. isImprecise is set if the number is rounded; see
	// [parse.Imprecise].
	number      float64
	isImprecise bool
	date        time.Time
	// text is the decoded text (also of a number), or the JSON of a list or an object.
	text []byte
}

func valueOf(cell item.Cell) value {
	raw := cell.Raw()
	switch cell.Kind() {
	case item.CellNull:
		return value{class: classNull}
	case item.CellBool:
		if raw[0] == 't' {
			return value{class: classBool, number: 1}
		}
		return value{class: classBool}
	case item.CellNumber:
		if raw[0] == 'N' { // NaN sorts last, like a missing value
			return value{class: classBlank}
		}
		number := parse.JSON(raw)
		if parse.Imprecise(number) {
			return value{class: classNumber, number: parse.Nearest(raw), isImprecise: true, text: raw}
		}
		return value{class: classNumber, number: number, text: raw}
	case item.CellArray:
		return value{class: classList, text: raw}
	case item.CellObject:
		return value{class: classObject, text: raw}
	case item.CellMissing, item.CellString:
	}
	return value{class: classMissing}
}

func (s style) readText(text []byte) value {
	if number, ok := s.numbers.Number(text); ok {
		if parse.Imprecise(number) {
			number, _ = s.numbers.Read(text)
			return value{class: classNumber, number: number, isImprecise: true, text: text}
		}
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

// textOf returns the content of a JSON string. Escapes are decoded into *decoded. A JSON value other than a string is
// returned unchanged.
func textOf(raw []byte, decoded *[]byte) []byte {
	if len(raw) < 2 || raw[0] != '"' {
		return raw
	}
	return jsonscan.Decoded(raw[1:len(raw)-1], decoded)
}
