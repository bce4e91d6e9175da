package read

import "sbwatch/model/jsonscan"

// csvKind is the kind of the values of a CSV column.
type csvKind int

// The kinds of values.
const (
	kindUnknown csvKind = iota // only null values so far
	kindText
	kindNumber
	kindBool
	kindNested // arrays and objects
)

// kindOf returns the kind of one field.
func kindOf(field []byte, quoted bool) csvKind {
	if len(field) == 0 {
		return kindText
	}
	switch first := field[0]; {
	case first == '[' || first == '{':
		if end, err := jsonscan.Value(field); quoted && err == nil && end == len(field) {
			return kindNested
		}
	case quoted:
	case first == 't' || first == 'f':
		if string(field) == "true" || string(field) == "false" {
			return kindBool
		}
	case jsonscan.IsNumber(field):
		return kindNumber
	}
	return kindText
}

// quickRows is the maximum number of items whose values are rewritten as text before all of the CSV has been read. At
// the end, there is no maximum.
const quickRows = 20_000

// settle converts values to text. These are the numbers, booleans, arrays and objects that were added before their
// column became text.
func (c *csvReader) settle() {
	if c.retypedRows == 0 {
		return
	}
	keys := map[string]bool{}
	for column := range c.retyped {
		key := c.columns[column].key
		keys[string(key[:len(key)-1])] = true
	}
	c.in.Rewrite(c.retypedRows, func(dst, row []byte) []byte { return appendRetyped(dst, row, keys) })
	clear(c.retyped)
	c.retypedRows, c.settled = 0, c.in.Items().Len()
}

// appendRetyped appends an object, with the values of the given keys written as text.
func appendRetyped(dst, row []byte, keys map[string]bool) []byte {
	done := 0 // row[:done] is already in dst
	for at := 1; at < len(row)-1; {
		end, err := jsonscan.Value(row[at:])
		if err != nil {
			break
		}
		key := row[at : at+end]
		from := at + end + 1
		length, err := jsonscan.Value(row[from:])
		if err != nil {
			break
		}
		value := row[from : from+length]
		if keys[string(key)] && value[0] != '"' && value[0] != 'n' {
			dst = append(dst, row[done:from]...)
			dst = jsonscan.AppendQuoted(dst, value)
			done = from + length
		}
		at = from + length + 1
	}
	return append(dst, row[done:]...)
}
