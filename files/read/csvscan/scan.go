// Package csvscan splits CSV text into records and fields without decoding the values.
//
// It accepts RFC 4180 and common deviations: records that end in LF alone, other delimiters, quotes in the middle of a
// field, text after a closing quote, and arbitrary bytes.
package csvscan

import (
	"bytes"
	"errors"

	"sbwatch/model/jsonscan"
)

// ErrShort is the error for text that ends inside a record.
var ErrShort = jsonscan.ErrShort

// ErrWide is the error for a record with more fields than allowed.
var ErrWide = errors.New("a record has too many fields")

// Field is the raw text of a field of a record.
type Field struct {
	// Quoted is true if the field is quoted. "" is an empty text; an unquoted empty field is a missing value.
	Quoted bool
	// text is the field, or what is between its quotes, with doubled quotes.
	text []byte
	// tail is any text after the closing quote, which is invalid but accepted.
	tail []byte
}

// IsEmpty reports whether the field has no text.
func (f Field) IsEmpty() bool { return len(f.text)+len(f.tail) == 0 }

// AppendText appends the decoded text of the field.
func (f Field) AppendText(dst []byte) []byte {
	if f.Quoted {
		dst = appendSingle(dst, f.text)
	} else {
		dst = append(dst, f.text...)
	}
	return append(dst, f.tail...)
}

// appendSingle appends text with each doubled quote replaced by one.
func appendSingle(dst, text []byte) []byte {
	for {
		at := bytes.IndexByte(text, '"')
		if at < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:at+1]...)
		text = text[at+2:]
	}
}

// Record appends the fields of the record at the beginning of text to fields and returns the offset after its line
// break. The error is ErrShort if the text ends inside the record, and ErrWide if the record has more than limit fields.
// The fields alias text.
func Record(fields []Field, text []byte, delimiter byte, limit int) ([]Field, int, error) {
	for at := 0; ; {
		if len(fields) == limit {
			return fields, 0, ErrWide
		}
		field, end := scanField(text, at, delimiter)
		if end < 0 {
			return fields, 0, ErrShort
		}
		fields = append(fields, field)
		if text[end] == '\n' {
			last := &fields[len(fields)-1]
			last.endLine()
			return fields, end + 1, nil
		}
		at = end + 1
	}
}

// endLine removes the CR before the LF that ended the field.
func (f *Field) endLine() {
	part := &f.tail
	if !f.Quoted {
		part = &f.text
	}
	*part = bytes.TrimSuffix(*part, []byte("\r"))
}

// scanField returns the offset of the delimiter or LF that ends the field at an offset, or -1 if the text ends first.
func scanField(text []byte, at int, delimiter byte) (Field, int) {
	if at >= len(text) || text[at] != '"' {
		end := scanPlain(text, at, delimiter)
		if end < 0 {
			return Field{}, -1
		}
		return Field{text: text[at:end]}, end
	}
	closing := scanQuoted(text, at+1)
	if closing < 0 {
		return Field{}, -1
	}
	end := scanPlain(text, closing+1, delimiter)
	if end < 0 {
		return Field{}, -1
	}
	return Field{Quoted: true, text: text[at+1 : closing], tail: text[closing+1 : end]}, end
}

// scanPlain returns the offset of the next delimiter or LF.
func scanPlain(text []byte, at int, delimiter byte) int {
	for ; at < len(text); at++ {
		if c := text[at]; c == delimiter || c == '\n' {
			return at
		}
	}
	return -1
}

// scanQuoted returns the offset of the closing quote, from the offset after the opening quote. A quote at the end of
// the text may be the first of a doubled quote.
func scanQuoted(text []byte, at int) int {
	for {
		next := bytes.IndexByte(text[at:], '"')
		if next < 0 || at+next+1 >= len(text) {
			return -1
		}
		at += next
		if text[at+1] != '"' {
			return at
		}
		at += 2
	}
}
