package write

import (
	"bufio"
	"bytes"
	"context"

	"sbwatch/model/jsonscan"
)

// writeJSON writes an array, with one item per line unless an item contains line breaks itself.
func writeJSON(ctx context.Context, out *bufio.Writer, t *table) error {
	err := t.writeRows(ctx, out, func(changes *Changes) rowWriter {
		item := t.itemWriter(changes)
		return func(dst []byte, place int) []byte {
			if place == 0 {
				dst = append(dst, "[\n"...)
			} else {
				dst = append(dst, ",\n"...)
			}
			return append(dst, item(t.row(place))...)
		}
	})
	if err != nil {
		return err
	}
	if t.len() == 0 {
		_, err = out.WriteString("[]\n")
	} else {
		_, err = out.WriteString("\n]\n")
	}
	return err
}

// writeNDJSON writes one item per line. It removes line breaks from the items. This does not change any value, because
// a JSON string cannot contain a line break.
func writeNDJSON(ctx context.Context, out *bufio.Writer, t *table) error {
	return t.writeRows(ctx, out, func(changes *Changes) rowWriter {
		item := t.itemWriter(changes)
		return func(dst []byte, place int) []byte {
			line := item(t.row(place))
			if bytes.IndexByte(line, '\n') >= 0 || bytes.IndexByte(line, '\r') >= 0 {
				return append(appendJoined(dst, line), '\n')
			}
			return append(append(dst, line...), '\n')
		}
	})
}

// appendJoined appends text without its line breaks.
func appendJoined(dst, text []byte) []byte {
	for _, c := range text {
		if c != '\n' && c != '\r' {
			dst = append(dst, c)
		}
	}
	return dst
}

// itemWriter returns a function that returns the JSON of an item: the unchanged item, or an object of the selected
// columns. The returned function replaces invalid UTF-8, NaN and Infinity. Its result is valid until the next call. The
// function is not safe for concurrent use.
func (t *table) itemWriter(changes *Changes) func(row int) []byte {
	var scratch []byte
	if t.whole {
		return func(row int) []byte { return changes.valid(t.items.Row(row), t.items.HasNonFinite(row), &scratch) }
	}
	keys := make([][]byte, len(t.names))
	for i, name := range t.names {
		keys[i] = append(jsonscan.AppendQuoted(nil, []byte(name)), ':')
	}
	cells := newCells(t, 1)
	var object []byte
	return func(row int) []byte {
		object = append(object[:0], '{')
		for i, value := range cells.valuesOf(row) {
			if value == nil {
				continue
			}
			if len(object) > 1 {
				object = append(object, ',')
			}
			object = append(object, keys[i]...)
			object = append(object, value...)
		}
		object = append(object, '}')
		return changes.valid(object, t.items.HasNonFinite(row), &scratch)
	}
}
