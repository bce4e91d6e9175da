package table

import (
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/ui/draw"
)

// padding returns the number of spaces to add to the right of a number, so that the decimal points in the column are
// aligned: 1 for "1.5" below "1.25". text is the text of the number.
func (m measure) padding(c shownColumn, value item.Cell, text string) int {
	fit := m.fits[m.columns.path(c.index)]
	if fit.tail == 0 || !m.alignsRight(c) {
		return 0
	}
	tail, ok := tailOf(m.p, value, text)
	if padding := fit.tail - tail; ok && padding > 0 && m.p.Width(text)+padding <= c.width {
		return padding
	}
	return 0
}

// tailOf returns the width of the part of a number after its whole part: 6 for the ".50 kg" of "1.50 kg". text is the
// text of the value. tailOf returns false if the value is not a number, or if its tail is too wide for aligning
// numbers.
func tailOf(p draw.Painter, value item.Cell, text string) (tail int, ok bool) {
	whole := 0
	switch value.Kind() {
	case item.CellNumber:
		if strings.ContainsAny(text, "eE") {
			return 0, false
		}
		whole = wholeLen(text)
	case item.CellString:
		if _, isNumber := (parse.Numbers{}).Number([]byte(text)); !isNumber {
			return 0, false
		}
		whole = wholeLen(text)
	case item.CellMissing, item.CellNull, item.CellBool, item.CellArray, item.CellObject:
		return 0, false
	}
	tail = p.Width(text[whole:])
	return tail, tail <= maxTail
}

// wholeLen returns the length of the part of a number before its decimal point, in bytes: 5 in "1,204.50 kg". If there
// is no decimal point, it returns the length up to the last digit. A comma is not taken for a decimal point, because it
// may separate thousands.
func wholeLen(number string) int {
	const digits = "0123456789"
	end := strings.LastIndexAny(number, digits) + 1
	point := strings.LastIndexByte(number[:end], '.')
	if point < 0 || strings.Count(number, ".") > 1 || strings.Trim(number[point+1:end], digits) != "" {
		return end
	}
	return point
}
