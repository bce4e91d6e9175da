package ui

import (
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// marker finds what is to be marked in a text: the places of the bytes from which, and up to which.
type marker func(text string) [][2]int

// markedSize is how many bytes of a cell are searched for what is to be marked.
const markedSize = 64 << 10

// leadIn is how many bytes of a cell are kept before the first mark, where that would not show otherwise.
const leadIn = 6

// markedParts are the text of a cell in w cells, every second part of it to be marked; nil where nothing is. What is marked
// first shows, even if it stands far behind in the cell.
func markedParts(l look, cell item.Cell, marks marker, w int) []string {
	if marks == nil || cell.Kind() == item.CellMissing {
		return nil
	}
	s := cell.Preview(previewSize).Raw()
	spans := marks(s)
	if len(spans) == 0 && len(cell.Raw()) > previewSize {
		s = cell.Preview(markedSize).Raw()
		spans = marks(s)
	}
	if len(spans) == 0 {
		return nil
	}
	from, before := 0, ""
	if first := spans[0][0]; l.width(text.Printable(s[:spans[0][1]])) > w {
		from = max(0, first-leadIn)
		for from < first && !utf8.RuneStart(s[from]) {
			from++
		}
		if from > 0 {
			before = "…"
		}
	}
	end := len(s)
	if end > from+previewSize {
		end = from + previewSize
		for !utf8.RuneStart(s[end]) {
			end--
		}
	}
	parts := []string{}
	for i, span := range spans {
		if span[1] > end {
			break
		}
		parts = append(parts, text.Printable(s[from:span[0]]), text.Printable(s[span[0]:span[1]]))
		if i == 0 {
			parts[0] = before + parts[0]
		}
		from = span[1]
	}
	return cutParts(l, append(parts, text.Printable(s[from:max(from, end)])), w)
}

// cutParts shortens a text in parts to at most w cells, with an ellipsis where something is left out.
func cutParts(l look, parts []string, w int) []string {
	room := w
	for i, part := range parts {
		width := l.width(part)
		last := i == len(parts)-1 || i == len(parts)-2 && parts[i+1] == ""
		if width > room || (width == room && !last) {
			return append(parts[:i:i], l.cut(part+" ", room))
		}
		room -= width
	}
	return parts
}
