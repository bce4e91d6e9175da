// Package csvscan splits CSV text into records and fields without decoding the values.
//
// It accepts RFC 4180 and common deviations:
//
//   - records that end in LF alone or in CR CR LF
//   - delimiters other than a comma
//   - \" for a quote in a quoted field
//   - quotes inside a field that are not doubled
//   - opening quotes without a closing quote
//   - arbitrary bytes
package csvscan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"

	"sbwatch/model/jsonscan"
)

// ErrShort is the error for text that ends inside a record.
var ErrShort = jsonscan.ErrShort

// ErrWide is the error for a record with more fields than allowed.
var ErrWide = errors.New("a record has too many fields")

// Dialect describes how a CSV text separates and quotes its fields.
type Dialect struct {
	// Delimiter separates the fields.
	Delimiter byte
	// Backslash means that \" is a quote in a quoted field, even if a delimiter follows it.
	Backslash bool
	// Literal means that an opening quote without a closing quote is ordinary text. If Literal is false, the field
	// continues in the next lines.
	Literal bool
}

// Field is the raw text of a field of a record.
type Field struct {
	// Quoted is true if the field is in quotes. An empty field in quotes is an empty text. An empty field without
	// quotes is a missing value.
	Quoted bool
	// Repaired is true if a quote in the field was misplaced and is treated as text.
	Repaired bool
	// Backslash is true if \" stands for a quote in the field.
	Backslash bool
	// text is the content of the field, without the quotes around it. Quotes inside it are still doubled.
	text []byte
	// tail is the text between the closing quote and the next delimiter. Such text is invalid but accepted.
	tail []byte
}

// IsEmpty reports whether the field has no text.
func (f *Field) IsEmpty() bool { return len(f.text)+len(f.tail) == 0 }

// AppendText appends the decoded text of the field.
func (f *Field) AppendText(dst []byte) []byte {
	switch {
	case f.Backslash:
		dst = appendUnescaped(dst, f.text)
	case f.Quoted:
		dst = appendSingle(dst, f.text)
	default:
		dst = append(dst, f.text...)
	}
	return append(dst, f.tail...)
}

// Text returns the decoded text of the field. If nothing needs decoding, the result is a part of the text passed to
// [Record]. Otherwise it is stored in scratch, and valid until scratch is used again.
func (f *Field) Text(scratch *[]byte) []byte {
	if !f.Quoted || !f.Backslash && len(f.tail) == 0 && bytes.IndexByte(f.text, '"') < 0 {
		return f.text
	}
	*scratch = f.AppendText((*scratch)[:0])
	return *scratch
}

// appendSingle appends text, and replaces each pair of quotes with one quote.
func appendSingle(dst, text []byte) []byte {
	end := len(dst)
	dst = slices.Grow(dst, len(text))
	out := dst[:end+len(text)]
	at := 0
	// Each step copies the bytes up to the first quote in a word, and that quote. If the next byte is a quote as well,
	// the step skips it.
	for at+wordSize < len(text) {
		word := binary.LittleEndian.Uint64(text[at:])
		binary.LittleEndian.PutUint64(out[end:], word)
		quotes := zeroBytes(word ^ '"'*ones)
		plain := bits.TrailingZeros64(quotes) / 8 // wordSize if there is no quote
		at, end = at+plain, end+plain
		if quotes != 0 {
			at, end = at+1, end+1
			if text[at] == '"' {
				at++
			}
		}
	}
	for ; at < len(text); at++ {
		out[end] = text[at]
		end++
		if text[at] == '"' && at+1 < len(text) && text[at+1] == '"' {
			at++
		}
	}
	return out[:end]
}

// skipDoubled returns the offset of the first quote that is not doubled, at or after an offset. It returns len(text) if
// there is none.
func skipDoubled(text []byte, offset int) int {
	open := uint64(0) // 1 if the byte before offset is a quote that is not doubled yet
	for ; offset+wordSize <= len(text); offset += wordSize {
		word := binary.LittleEndian.Uint64(text[offset:]) ^ '"'*ones
		if open == 0 && zeroBytes(word) == 0 {
			continue
		}
		quotes := zeroBits(word)
		alone := open &^ quotes
		quotes &^= open
		// Adding the first bit of a run of quotes clears the run and sets the bit after it. A run is odd if one of these
		// two bits is even and the other is odd.
		const even, odd = 0x55, 0xaa
		starts := quotes &^ (quotes << 1)
		endsOfEven := (quotes + starts&even) &^ quotes
		endsOfOdd := (quotes + starts&odd) &^ quotes
		alone |= endsOfEven&odd | endsOfOdd&even
		if alone != 0 {
			return offset + bits.TrailingZeros64(alone) - 1
		}
		open = endsOfOdd >> wordSize
	}
	offset -= int(open)
	for ; offset < len(text); offset++ {
		if text[offset] != '"' {
			continue
		}
		if offset+1 == len(text) || text[offset+1] != '"' {
			return offset
		}
		offset++
	}
	return len(text)
}

// zeroBits returns eight bits. Bit i is 1 if byte i of a word is 0.
func zeroBits(word uint64) uint64 {
	const gather = 0x0102040810204080 // moves the lowest bits of all bytes to the highest byte
	zeros := ^((word&^highs + ^uint64(highs)) | word) & highs
	return zeros >> 7 * gather >> 56
}

// indexQuote returns the offset of the first quote at or after an offset. It returns len(text) if there is none. It is
// faster than [bytes.IndexByte] if the quote is near.
func indexQuote(text []byte, offset int) int {
	const near = 4 * wordSize
	for end := min(offset+near, len(text)-wordSize); offset <= end; offset += wordSize {
		if quotes := zeroBytes(binary.LittleEndian.Uint64(text[offset:]) ^ '"'*ones); quotes != 0 {
			return offset + bits.TrailingZeros64(quotes)/8
		}
	}
	if next := bytes.IndexByte(text[min(offset, len(text)):], '"'); next >= 0 {
		return offset + next
	}
	return len(text)
}

// Constants for loops that check a word of eight bytes in each step.
const (
	wordSize = 8
	ones     = 0x0101010101010101
	highs    = 0x8080808080808080
)

// zeroBytes finds the bytes of a word that are 0. The lowest bit that is set in the result is the highest bit of the
// first such byte. The result is 0 if there is none.
func zeroBytes(word uint64) uint64 { return (word - ones) &^ word & highs }

// appendUnescaped appends text, and replaces "" and \" with a quote, and \\ with a backslash.
func appendUnescaped(dst, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if next := i + 1; next < len(text) && (c == '"' && text[next] == '"' || c == '\\' && (text[next] == '"' || text[next] == '\\')) {
			c = text[next]
			i = next
		}
		dst = append(dst, c)
	}
	return dst
}

// Record appends the fields of the first record in text to fields. It also returns the offset after the record's line
// break. The error is ErrShort if the text ends inside the record, and ErrWide if the record has more than limit
// fields. The fields are parts of text.
func Record(fields []Field, text []byte, d Dialect, limit int) ([]Field, int, error) {
	for at := 0; ; {
		if len(fields) == limit {
			return fields, 0, ErrWide
		}
		var end int
		if at < len(text) && text[at] == '"' {
			var field Field
			field, end = d.scanQuoted(text, at)
			fields = append(fields, field)
		} else if end = scanPlain(text, at, d.Delimiter); end >= 0 {
			fields = append(fields, Field{text: text[at:end]})
		}
		if end < 0 {
			return fields, 0, ErrShort
		}
		if text[end] == '\n' {
			last := &fields[len(fields)-1]
			last.endLine()
			return fields, end + 1, nil
		}
		at = end + 1
	}
}

// endLine removes the CRs at the end of the last field of a line.
func (f *Field) endLine() {
	part := &f.tail
	if !f.Quoted {
		part = &f.text
	}
	for len(*part) > 0 && (*part)[len(*part)-1] == '\r' {
		*part = (*part)[:len(*part)-1]
	}
}

// scanPlain returns the offset of the first delimiter or LF at or after an offset.
func scanPlain(text []byte, offset int, delimiter byte) int {
	for ; len(text)-offset >= wordSize; offset += wordSize {
		word := binary.LittleEndian.Uint64(text[offset:])
		if matches := zeroBytes(word^uint64(delimiter)*ones) | zeroBytes(word^'\n'*ones); matches != 0 {
			return offset + bits.TrailingZeros64(matches)/8
		}
	}
	for ; offset < len(text); offset++ {
		if c := text[offset]; c == delimiter || c == '\n' {
			return offset
		}
	}
	return -1
}

// scanQuoted returns the field whose opening quote is text[start]. It also returns the offset of the delimiter or LF at
// the end of the field, or -1 if the text ends before that.
//
// The closing quote is the first quote that is followed by a delimiter or line break, and is neither doubled nor
// escaped. Other quotes occur only in text that does not conform to RFC 4180. They are usually ordinary text.
func (d Dialect) scanQuoted(text []byte, start int) (Field, int) {
	inner, lineEnd := -1, -1 // the first quote inside the field, and the end of its line
	escaped := d.Backslash
	for at := start + 1; ; at++ {
		if inner < 0 && !escaped {
			at = skipDoubled(text, at)
		} else {
			at = indexQuote(text, at)
		}
		if at+1 >= len(text) {
			return d.unclosedField(text, start, inner)
		}
		follower := text[at+1]
		opens := at > start+1 && (text[at-1] == d.Delimiter || text[at-1] == '\n')
		switch {
		case inner >= 0 && (at > lineEnd || opens):
			// The field does not end in the line with the quote at inner, so that quote closes the field.
			return d.closedField(text, start, inner, escaped)
		case escaped && isEscaped(text[start+1:at]):
		case follower == '"':
			at++
		case d.endsField(follower):
			field, end := d.closedField(text, start, at, escaped)
			field.Repaired = inner >= 0
			return field, end
		case isEscaped(text[start+1 : at]):
			escaped = true
		case opens && bytes.IndexByte(text[start:at], '\n') >= 0:
			// A field in a later line starts with this quote, so the quote at start is ordinary text.
			return d.plainField(text, start)
		case inner < 0:
			length := bytes.IndexByte(text[at:], '\n')
			if length < 0 {
				return Field{}, -1
			}
			inner, lineEnd = at, at+length
		}
	}
}

// endsField reports whether a quote that is followed by c closes its field.
func (d Dialect) endsField(c byte) bool { return c == d.Delimiter || c == '\n' || c == '\r' }

// isEscaped reports whether a text ends in an odd number of backslashes.
func isEscaped(text []byte) bool {
	n := 0
	for n < len(text) && text[len(text)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// closedField returns the field whose opening quote is text[start] and whose closing quote is text[closing]. It also
// returns the offset of the field's end, or -1 if the text ends before that. The field includes the text from the
// closing quote to the next delimiter.
func (d Dialect) closedField(text []byte, start, closing int, escaped bool) (Field, int) {
	end := scanPlain(text, closing+1, d.Delimiter)
	if end < 0 {
		return Field{}, -1
	}
	tail := text[closing+1 : end]
	repaired := len(bytes.TrimSpace(tail)) > 0
	return Field{Quoted: true, Repaired: repaired, Backslash: escaped, text: text[start+1 : closing], tail: tail}, end
}

// plainField returns the field that starts at offset start, and the offset of its end. The offset is -1 if the text
// ends before the end of the field. A quote at the start is ordinary text.
func (d Dialect) plainField(text []byte, start int) (Field, int) {
	end := scanPlain(text, start, d.Delimiter)
	if end < 0 {
		return Field{}, -1
	}
	return Field{Repaired: true, text: text[start:end]}, end
}

// unclosedField returns a field without a closing quote, and the offset of its end. The offset is -1 if the text ends
// before the end of the field. The parameter inner is the offset of the first quote inside the field, or -1 if there is
// none.
func (d Dialect) unclosedField(text []byte, start, inner int) (Field, int) {
	switch {
	case inner >= 0:
		return d.closedField(text, start, inner, false)
	case d.Literal:
		return d.plainField(text, start)
	default:
		return Field{}, -1
	}
}
