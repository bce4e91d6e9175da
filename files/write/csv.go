package write

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"strings"

	"sbwatch/model/jsonscan"
)

// writeCSV writes a header, and then one record for each item.
func writeCSV(ctx context.Context, out *bufio.Writer, t *table, o Options) error {
	if len(t.names) == 0 {
		return nil
	}
	if o.CSVMark {
		_, _ = out.WriteString("\ufeff")
	}
	header := newCSVWriter(o, t.changes)
	for i, name := range t.names {
		header.between(i)
		header.text([]byte(name))
	}
	if _, err := out.Write(append(header.out, "\r\n"...)); err != nil {
		return err
	}
	return t.writeRows(ctx, out, func(changes *Changes) rowWriter {
		w, cells := newCSVWriter(o, changes), newCells(t, 1)
		return func(dst []byte, place int) []byte {
			row := t.row(place)
			w.out, w.mayHaveNonFinite, w.mayHaveEscapes = dst, t.items.HasNonFinite(row), t.items.HasEscapes(row)
			for i, value := range cells.valuesOf(row) {
				w.between(i)
				w.value(value, len(t.names) == 1)
			}
			return append(w.out, "\r\n"...)
		}
	})
}

// csvWriter writes fields to a stream. It keeps the first error of the stream and returns it at the end of a record.
type csvWriter struct {
	out       []byte
	safe      bool
	delimiter byte
	changes   *Changes
	// quotes is true for each byte that needs quotes around its field.
	quotes [256]bool
	// repeatedDelimiter is a word of eight bytes, each of which is the delimiter.
	repeatedDelimiter uint64
	// mayHaveNonFinite is true if the current item may contain NaN or Infinity.
	mayHaveNonFinite bool
	// mayHaveEscapes is true if the current item may contain strings with JSON escapes.
	mayHaveEscapes bool
	// scratch is a buffer for decoded text. wrapped is a buffer for text that is written as a JSON string.
	scratch, wrapped []byte
}

func newCSVWriter(o Options, changes *Changes) *csvWriter {
	w := &csvWriter{safe: o.CSVSafe, delimiter: o.CSVDelimiter, changes: changes}
	if w.delimiter == 0 {
		w.delimiter = ','
	}
	w.repeatedDelimiter = uint64(w.delimiter) * ones
	// Some readers guess the delimiter, and control characters make a file look binary.
	for _, c := range []byte{w.delimiter, ',', '"', ';', '|', 0x7f} {
		w.quotes[c] = true
	}
	for c := range ' ' {
		w.quotes[c] = true
	}
	return w
}

func (w *csvWriter) between(field int) {
	if field > 0 {
		w.out = append(w.out, w.delimiter)
	}
}

// value appends a JSON value. nil stands for a missing value. If alone is true, the record has no other field. Such a
// field is never left empty, because many readers skip empty lines.
func (w *csvWriter) value(value []byte, alone bool) {
	switch {
	case len(value) == 0 || value[0] == 'n':
		if alone {
			w.out = append(w.out, `""`...)
		}
	case value[0] == '"':
		text := value[1 : len(value)-1]
		if w.isOrdinary(text) {
			w.out = append(w.out, text...)
			return
		}
		if w.mayHaveEscapes {
			text = jsonscan.Decoded(text, &w.scratch)
		}
		w.text(w.unmistakable(w.changes.validText(text)))
	case value[0] == '[' || value[0] == '{':
		w.quoted(w.changes.valid(value, w.mayHaveNonFinite, &w.scratch))
	case bytes.IndexByte(value, w.delimiter) >= 0:
		w.quoted(value)
	default:
		w.out = append(w.out, value...)
	}
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// isOrdinary reports whether the content of a JSON string is certainly a CSV field that needs neither changes nor
// quotes. It is a fast check, which returns false for any text with characters that are not printable ASCII.
func (w *csvWriter) isOrdinary(text []byte) bool {
	const size = 8
	last := len(text) - 1
	if w.safe || w.mayHaveEscapes || last < size-1 || text[last] == ' ' || isDigit(text[last]) && (isDigit(text[0]) || text[0] == '-') {
		return false
	}
	if first := text[0]; first == ' ' || first == '[' || first == '{' {
		return false
	}
	for at := 0; at <= last-size; at += size {
		if w.special(binary.LittleEndian.Uint64(text[at:])) {
			return false
		}
	}
	return !w.special(binary.LittleEndian.Uint64(text[last+1-size:])) // this word may overlap the previous one
}

// special reports whether a word of eight bytes contains bytes that are not printable ASCII or need quotes.
func (w *csvWriter) special(word uint64) bool {
	comma, quote, semicolon, bar := word^','*ones, word^'"'*ones, word^';'*ones, word^'|'*ones
	delimiter, del := word^w.repeatedDelimiter, word^0x7f*ones
	found := (comma-ones)&^comma | (quote-ones)&^quote | (semicolon-ones)&^semicolon | (bar-ones)&^bar
	found |= (delimiter-ones)&^delimiter | (del-ones)&^del | (word-' '*ones)&^word | word
	return found&highs != 0
}

// text writes a text. It adds quotes if readers could mistake the text for another kind of value.
func (w *csvWriter) text(text []byte) {
	disarmed := w.safe && isFormula(text)
	if !w.needsQuotes(text) {
		if disarmed {
			w.out = append(w.out, '\'')
		}
		w.out = append(w.out, text...)
		return
	}
	w.out = append(w.out, '"')
	if disarmed {
		w.out = append(w.out, '\'')
	}
	w.doubled(text)
	w.out = append(w.out, '"')
}

// unmistakable returns text in a form that readers do not take for an array or object: unchanged if possible, and
// otherwise as a JSON string.
func (w *csvWriter) unmistakable(text []byte) []byte {
	if !readsAsJSON(text) {
		return text
	}
	w.wrapped = jsonscan.AppendQuoted(w.wrapped[:0], text)
	return w.wrapped
}

// readsAsJSON reports whether a text is an array or object in JSON, or a JSON string that contains such a text.
func readsAsJSON(text []byte) bool {
	for len(text) > 1 && (text[0] == '[' || text[0] == '{' || text[0] == '"') {
		if end, err := jsonscan.Value(text); err != nil || end != len(text) {
			return false
		}
		if text[0] != '"' {
			return true
		}
		text = jsonscan.AppendDecoded(nil, text[1:len(text)-1])
	}
	return false
}

func (w *csvWriter) quoted(text []byte) {
	w.out = append(w.out, '"')
	w.doubled(text)
	w.out = append(w.out, '"')
}

// doubled appends text with each quote doubled.
func (w *csvWriter) doubled(text []byte) {
	for {
		at := bytes.IndexByte(text, '"')
		if at < 0 {
			w.out = append(w.out, text...)
			return
		}
		w.out = append(append(w.out, text[:at+1]...), '"')
		text = text[at+1:]
	}
}

// needsQuotes reports whether a text needs quotes. This is the case if it contains certain characters, or if it would
// be read as null, a number, a boolean, an array or an object. Spaces at the start or end also need quotes, because
// some readers remove them.
func (w *csvWriter) needsQuotes(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	for _, c := range text {
		if w.quotes[c] {
			return true
		}
	}
	switch text[0] {
	case ' ', '[', '{', 0xef: // 0xef begins a byte order mark
		return true
	case 't', 'f':
		return string(text) == "true" || string(text) == "false"
	default:
		return text[len(text)-1] == ' ' || jsonscan.IsNumber(text)
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isFormula reports whether a spreadsheet would treat a text as a formula. A number is not a formula, even if it has a
// sign, thousands separators, an exponent or a percent sign.
func isFormula(text []byte) bool {
	if len(text) == 0 || !strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return false
	}
	if text[0] != '+' && text[0] != '-' {
		return true
	}
	rest := bytes.TrimSuffix(text[1:], []byte("%"))
	mantissa, exponent, hasExponent := bytes.Cut(bytes.ToLower(rest), []byte("e"))
	if hasExponent {
		exponent = bytes.TrimLeft(exponent, "+-")
	}
	return !hasDigits(mantissa, ".,") || hasExponent && !hasDigits(exponent, "")
}

// hasDigits reports whether a text contains only digits and the bytes in signs, and at least one digit.
func hasDigits(text []byte, signs string) bool {
	found := false
	for _, c := range text {
		switch {
		case isDigit(c):
			found = true
		case strings.IndexByte(signs, c) < 0:
			return false
		}
	}
	return found
}
