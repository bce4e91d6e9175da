package write

import (
	"bufio"
	"bytes"
	"context"

	"sbwatch/model/jsonscan"
)

// writeJSON writes an array, an item a line where the items have no line breaks of their own.
func writeJSON(ctx context.Context, out *bufio.Writer, t *table) error {
	item := t.itemWriter()
	between := "[\n"
	err := t.each(ctx, func(row int) error {
		_, _ = out.WriteString(between)
		between = ",\n"
		_, err := out.Write(item(row))
		return err
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

// writeNDJSON writes an item a line. A line break in an item stands between two tokens, never in a string: there JSON has
// none.
func writeNDJSON(ctx context.Context, out *bufio.Writer, t *table) error {
	item := t.itemWriter()
	var joined []byte
	return t.each(ctx, func(row int) error {
		line := item(row)
		if bytes.IndexByte(line, '\n') >= 0 || bytes.IndexByte(line, '\r') >= 0 {
			joined = appendJoined(joined[:0], line)
			line = joined
		}
		_, _ = out.Write(line)
		return out.WriteByte('\n')
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

// itemWriter gives what makes the JSON of an item: as it came, or an object of the chosen columns. It is good until the
// next call.
func (t *table) itemWriter() func(row int) []byte {
	if t.whole {
		return t.items.Row
	}
	keys := make([][]byte, len(t.names))
	for i, name := range t.names {
		keys[i] = append(jsonscan.AppendQuoted(nil, []byte(name)), ':')
	}
	cells := newCells(t)
	var object []byte
	return func(row int) []byte {
		object = append(object[:0], '{')
		for i, value := range cells.of(row) {
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
		return object
	}
}
