package read

import (
	"errors"
	"io"
	"slices"
	"strconv"

	"sbwatch/api/wire"
	"sbwatch/files/read/csvscan"
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// csvReader turns CSV into items: each record becomes an object whose keys are the fields of the header.
//
// A field in quotes is a string, or the array or object whose JSON it holds. A field without quotes is a number, true or false
// if it is written as in JSON, null if it is empty, and otherwise a string.
type csvReader struct {
	in     *reader
	limits wire.Limits
	fields []csvscan.Field
	keys   [][]byte // the names of the columns, each as JSON with its colon
	names  text.Names
	header int // the number of columns in the header

	item, scratch []byte
}

// csv reads CSV to its end.
func (f *reader) csv() error {
	c := csvReader{in: f, limits: f.Limits()}
	switch more, err := c.record(); {
	case err != nil || !more:
		return err
	}
	for _, field := range c.fields {
		c.addKey(string(field.AppendText(nil)))
	}
	c.header = len(c.keys)
	for {
		more, err := c.record()
		if err == nil && more {
			err = c.add()
		}
		if err != nil || !more {
			return err
		}
	}
}

// addKey adds a column; its name is made unique.
func (c *csvReader) addKey(name string) {
	c.keys = append(c.keys, append(jsonscan.AppendQuoted(nil, []byte(c.names.Distinct(name))), ':'))
}

// record reads the next record that is not an empty line. It returns false at the end.
func (c *csvReader) record() (bool, error) {
	scan := func(text []byte) (end int, err error) {
		c.fields, end, err = csvscan.Record(c.fields[:0], text, c.in.delimiter, c.limits.Columns)
		return end, err
	}
	for {
		_, err := c.in.Scan(scan, c.limits.ItemSize(), item.ErrItemTooLarge)
		if errors.Is(err, csvscan.ErrWide) {
			err = c.wide()
		}
		if errors.Is(err, item.ErrItemTooLarge) {
			err = &wire.PositionError{Offset: c.in.Offset(), Err: &stepError{
				"a record is larger than " + text.Bytes(int64(c.limits.ItemSize())), "raise --max-memory",
			}}
		}
		if errors.Is(err, io.ErrUnexpectedEOF) && errors.Is(c.in.Err(), io.EOF) {
			return c.lastRecord()
		}
		if err != nil || len(c.fields) > 1 || c.fields[0].Quoted || !c.fields[0].IsEmpty() {
			return err == nil, err
		}
	}
}

// wide returns the error for a record of too many fields.
func (c *csvReader) wide() error {
	return &wire.PositionError{Offset: c.in.Offset(), Err: &stepError{
		"more than " + text.Count(int64(c.limits.Columns)) + " columns", "remove some columns, or convert the file to NDJSON",
	}}
}

// lastRecord reads a last record that no line break ends. If fields or a closing quote are missing, the text was cut.
func (c *csvReader) lastRecord() (bool, error) {
	rest := c.in.Bytes()
	if len(rest) == 0 {
		return false, nil
	}
	var err error
	c.fields, _, err = csvscan.Record(c.fields[:0], append(slices.Clip(rest), '\n'), c.in.delimiter, c.limits.Columns)
	if errors.Is(err, csvscan.ErrWide) {
		return false, c.wide()
	}
	if err != nil || len(c.fields) < c.header {
		return false, &wire.PositionError{Offset: c.in.Offset(), Err: io.ErrUnexpectedEOF}
	}
	c.in.Advance(len(rest))
	return true, nil
}

// add adds the record as an item.
func (c *csvReader) add() error {
	if c.in.Full() && !c.limits.CountOnly {
		c.in.SkipItem()
		return nil
	}
	err := c.append(c.value)
	if _, wrong := errors.AsType[*jsonscan.SyntaxError](err); wrong {
		err = c.append(c.text) // an array that is too deep inside an object, though not by itself
	}
	if err != nil {
		return &wire.PositionError{Offset: c.in.Offset(), Err: err}
	}
	return nil
}

// append adds the record as an item whose values the function appends.
func (c *csvReader) append(value func(dst []byte, f csvscan.Field) []byte) error {
	c.item = append(c.item[:0], '{')
	for i, field := range c.fields {
		if i == len(c.keys) {
			c.addKey("column " + strconv.Itoa(i+1)) // there are more fields than the header has
		}
		if i > 0 {
			c.item = append(c.item, ',')
		}
		c.item = append(c.item, c.keys[i]...)
		c.item = value(c.item, field)
		if len(c.item) > c.limits.ItemSize() {
			c.in.SkipItem()
			return nil
		}
	}
	c.item = append(c.item, '}')
	_, err := c.in.AddItem(c.item)
	return err
}

// value appends the JSON value of a field.
func (c *csvReader) value(dst []byte, f csvscan.Field) []byte {
	if f.IsEmpty() && !f.Quoted {
		return append(dst, "null"...)
	}
	c.scratch = f.AppendText(c.scratch[:0])
	if isValueOf(c.scratch, f.Quoted) {
		return append(dst, c.scratch...)
	}
	return jsonscan.AppendQuoted(dst, c.scratch)
}

// text appends a field as a JSON string.
func (c *csvReader) text(dst []byte, f csvscan.Field) []byte {
	c.scratch = f.AppendText(c.scratch[:0])
	return jsonscan.AppendQuoted(dst, c.scratch)
}

// isValueOf reports whether a field is a JSON value other than a string.
func isValueOf(field []byte, quoted bool) bool {
	if len(field) == 0 {
		return false
	}
	switch first := field[0]; {
	case first == '[' || first == '{':
		end, err := jsonscan.Value(field)
		return quoted && err == nil && end == len(field)
	case quoted:
		return false
	case first == 't' || first == 'f':
		return string(field) == "true" || string(field) == "false"
	default:
		return jsonscan.IsNumber(field)
	}
}
