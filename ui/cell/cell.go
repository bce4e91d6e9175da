// Package cell formats the values of items, and the names of their columns, as short text.
package cell

import (
	"slices"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/numeral"
	"sbwatch/model/parse"
	"sbwatch/model/text"
)

// PreviewSize is the number of bytes that are read of a value to show it on one line.
const PreviewSize = 480

// Text returns the text that a table shows for a value. The result is "·" if the value is missing from the item, "null"
// for null, and "" (two quotes) for an empty text. A text that looks like one of these is shown in quotes.
func Text(value item.Cell) string { return textOf(value, Preview(value, PreviewSize).String) }

// Lines returns the same text as [Text], but keeps the line breaks of the value. Lines reads about size bytes of the
// value.
func Lines(value item.Cell, size int) string {
	return textOf(value, func() string { return BreakLines(value.Preview(size).Raw()) })
}

// BreakLines returns s in printable form, but keeps its line breaks as "\n".
func BreakLines(s string) string {
	if strings.IndexByte(s, '\n') < 0 {
		return text.Printable(s)
	}
	return strings.Join(slices.Collect(text.NewText(s).Lines()), "\n")
}

// textOf returns the text that a table shows for value. The function preview returns the content of value.
func textOf(value item.Cell, preview func() string) string {
	switch value.Kind() {
	case item.CellMissing:
		return "·"
	case item.CellNull:
		return "null"
	case item.CellString:
		switch text := preview(); text {
		case "", "null", "·", `""`:
			return `"` + text + `"`
		default:
			return text
		}
	case item.CellBool, item.CellNumber, item.CellArray, item.CellObject:
	}
	return preview()
}

// Number returns the text that a table shows for a number in a format. wholeLen is the length of the part of s before
// the decimal point, in bytes: 5 in "1,204.50". The parameter numbers tells how to read a number in a text, such as
// "1,5" with a decimal comma. If ok is false, the table shows the result of [Text] instead.
func Number(value item.Cell, format numeral.Format, numbers parse.Numbers) (s string, wholeLen int, ok bool) {
	switch value.Kind() {
	case item.CellNumber:
		return format.Number(value.Raw())
	case item.CellString:
		if s, wholeLen, ok = format.Text(value.Preview(PreviewSize).Raw(), numbers); !ok {
			return "", 0, false
		}
		before := text.Printable(s[:wholeLen])
		return before + text.Printable(s[wholeLen:]), len(before), true
	case item.CellMissing, item.CellNull, item.CellBool, item.CellArray, item.CellObject:
	}
	return "", 0, false
}

// Name returns the header of a column. The header for an empty key is "" (two quotes).
func Name(key text.Text) string {
	if key.IsEmpty() {
		return `""`
	}
	return key.String()
}

// urlSchemeSize is the number of bytes of JSON in which IsURL looks for the scheme of a URL.
const urlSchemeSize = 24

// IsURL reports whether a value is an http or https address.
func IsURL(value item.Cell) bool {
	if value.Kind() != item.CellString {
		return false
	}
	scheme, _, found := strings.Cut(value.Preview(urlSchemeSize).Raw(), "://")
	return found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// dataHeadSize is the number of bytes of JSON in which ImageData looks for the start of a data: URL.
const dataHeadSize = 64

// ImageData reports whether a value is a data: URL of an image. head is the part before the data, such as
// "data:image/png;base64".
func ImageData(value item.Cell) (head string, isImage bool) {
	if value.Kind() != item.CellString {
		return "", false
	}
	const scheme = "data:image/"
	head, _, _ = strings.Cut(value.Preview(dataHeadSize).Raw(), ",")
	return head, len(head) > len(scheme) && strings.EqualFold(head[:len(scheme)], scheme)
}
