package table

import (
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
)

// Marker finds the parts of a text to highlight. It returns the byte offsets of the start and the end of each part.
type Marker func(text string) [][2]int

// markedSize is the number of bytes of a table cell that are searched for text to highlight.
const markedSize = 64 << 10

// leadIn is the number of bytes that are shown in front of the first highlight, if the start of the text is cut off.
const leadIn = 6

// markedParts returns the text of a table cell as a list of parts, which together take at most w terminal cells. Parts
// at odd indexes are highlighted. It returns nil if nothing is highlighted. The first highlight is always visible, even
// if it is far from the start of the cell.
func markedParts(p draw.Painter, value item.Cell, marker Marker, w int) []string {
	if marker == nil || value.Kind() == item.CellMissing {
		return nil
	}
	s, spans := findMarks(value, marker, cell.PreviewSize)
	if len(spans) == 0 {
		return nil
	}
	from, prefix := 0, ""
	if first := spans[0][0]; p.Width(text.Printable(s[:spans[0][1]])) > w {
		from = max(0, first-leadIn)
		for from < first && !utf8.RuneStart(s[from]) {
			from++
		}
		if from > 0 {
			prefix = "…"
		}
	}
	end := len(s)
	if end > from+cell.PreviewSize {
		end = from + cell.PreviewSize
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
			parts[0] = prefix + parts[0]
		}
		from = span[1]
	}
	return cutParts(p, append(parts, text.Printable(s[from:max(from, end)])), w)
}

// findMarks returns the start of the text of a table cell, and the parts of that text to highlight. It reads about size
// bytes, and more if these contain nothing to highlight.
func findMarks(value item.Cell, marker Marker, size int) (s string, spans [][2]int) {
	s = cell.Preview(value, size).Raw()
	spans = marker(s)
	if len(spans) == 0 && len(value.Raw()) > size {
		s = cell.Preview(value, markedSize).Raw()
		spans = marker(s)
	}
	return s, spans
}

// cutParts shortens a text that is given in parts to at most w cells. If the text does not fit, the result ends in an
// ellipsis.
func cutParts(p draw.Painter, parts []string, w int) []string {
	room := w
	for i, part := range parts {
		width := p.Width(part)
		isLast := i == len(parts)-1 || i == len(parts)-2 && parts[i+1] == ""
		if width > room || (width == room && !isLast) {
			return append(parts[:i:i], p.Cut(part+" ", room))
		}
		room -= width
	}
	return parts
}
