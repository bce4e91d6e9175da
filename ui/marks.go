package ui

import (
	"unicode/utf8"

	"sbwatch/model"
	"sbwatch/ui/draw"
)

// marker finds what is to be marked in a text: the places of the bytes from which, and up to which.
type marker func(text string) [][2]int

// markedSize is how many bytes of a cell are searched for what is to be marked.
const markedSize = 64 << 10

// leadIn is how many bytes of a cell are kept before the first mark, where that would not show otherwise.
const leadIn = 6

// markedParts are the text of a cell in w cells, every second part of it to be marked; nil where nothing is. What is marked
// first shows, even if it stands far behind in the cell.
func markedParts(p draw.Painter, cell model.Cell, marks marker, w int) []string {
	if marks == nil || cell.Kind() == model.CellMissing {
		return nil
	}
	text := cell.Preview(previewSize).Raw()
	spans := marks(text)
	if len(spans) == 0 && len(cell.Raw()) > previewSize {
		text = cell.Preview(markedSize).Raw()
		spans = marks(text)
	}
	if len(spans) == 0 {
		return nil
	}
	from, before := 0, ""
	if first := spans[0][0]; p.Width(model.Printable(text[:spans[0][1]])) > w {
		from = max(0, first-leadIn)
		for from < first && !utf8.RuneStart(text[from]) {
			from++
		}
		if from > 0 {
			before = "…"
		}
	}
	end := len(text)
	if end > from+previewSize {
		end = from + previewSize
		for !utf8.RuneStart(text[end]) {
			end--
		}
	}
	parts := []string{}
	for i, span := range spans {
		if span[1] > end {
			break
		}
		parts = append(parts, model.Printable(text[from:span[0]]), model.Printable(text[span[0]:span[1]]))
		if i == 0 {
			parts[0] = before + parts[0]
		}
		from = span[1]
	}
	return cutParts(p, append(parts, model.Printable(text[from:max(from, end)])), w)
}

// cutParts shortens a text in parts to at most w cells, with an ellipsis where something is left out.
func cutParts(p draw.Painter, parts []string, w int) []string {
	room := w
	for i, part := range parts {
		width := p.Width(part)
		last := i == len(parts)-1 || i == len(parts)-2 && parts[i+1] == ""
		if width > room || (width == room && !last) {
			return append(parts[:i:i], p.Cut(part+" ", room))
		}
		room -= width
	}
	return parts
}
