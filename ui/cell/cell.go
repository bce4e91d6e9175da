// Package cell writes the values of items, and the names of their columns, as short text.
package cell

import (
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// PreviewSize is how many bytes of a value are read to show it on one line.
const PreviewSize = 480

// Text returns what a cell shows in a table: "·" for a key that an item does not have, null, "" for an empty text. A text
// that reads the same as one of these is quoted.
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

// urlSchemeSize is how many bytes of JSON may hold the scheme of a URL, with its slashes escaped.
const urlSchemeSize = 24

// IsURL reports whether a cell holds the address of a web page.
func IsURL(value item.Cell) bool {
	if value.Kind() != item.CellString {
		return false
	}
	scheme, _, found := strings.Cut(value.Preview(urlSchemeSize).Raw(), "://")
	return found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}
