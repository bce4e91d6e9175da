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

// csvReader converts CSV to items. Each record becomes an object whose keys are the names in the header.
//
// An empty field without quotes becomes null. CSV has no types, so csvReader determines one type for each column. If
// all values of a column are numbers, they become JSON numbers. The same applies to booleans, and to arrays and
// objects. Numbers and booleans must be written as in JSON and without quotes. Arrays and objects must be JSON in
// quotes. In all other columns, all values become strings.
type csvReader struct {
	in       *reader
	limits   wire.Limits
	fields   []csvscan.Field
	columns  []csvColumn
	names    text.Names
	scanFunc func([]byte) (int, error) // the scan method as a value
	header   int                       // number of columns in the header
	start    int64                     // offset of the newest record
	record   []byte                    // newest record, valid until more text is read
	marked   bool                      // whether a byte order mark comes before the newest record
	title    []byte                    // header record

	// retyped holds the columns that became text after numbers, booleans, arrays or objects were added to them. Only
	// the first retypedRows items can contain values that must still be rewritten as text.
	retyped     map[int]bool
	retypedRows int
	settled     int // number of items when values were last rewritten as text

	item, scratch []byte

	blocks csvBlocks
}

// csvColumn is a column of a CSV file.
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

// addHeader adds a column for each field of the first record. The fields are the names of the columns. With the option
// HeaderAbsent, addHeader adds the first record as an item instead.
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

// trimLine removes the byte order mark and the line break from a record.
func trimLine(record []byte) []byte {
	return bytes.TrimRight(bytes.TrimPrefix(record, []byte(csvMark)), "\r\n")
}

// repeatsHeader reports whether the newest record is the header again, as happens when files are joined.
func (c *csvReader) repeatsHeader() bool {
	const enough = 3 // a record with fewer fields may equal the header by chance
	if len(c.record) < len(c.title) || len(c.title) == 0 || c.header < enough && !c.marked || !bytes.Equal(trimLine(c.record), c.title) {
		return false
	}
	c.in.note(run.NoteRepeatedHeader, c.start, "")
	return true
}

// addColumn adds a column. If another column already has the name, addColumn gives the new column a different name and
// adds a note.
func (c *csvReader) addColumn(name string) (renamed bool) {
	distinct := c.names.Distinct(name)
	c.columns = append(c.columns, csvColumn{key: append(jsonscan.AppendQuoted(nil, []byte(distinct)), ':')})
	return distinct != name
}

// addNumbered adds a column for which the file has no name. Its name is its number, such as "column 3".
func (c *csvReader) addNumbered() { c.addColumn("column " + strconv.Itoa(len(c.columns)+1)) }

// checkLength adds a note if the newest record has more or fewer fields than the header.
func (c *csvReader) checkLength() {
	switch {
	case len(c.fields) < c.header:
		c.in.note(run.NoteShortRow, c.start, "")
	case len(c.fields) > c.header:
		c.in.note(run.NoteLongRow, c.start, "")
	}
}

// noteFields adds notes if the newest record has misplaced quotes, or \" for a quote.
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
			err = c.tooWide()
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

// scan splits the next record of the text into fields, and returns the offset of the end of the record. If the record
// is incomplete, the caller shows the items so far. In this case, scan first makes all values of each column have the
// same type, unless that would take long.
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

// csvMark is a byte order mark. If files were joined, it may come before any record.
const csvMark = "\ufeff"

// unclosed reads a record whose end was not found, for example because a quote is never closed. It reads such a quote
// as ordinary text. If the end is still not found, unclosed returns err or a more precise error.
func (c *csvReader) unclosed(text []byte, err error) error {
	dialect := c.in.dialect
	dialect.Literal = true
	fields, end, scanErr := csvscan.Record(c.fields[:0], text, dialect, c.limits.Columns)
	switch {
	case errors.Is(scanErr, csvscan.ErrWide):
		return c.tooWide()
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

// tooWide returns the error for a record with too many fields.
func (c *csvReader) tooWide() error {
	return &wire.PositionError{Offset: c.in.Offset(), Err: &stepError{
		"more than " + text.Count(int64(c.limits.Columns)) + " columns", "remove some columns, or convert the file to NDJSON",
	}}
}

// endOfFile is a character that marks the end of text files in CP/M and MS-DOS.
const endOfFile = 0x1a

// lastRecord reads the last record of a text that ends without a line break or a closing quote. It returns false if
// there is no record. If the record lacks fields or a closing quote, lastRecord returns an error, because the text was
// cut off.
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
		return false, c.tooWide()
	}
	if err != nil || len(c.fields) < c.header {
		return false, cut
	}
	c.record, c.marked = rest, false
	c.in.Advance(len(rest))
	return true, nil
}

// add adds the newest record as an item. If the table of items is full, add only counts the record.
func (c *csvReader) add() error {
	if c.in.Full() && !c.limits.CountOnly {
		c.in.SkipItem()
		return nil
	}
	err := c.append(kindNested)
	if _, wrong := errors.AsType[*jsonscan.SyntaxError](err); wrong {
		err = c.append(kindBool) // an array or object is nested too deep for an item, so all become text
	}
	if err != nil {
		return &wire.PositionError{Offset: c.in.Offset(), Err: err}
	}
	return nil
}

// append adds the newest record as an item. A field whose kind is greater than limit is written as text. With the limit
// kindBool, for example, arrays and objects are written as text.
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

// value appends a field as a JSON value, and updates the kind of the field's column. A field whose kind is greater than
// limit is written as text.
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

// appendField appends a field as a JSON value. The parameter columnKind is the kind of the column before this field.
// The returned kind is the kind of the column after it. A field whose kind is greater than limit is written as text.
// With the limit kindBool, for example, arrays and objects are written as text.
func appendField(dst []byte, f *csvscan.Field, columnKind, limit csvKind, scratch *[]byte) ([]byte, csvKind) {
	if f.IsEmpty() && !f.Quoted {
		return append(dst, "null"...), columnKind
	}
	text := f.Text(scratch)
	if columnKind != kindText {
		kind := kindOf(text, f.Quoted)
		if kind > limit {
			kind = kindText
		}
		if kind != kindText && (kind == columnKind || columnKind == kindUnknown) {
			return append(dst, text...), kind
		}
	}
	return jsonscan.AppendQuoted(dst, unwrapped(text, f.Quoted)), kindText
}

// unwrapped returns the text of a field. If the text is a JSON string that contains an array or object, such as "[1]",
// unwrapped returns that array or object: [1].
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

// unwrap decodes a JSON string that contains an array or object. The string may be encoded several times.
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
