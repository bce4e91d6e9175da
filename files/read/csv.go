package read

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"sbwatch/api/wire"
	"sbwatch/files/read/csvscan"
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// csvReader turns CSV into items. Each record becomes an object whose keys are the names in the header.
//
// An empty field without quotes is null. CSV has no types, so the type is determined for a whole column. If all its
// values are numbers, they become numbers. The same applies to booleans, and to arrays and objects. Numbers and
// booleans must be written as in JSON and without quotes. Arrays and objects must be JSON in quotes. In all other
// columns, all values become strings.
type csvReader struct {
	in       *reader
	limits   wire.Limits
	fields   []csvscan.Field
	columns  []csvColumn
	names    text.Names
	scanFunc func([]byte) (int, error) // the method scan
	header   int                       // the number of columns in the header
	start    int64                     // the offset of the newest record
	record   []byte                    // the newest record, valid until more is read
	marked   bool                      // whether a byte order mark comes before the newest record
	title    []byte                    // the record that is the header

	// retyped holds the columns that became text after other values had been added. retypedRows is the number of items
	// that may contain such values.
	retyped     map[int]bool
	retypedRows int
	settled     int // number of items when values were last rewritten

	item, scratch []byte

	blocks csvBlocks
}

// csvColumn is a column of a CSV.
type csvColumn struct {
	key  []byte // the name as a JSON string, followed by a colon
	kind csvKind
}

// csv reads CSV to its end.
func (f *reader) csv() error {
	c := csvReader{in: f, limits: f.Limits(), retyped: map[int]bool{}}
	c.scanFunc = c.scan
	f.Recycle()
	switch more, err := c.next(); {
	case err != nil:
		return err
	case !more:
		return errNoItems
	}
	err := c.addHeader()
	for more := true; more && err == nil; {
		c.convertBlocks()
		if more, err = c.next(); err == nil && more && !c.repeatsHeader() {
			c.checkLength()
			err = c.add()
		}
	}
	c.settle()
	if err == nil && f.Items().Total() == 0 {
		f.notes.Add(run.NoteHeaderOnly, 0, "")
	}
	return err
}

// addHeader adds the columns for the first record. If that record is not a header, addHeader also adds it as an item.
func (c *csvReader) addHeader() error {
	if c.in.options.Header == HeaderAbsent {
		c.header = len(c.fields)
		return c.add()
	}
	for _, field := range c.fields {
		name := string(field.AppendText(nil))
		if strings.TrimSpace(name) == "" && !field.Quoted {
			c.in.note(run.NoteNames, c.start, "")
			c.addNumbered()
			continue
		}
		if c.addColumn(name) {
			c.in.note(run.NoteNames, c.start, "")
		}
	}
	c.header = len(c.columns)
	c.title = bytes.Clone(trimLine(c.record))
	c.noteFields()
	return nil
}

// trimLine returns a record without its byte order mark and line break.
func trimLine(record []byte) []byte {
	return bytes.TrimRight(bytes.TrimPrefix(record, []byte(csvMark)), "\r\n")
}

// repeatsHeader reports whether the newest record repeats the header, as in files that were joined.
func (c *csvReader) repeatsHeader() bool {
	const enough = 3 // fewer fields might equal the header by chance
	if len(c.record) < len(c.title) || len(c.title) == 0 || c.header < enough && !c.marked || !bytes.Equal(trimLine(c.record), c.title) {
		return false
	}
	c.in.note(run.NoteRepeatedHeader, c.start, "")
	return true
}

// addColumn adds a column. If the name is already in use, it changes the name and reports that.
func (c *csvReader) addColumn(name string) (renamed bool) {
	distinct := c.names.Distinct(name)
	c.columns = append(c.columns, csvColumn{key: append(jsonscan.AppendQuoted(nil, []byte(distinct)), ':')})
	return distinct != name
}

// addNumbered adds a column that has no name in the file. It is named after its number, such as "column 3".
func (c *csvReader) addNumbered() { c.addColumn("column " + strconv.Itoa(len(c.columns)+1)) }

// checkLength notes a record with more or fewer fields than the header.
func (c *csvReader) checkLength() {
	switch {
	case len(c.fields) < c.header:
		c.in.note(run.NoteShortRow, c.start, "")
	case len(c.fields) > c.header:
		c.in.note(run.NoteLongRow, c.start, "")
	}
}

// noteFields notes the quotes of the newest record that were read in an unusual way.
func (c *csvReader) noteFields() {
	for _, field := range c.fields {
		if field.Repaired {
			c.in.note(run.NoteQuote, c.start, "")
		}
		if field.Backslash && !c.in.dialect.Backslash {
			c.in.dialect.Backslash = true
			c.in.note(run.NoteBackslash, c.start, "")
		}
	}
}

// next reads the next record, skipping empty lines. It returns false at the end of the text.
func (c *csvReader) next() (bool, error) {
	for {
		c.start = c.in.Offset()
		record, err := c.in.Scan(c.scanFunc, c.limits.ItemSize(), item.ErrItemTooLarge)
		c.record = record
		if errors.Is(err, csvscan.ErrWide) {
			err = c.wide()
		}
		if errors.Is(err, item.ErrItemTooLarge) {
			err = c.unclosed(c.in.Bytes(), err)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) && errors.Is(c.in.Err(), io.EOF) {
			return c.lastRecord()
		}
		if err != nil || len(c.fields) > 1 || c.fields[0].Quoted || !c.fields[0].IsEmpty() {
			if c.header == 0 && bytes.HasSuffix(c.record, []byte("\r\r\n")) {
				c.in.notes.Add(run.NoteLineEnds, 0, "CR CR LF")
			}
			return err == nil, err
		}
	}
}

// scan splits the record at the start of the window. If the record is not complete, more text will be read, and the
// items so far will be shown. So scan first updates their types, if that is quick.
func (c *csvReader) scan(text []byte) (end int, err error) {
	mark := 0
	if len(text) > 0 && text[0] == csvMark[0] && bytes.HasPrefix(text, []byte(csvMark)) {
		mark = len(csvMark)
	}
	c.fields, end, err = csvscan.Record(c.fields[:0], text[mark:], c.in.dialect, c.limits.Columns)
	c.marked = mark > 0
	if err == nil && c.marked {
		c.in.note(run.NoteMark, c.start, "")
	}
	if errors.Is(err, csvscan.ErrShort) && c.retypedRows > 0 && c.retypedRows <= quickRows && c.in.Items().Len() >= 2*c.settled {
		c.settle()
	}
	return end + mark, err
}

// csvMark is a byte order mark. In files that were joined, it may come before any record.
const csvMark = "\ufeff"

// unclosed reads a record whose end was not found. If that is because of an opening quote, it reads the quote as text.
// Otherwise it returns err.
func (c *csvReader) unclosed(text []byte, err error) error {
	dialect := c.in.dialect
	dialect.Literal = true
	fields, end, scanErr := csvscan.Record(c.fields[:0], text, dialect, c.limits.Columns)
	switch {
	case errors.Is(scanErr, csvscan.ErrWide):
		return c.wide()
	case scanErr == nil:
		c.fields, c.record, c.marked = fields, text[:end], false
		c.in.Advance(end)
		return nil
	case errors.Is(err, item.ErrItemTooLarge):
		return c.tooLarge()
	default:
		return err
	}
}

// tooLarge returns the error for a record that exceeds the maximum size of an item.
func (c *csvReader) tooLarge() error {
	return &wire.PositionError{Offset: c.in.Offset(), Err: &stepError{
		"a record is larger than " + text.Bytes(int64(c.limits.ItemSize())), "raise --max-memory",
	}}
}

// wide returns the error for a record with too many fields.
func (c *csvReader) wide() error {
	return &wire.PositionError{Offset: c.in.Offset(), Err: &stepError{
		"more than " + text.Count(int64(c.limits.Columns)) + " columns", "remove some columns, or convert the file to NDJSON",
	}}
}

// endOfFile is the character that marked the end of text files in CP/M and MS-DOS.
const endOfFile = 0x1a

// lastRecord reads the last record if the text ends without a line break or a closing quote. If fields or a closing
// quote are missing in the last line, the text was cut.
func (c *csvReader) lastRecord() (bool, error) {
	rest := c.in.Bytes()
	if len(rest) == 0 || len(rest) == 1 && rest[0] == endOfFile {
		return false, nil
	}
	cut := &wire.PositionError{Offset: c.in.Offset(), Err: io.ErrUnexpectedEOF}
	if bytes.IndexByte(rest, '\n') >= 0 {
		err := c.unclosed(rest, cut)
		return err == nil, err
	}
	var err error
	c.fields, _, err = csvscan.Record(c.fields[:0], append(slices.Clip(rest), '\n'), c.in.dialect, c.limits.Columns)
	if errors.Is(err, csvscan.ErrWide) {
		return false, c.wide()
	}
	if err != nil || len(c.fields) < c.header {
		return false, cut
	}
	c.record, c.marked = rest, false
	c.in.Advance(len(rest))
	return true, nil
}

// add adds the record as an item.
func (c *csvReader) add() error {
	if c.in.Full() && !c.limits.CountOnly {
		c.in.SkipItem()
		return nil
	}
	err := c.append(kindNested)
	if _, wrong := errors.AsType[*jsonscan.SyntaxError](err); wrong {
		err = c.append(kindBool) // an array that is nested too deep only as part of an object
	}
	if err != nil {
		return &wire.PositionError{Offset: c.in.Offset(), Err: err}
	}
	return nil
}

// append adds the record as an item. Values whose kind comes after limit are written as text.
func (c *csvReader) append(limit csvKind) error {
	c.item = append(c.item[:0], '{')
	unusual := false
	maxSize := c.limits.ItemSize()
	for i := range c.fields {
		field := &c.fields[i]
		if i == len(c.columns) {
			c.addNumbered() // the record has more fields than the header
		}
		unusual = unusual || field.Repaired || field.Backslash
		if i > 0 {
			c.item = append(c.item, ',')
		}
		c.item = append(c.item, c.columns[i].key...)
		c.item = c.value(c.item, i, field, limit)
		if len(c.item) > maxSize {
			c.in.SkipItem()
			return nil
		}
	}
	c.item = append(c.item, '}')
	if unusual {
		c.noteFields()
	}
	_, err := c.in.AddItem(c.item)
	return err
}

// value appends a field as the JSON value of its column.
func (c *csvReader) value(dst []byte, column int, f *csvscan.Field, limit csvKind) []byte {
	known := &c.columns[column].kind
	before := *known
	dst, *known = appendField(dst, f, before, limit, &c.scratch)
	if *known == kindText && before != kindText && before != kindUnknown {
		c.retyped[column] = true
		c.retypedRows = c.in.Items().Len()
	}
	return dst
}

// appendField appends the JSON value of a field of a column whose values are of a known kind so far. It returns the kind that they have
// with it. A value of a kind beyond limit is text.
func appendField(dst []byte, f *csvscan.Field, known, limit csvKind, scratch *[]byte) ([]byte, csvKind) {
	if f.IsEmpty() && !f.Quoted {
		return append(dst, "null"...), known
	}
	text := f.Text(scratch)
	if known != kindText {
		kind := kindOf(text, f.Quoted)
		if kind > limit {
			kind = kindText
		}
		if kind != kindText && (kind == known || known == kindUnknown) {
			return append(dst, text...), kind
		}
	}
	return jsonscan.AppendQuoted(dst, unwrapped(text, f.Quoted)), kindText
}

// unwrapped returns the text of a field. If the field is a JSON string of an array or object, it is decoded.
func unwrapped(field []byte, quoted bool) []byte {
	if !quoted || len(field) == 0 || field[0] != '"' {
		return field
	}
	decoded, isWrapped := unwrap(field)
	if !isWrapped {
		return field
	}
	return decoded
}

// unwrap decodes a field that is the JSON string of an array or object. The string may be encoded several times.
func unwrap(field []byte) (decoded []byte, isWrapped bool) {
	if len(field) == 0 || field[0] != '"' {
		return nil, false
	}
	if end, err := jsonscan.Value(field); err != nil || end != len(field) {
		return nil, false
	}
	decoded = jsonscan.AppendDecoded(nil, field[1:len(field)-1])
	if kindOf(decoded, true) == kindNested {
		return decoded, true
	}
	_, isWrapped = unwrap(decoded)
	return decoded, isWrapped
}
