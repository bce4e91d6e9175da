// Package cell formats the values of items, and the names of their columns, as short text.
package cell

import (
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// PreviewSize is how many bytes of a value are read to show it on one line.
const PreviewSize = 480

// Text returns the text of a cell in a table: "·" if the item does not have the key, null, or "" for an empty text. A
// text that would look the same as one of these is quoted.
func Text(value item.Cell) string {
	switch value.Kind() {
	case item.CellMissing:
		return "·"
	case item.CellNull:
		return "null"
	case item.CellString:
		switch text := value.Preview(PreviewSize).String(); text {
		case "", "null", "·", `""`:
			return `"` + text + `"`
		default:
			return text
		}
	case item.CellBool, item.CellNumber, item.CellArray, item.CellObject:
	}
	return value.Preview(PreviewSize).String()
}

// Name returns the header of a column. An empty key is written as "".
func Name(key text.Text) string {
	if key.IsEmpty() {
		return `""`
	}
	return key.String()
}

// urlSchemeSize is the number of bytes of JSON in which a URL's scheme must end.
const urlSchemeSize = 24

// IsURL reports whether a cell holds a web address.
func IsURL(value item.Cell) bool {
	if value.Kind() != item.CellString {
		return false
	}
	scheme, _, found := strings.Cut(value.Preview(urlSchemeSize).Raw(), "://")
	return found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}
