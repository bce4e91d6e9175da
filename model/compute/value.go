package compute

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

type kind int

const (
	kindAbsent kind = iota
	kindNumber
	kindBool
	kindText
	kindNested // a list or an object
)

// value is a value during the evaluation of a formula.
type value struct {
	kind   kind
	number number
	is     bool
	text   string
	// cell is the value of a column, unchanged. It is missing for a computed value.
	cell item.Cell
	// style is the number format of the column that contains the text.
	style *parse.Numbers
}

// maxText is the maximum length of a text, in bytes. A longer result counts as absent.
const maxText = 1 << 20

func numberValue(n float64) value {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return value{}
	}
	return value{kind: kindNumber, number: number{float: n}}
}

func boolValue(is bool) value { return value{kind: kindBool, is: is} }

// textValue returns a text, or an absent value for an empty text.
func textValue(s string) value {
	if s == "" || len(s) > maxText {
		return value{}
	}
	return value{kind: kindText, text: s}
}

// valueOf converts a cell to a value. style is the number format of the column of the cell.
func valueOf(cell item.Cell, style *parse.Numbers) value {
	switch cell.Kind() {
	case item.CellNumber:
		n := numberValue(parse.Nearest(cell.Raw()))
		n.number.large, n.cell = readInteger(cell.Raw()), cell
		return n
	case item.CellBool:
		return value{kind: kindBool, is: cell.Raw()[0] == 't', cell: cell}
	case item.CellString:
		s := textValue(cell.Text().Raw())
		s.cell, s.style = cell, style
		return s
	case item.CellArray, item.CellObject:
		return value{kind: kindNested, cell: cell}
	case item.CellMissing, item.CellNull:
	}
	return value{}
}

// asNumber returns a value as a number. It also converts text that is a number. For any other value it returns false.
func (v value) asNumber() (number, bool) {
	switch v.kind {
	case kindNumber:
		return v.number, true
	case kindText:
		style := v.style
		if style == nil {
			style = &parse.Numbers{}
		}
		const maxNumber = 200 // in bytes; longer text is not a number
		if len(v.text) > maxNumber {
			return number{}, false
		}
		return readText([]byte(v.text), style)
	case kindAbsent, kindBool, kindNested:
	}
	return number{}, false
}

// asText returns a value as text. It returns false if the value is absent.
func (v value) asText() (string, bool) {
	switch v.kind {
	case kindNumber:
		if v.cell.Kind() == item.CellNumber {
			return string(v.cell.Raw()), true
		}
		return string(appendNumber(nil, v.number)), true
	case kindBool:
		return strconv.FormatBool(v.is), true
	case kindText:
		return v.text, true
	case kindNested:
		return string(v.cell.Raw()), true
	case kindAbsent:
	}
	return "", false
}

// isTrue reports whether the value counts as true: any number except 0, and any text, list or object.
func (v value) isTrue() bool {
	switch v.kind {
	case kindNumber:
		return v.number.float != 0
	case kindBool:
		return v.is
	case kindText, kindNested:
		return true
	case kindAbsent:
	}
	return false
}

// result converts the value to a cell of an item.
func (v value) result() item.Cell {
	switch {
	case v.kind == kindAbsent:
		return item.Cell{}
	case v.cell.Kind() != item.CellMissing:
		return v.cell
	case v.kind == kindNumber:
		return item.NewCell(appendNumber(nil, v.number))
	case v.kind == kindBool:
		return item.NewCell(strconv.AppendBool(nil, v.is))
	default:
		return item.NewCell(appendText(make([]byte, 0, len(v.text)+2), v.text))
	}
}

// significant rounds to 15 significant digits, which hides the errors of binary fractions.
func significant(n float64) float64 {
	const digits = 15
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', digits, 64), 64)
	if err != nil {
		return n
	}
	return rounded
}

func appendNumber(dst []byte, number number) []byte {
	if number.large != nil {
		return number.large.Append(dst, 10)
	}
	const smallest, tooLarge = 1e-6, 1e21
	n := number.float
	if n != math.Trunc(n) || math.Abs(n) >= maxExact {
		n = significant(n)
	}
	if n == 0 {
		return append(dst, '0') // not -0
	}
	if size := math.Abs(n); size < smallest || size >= tooLarge {
		return strconv.AppendFloat(dst, n, 'e', -1, 64)
	}
	return strconv.AppendFloat(dst, n, 'f', -1, 64)
}

// appendText appends a text as JSON. Bytes that are not UTF-8 stay as they are.
func appendText(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// compare compares two values: as numbers if both are numbers, and otherwise as text. ok is false if a value is absent.
func compare(a, b value) (order int, ok bool) {
	if x, isNumber := a.asNumber(); isNumber {
		if y, isNumber := b.asNumber(); isNumber {
			return compareNumbers(x, y), true
		}
	}
	x, hasX := a.asText()
	y, hasY := b.asText()
	if !hasX || !hasY {
		return 0, false
	}
	if strings.EqualFold(x, y) && utf8.ValidString(x) && utf8.ValidString(y) {
		return 0, true
	}
	return parse.CompareNatural([]byte(x), []byte(y)), true
}
