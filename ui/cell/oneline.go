package cell

import (
	"bytes"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// Preview returns the start of the text of a value, like [item.Cell.Preview]. It also puts the JSON of an object or a
// list on one line, without the line breaks and indents between its parts. The result has about size bytes.
func Preview(value item.Cell, size int) text.Text {
	switch value.Kind() {
	case item.CellObject, item.CellArray:
		raw := value.Raw()
		if bytes.ContainsAny(raw[:min(size, len(raw))], "\n\r\t") {
			return text.NewText(string(oneLine(raw, size)))
		}
	case item.CellMissing, item.CellNull, item.CellBool, item.CellNumber, item.CellString:
	}
	return value.Preview(size)
}

// maxSpace limits how much JSON oneLine reads, as a multiple of the size of the result. JSON may be mostly spaces.
const maxSpace = 64

// oneLine returns about the first size bytes of valid JSON on one line. Spaces with line breaks or tabs become a single
// space, or nothing next to a bracket. Strings stay as they are: in JSON, they contain no line breaks.
func oneLine(raw []byte, size int) []byte {
	raw = raw[:min(len(raw), maxSpace*size)]
	line := make([]byte, 0, min(len(raw), size+utf8.UTFMax))
	isString, isEscaped := false, false
	for i := 0; i < len(raw) && (len(line) < size || !utf8.RuneStart(raw[i])); i++ {
		c := raw[i]
		switch {
		case isEscaped:
			isEscaped = false
		case isString:
			isString, isEscaped = c != '"', c == '\\'
		case c == '"':
			isString = true
		case c == ' ', c == '\t', c == '\n', c == '\r':
			end := i + 1
			for end < len(raw) && bytes.IndexByte([]byte(" \t\n\r"), raw[end]) >= 0 {
				end++
			}
			line = append(line, space(raw[i:end], line, raw[end:])...)
			i = end - 1
			continue
		}
		line = append(line, c)
	}
	return line
}

// space returns what oneLine writes in place of the spaces between two parts of JSON.
func space(spaces, before, after []byte) string {
	switch {
	case !bytes.ContainsAny(spaces, "\n\r\t"):
		return string(spaces)
	case len(before) == 0 || len(after) == 0, bytes.IndexByte([]byte("{["), before[len(before)-1]) >= 0, bytes.IndexByte([]byte("}]"), after[0]) >= 0:
		return ""
	default:
		return " "
	}
}
