package write

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
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

// value writes a JSON value as a CSV field. nil stands for a missing value. If alone is true, the value is the only
// field of its record. The only field of a record is never left empty, because many readers skip empty lines.
func (w *csvWriter) value(value []byte, alone bool) {
	switch {
	case len(value) == 0 || value[0] == 'n':
		if alone {
			w.out = append(w.out, `""`...)
		}
	case value[0] == '"':
		text := value[1 : len(value)-1]
		switch w.quickForm(text) {
		case formPlain:
			w.out = append(w.out, text...)
			return
		case formQuoted:
			w.out = append(append(append(w.out, '"'), text...), '"')
			return
		case formUnknown:
		}
		if w.mayHaveEscapes {
			text = jsonscan.Decoded(text, &w.scratch)
		}
		w.text(w.quotedIfJSON(w.changes.validText(text)))
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

// fieldForm says how a text can be written as a CSV field.
type fieldForm int

const (
	// formUnknown is for a text that may need changes, such as decoding its escapes.
	formUnknown fieldForm = iota
	// formPlain is for a text that is a CSV field without changes and without quotes.
	formPlain
	// formQuoted is for a text that is a CSV field with quotes around it, but without further changes.
	formQuoted
)

// quickForm says how a text can be written as a CSV field. The text is the content of a JSON string. For speed,
// quickForm returns formUnknown for any text with characters that are not printable ASCII.
func (w *csvWriter) quickForm(text []byte) fieldForm {
	const size = 8
	last := len(text) - 1
	if w.safe || w.mayHaveEscapes || last < 0 {
		return formUnknown
	}
	first := text[0]
	if first == '[' || first == '{' {
		return formUnknown
	}
	var odd, separators uint64
	for at := 0; at <= last-size; at += size {
		word := binary.LittleEndian.Uint64(text[at:])
		odd, separators = odd|oddBytes(word), separators|w.separators(word)
	}
	word, mask := lastWord(text)
	if mask == 0 || (odd|oddBytes(word)&mask)&highs != 0 {
		return formUnknown
	}
	if (separators|w.separators(word)&mask)&highs != 0 {
		return formQuoted
	}
	isLikeNumber := isDigit(text[last]) && (isDigit(first) || first == '-')
	isLikeBool := last < size && (first == 't' || first == 'f')
	if isLikeNumber || isLikeBool || first == ' ' || text[last] == ' ' {
		return formUnknown
	}
	return formPlain
}

// lastWord returns the last eight bytes of a text that is not empty, and a mask that selects the bytes of the text. If
// the text is shorter than eight bytes, the word also contains bytes that follow the text in memory. If fewer than
// eight bytes can be read, word and mask are 0.
func lastWord(text []byte) (word, mask uint64) {
	const size = 8
	switch {
	case len(text) >= size:
		return binary.LittleEndian.Uint64(text[len(text)-size:]), math.MaxUint64
	case cap(text) >= size:
		return binary.LittleEndian.Uint64(text[:size]), 1<<(8*len(text)) - 1
	default:
		return 0, 0
	}
}

// oddBytes checks whether a word of eight bytes contains quotes, or bytes that are not printable ASCII. If so, the
// highest bit of at least one byte of the result is set.
func oddBytes(word uint64) uint64 {
	quote, del := word^'"'*ones, word^0x7f*ones
	return (quote-ones)&^quote | (del-ones)&^del | (word-' '*ones)&^word | word
}

// separators checks whether a word of eight bytes contains a character that readers may take for a delimiter: ",", ";",
// "|" or the delimiter of the file. If so, the highest bit of at least one byte of the result is set.
func (w *csvWriter) separators(word uint64) uint64 {
	comma, semicolon, bar, delimiter := word^','*ones, word^';'*ones, word^'|'*ones, word^w.repeatedDelimiter
	return (comma-ones)&^comma | (semicolon-ones)&^semicolon | (bar-ones)&^bar | (delimiter-ones)&^delimiter
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

// quotedIfJSON returns text as a JSON string if readers would take it for an array or object. Otherwise it returns text
// unchanged.
func (w *csvWriter) quotedIfJSON(text []byte) []byte {
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
	const part = 4 << 10 // limits the memory that is reserved, because few texts consist of quotes
	for len(text) > part {
		w.doubledPart(text[:part])
		text = text[part:]
	}
	w.doubledPart(text)
}

// doubledPart is like doubled, but reserves memory for twice the text.
func (w *csvWriter) doubledPart(text []byte) {
	const size = 8
	w.out = slices.Grow(w.out, 2*len(text))
	end, at := len(w.out), 0
	out := w.out[:end+2*len(text)]
	// Each step copies the bytes up to the first quote in a word, and doubles that quote.
	for at+size <= len(text) {
		word := binary.LittleEndian.Uint64(text[at:])
		binary.LittleEndian.PutUint64(out[end:], word)
		quotes := word ^ '"'*ones
		quotes = (quotes - ones) &^ quotes & highs
		plain := bits.TrailingZeros64(quotes) / size // size if there is no quote
		at, end = at+plain, end+plain
		if quotes != 0 {
			out[end], out[end+1] = '"', '"'
			at, end = at+1, end+2
		}
	}
	for _, c := range text[at:] {
		out[end] = c
		end++
		if c == '"' {
			out[end] = c
			end++
		}
	}
	w.out = out[:end]
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

// hasDigits reports whether a text contains at least one digit, and nothing but digits and the characters in signs.
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
