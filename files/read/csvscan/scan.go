// Package csvscan finds its way through the text of CSV and makes no values of it.
//
// It takes what RFC 4180 allows, and what people have all the same: records that end in LF alone, other delimiters, quotes
// in the middle of a field, text behind a closing quote, any bytes at all.
package csvscan

import (
	"bytes"
	"errors"

	"sbwatch/model/jsonscan"
)

// ErrShort is the error for text that ends inside a record.
var ErrShort = jsonscan.ErrShort

// ErrWide is the error for a record of more fields than were asked for.
var ErrWide = errors.New("a record has too many fields")

// Field is a field of a record, as it stands in the text.
type Field struct {
	// Quoted tells whether the field is in quotes. "" in quotes is an empty text; without, it is nothing.
	Quoted bool
	// text is what stands in the field, or between its quotes, each quote in it twice.
	text []byte
	// tail is what stands behind the closing quote, where nothing should.
	tail []byte
}

// IsEmpty tells whether the field holds no text.
func (f Field) IsEmpty() bool { return len(f.text)+len(f.tail) == 0 }

// AppendText appends what the field says.
func (f Field) AppendText(dst []byte) []byte {
	if f.Quoted {
		dst = appendSingle(dst, f.text)
	} else {
		dst = append(dst, f.text...)
	}
	return append(dst, f.tail...)
}

// appendSingle appends text with each pair of quotes as one.
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

// Record appends the fields of the record at the beginning of text to fields, and gives the place after its line break.
// The errors are ErrShort, where the text ends before the record does, and ErrWide, where it has more than most fields. Fields
// are parts of text.
func Record(fields []Field, text []byte, delimiter byte, most int) ([]Field, int, error) {
	for at := 0; ; {
		if len(fields) == most {
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

// endLine leaves off the CR before the LF that ended the field.
func (f *Field) endLine() {
	part := &f.tail
	if !f.Quoted {
		part = &f.text
	}
	*part = bytes.TrimSuffix(*part, []byte("\r"))
}

// scanField takes the place of a field and gives that of the delimiter or the LF behind it; -1 where the text ends first.
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

// scanPlain gives the place of the next delimiter or LF.
func scanPlain(text []byte, at int, delimiter byte) int {
	for ; at < len(text); at++ {
		if c := text[at]; c == delimiter || c == '\n' {
			return at
		}
	}
	return -1
}

// scanQuoted takes the place behind an opening quote and gives that of the closing one. A quote at the very end of the
// text may be the first of two.
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
