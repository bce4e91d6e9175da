package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"sbwatch/internal/streams"
	"sbwatch/model/item"
)

// tinyPieces returns pieces with chunks so small that an item spans several of them.
func tinyPieces(r io.Reader) *pieces { return &pieces{source: r, nextSize: 40, lastSize: 160} }

// decodeAll decodes a text, which is a part of an answer or a sequence of values.
func decodeAll(d *Decoder) error {
	if part := d.Part(); part != PartItems {
		return d.DecodePart(part)
	}
	for {
		switch _, err := d.Next(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return d.Broken(err)
		}
		if _, err := d.ScanOuter(d.AddItem, d.limits.ItemSize(), item.ErrItemTooLarge); err != nil {
			return err
		}
	}
}

// FuzzPieces reads a text as a whole and in small chunks, with and without reading ahead. All results must be equal.
func FuzzPieces(f *testing.F) {
	lines := strings.Repeat("{\"a\":\"0123\"}\n\n[2, 3]\n", 30)
	for _, text := range []string{
		savedPoll, savedResult, lines, lines + "{\"long\":\"" + strings.Repeat("x", 1000) + "\"}\n" + lines, lines + "!", lines + "{\n\"cut",
		"[" + strings.Repeat(`{"a":1},`, 100) + `"` + strings.Repeat("y", 300) + `",{"a":1}` + strings.Repeat("\n", 500) + ",12]",
	} {
		f.Add([]byte(text), []byte{3, 0, 200})
		f.Add([]byte(text), []byte{255})
	}
	f.Fuzz(func(t *testing.T, text, sizes []byte) {
		whole := NewDecoder(bytes.NewReader(text), Limits{}, nil)
		wholeErr := decodeAll(whole)
		for _, isAhead := range []bool{false, true} {
			d := NewDecoder(nil, Limits{}, nil)
			source := tinyPieces(streams.Parts(text, sizes))
			d.read = source.read
			if isAhead {
				read, stop := source.ahead()
				defer stop()
				d.read = read
			}
			early := item.Table{}
			d.onItems = func(items item.Table) { early = items }
			partsErr := decodeAll(d)
			if fmt.Sprint(wholeErr) != fmt.Sprint(partsErr) {
				t.Fatalf("%q: %v as a whole, %v in parts", text, wholeErr, partsErr)
			}
			want := rowsOf(whole.Items())
			if strings.Join(want, "\n") != strings.Join(rowsOf(d.Items()), "\n") || string(whole.Around()) != string(d.Around()) {
				t.Fatalf("%q: items %q as a whole, %q in parts", text, want, rowsOf(d.Items()))
			}
			for i, row := range rowsOf(early) {
				if row != want[i] {
					t.Fatalf("%q: item %d was told as %s, and became %s", text, i, row, want[i])
				}
			}
		}
	})
}

// Texts that saved files may contain.
const (
	savedResult = streams.Result
	savedData   = streams.Data
	savedPoll   = streams.Poll
)
