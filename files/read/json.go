package read

import (
	"bytes"
	"errors"
	"io"

	"sbwatch/files/read/jsonrepair"
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
)

// jsonReader reads items as JSON: values one after the other, or the elements of arrays. It accepts and repairs text
// that is almost JSON, see [jsonrepair], and skips damaged values. It is not used for answers of the service, which
// must be valid.
type jsonReader struct {
	in      *reader
	addItem func(text []byte) (int, error) // in.AddItem as a value, to avoid allocations
	limit   int                            // maximum size of an item, in bytes
	repair  jsonrepair.Repairer
	broken  brokenValue
	// path is the path from each value to the array with its items. If it is empty, the values themselves are the
	// items.
	path string
	// whole means that the option At is ".": the values themselves are the items, even if they contain arrays.
	whole bool
	// found reports whether at least one value has an array at the path.
	found bool
	// others are the lists that an error message suggests instead of the path: the arrays of objects in the first
	// object that has no array at the path.
	others []innerList

	begun   bool
	inList  bool
	lists   int   // number of arrays whose elements are values to read
	passed  bool  // whether the last value was damaged and skipped
	indent  int   // number of spaces before the current value; -1 if other text precedes it in its line
	checked int64 // offset up to which checkScalar has checked lines
	damage  error // error of the first damaged value
	before  int   // number of items before the first damaged value
	wasted  int64 // number of bytes that were scanned more than once
	blocks  jsonBlocks

	// Offsets up to which the text was already searched: for a line break (noBreak), for the end of a comment
	// (noClosing), and for the message after "[INFO] [main]" in a log line (brackets). The next search begins at the
	// stored offset.
	noBreak, noClosing, brackets int64
}

// newJSONReader returns a reader for the JSON in f.
func newJSONReader(f *reader) *jsonReader {
	j := &jsonReader{in: f, blocks: jsonBlocks{newScanner: f.Scanner}, addItem: f.AddItem, limit: f.Limits().ItemSize(), path: f.options.At, whole: f.options.At == "."}
	if j.whole {
		j.path = ""
	}
	return j
}

// json reads items as JSON until the end of the text.
func (f *reader) json() error {
	j := newJSONReader(f)
	err := j.values()
	f.NoteItems()
	switch {
	case err != nil:
		return err
	case j.damage != nil && f.Items().Total() == j.before && (j.before == 0 || errors.Is(j.damage, io.ErrUnexpectedEOF)):
		return j.damage // all of the text after the error is damaged: it was cut, or is not JSON
	case j.damage != nil:
		return &damagedError{j.damage}
	case j.path != "" && !j.found:
		return j.noList()
	case f.Items().Total() == 0 && (j.lists > 0 || j.found):
		f.notes.Add(run.NoteEmptyList, 0, "")
	case f.Items().Total() == 0 && !f.notes.Has(run.NoteNoList):
		return errNoItems
	}
	return nil
}

// errNoItems is the error for a text without values, such as one with only comments.
var errNoItems = &noListError{reason: "it has no items, only comments or separators", nextStep: "choose another file"}

// damagedError is the error for a text with damaged lines, which were skipped.
type damagedError struct{ first error }

func (e *damagedError) Error() string { return e.first.Error() }
func (e *damagedError) Unwrap() error { return e.first }

// values reads values until the end of the text. If the first value is an array, the elements of this array and of all
// later top-level arrays are the items. For example, [{"a":1}] [{"a":2}] gives two items.
func (j *jsonReader) values() error {
	f, lists := j.in, false
	for values := 0; ; {
		first, err := j.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return f.Broken(err)
		case values > 0 && j.skipBetween(first):
			continue
		case values == 0:
			lists = first == '['
		}
		values++
		j.passed = false
		switch {
		case first == '[' && lists && j.beginsLogLine():
			err = j.pass(jsonscan.Unexpected(first, f.Offset()), first)
		case first == '[' && lists:
			err = j.list()
		case values == 1 && first == '{' && j.path == "" && !j.whole:
			err = j.firstObject()
		default:
			err = j.value(first)
		}
		if err != nil {
			return err
		}
		if j.passed && f.Items().Total() == 0 {
			values = 0 // it was a log line before the first value
		}
	}
}

// next returns the next byte that starts a value or ends an array. It skips white space, comments and other text before
// this byte. It also sets j.indent, the indentation of the value.
func (j *jsonReader) next() (byte, error) {
	f := j.in
	if first := j.nextQuick(); first != 0 {
		return first, nil
	}
	for isFirst := true; ; isFirst = false {
		at, space := f.Offset(), jsonscan.Space(f.Bytes(), 0)
		for space == len(f.Bytes()) && space < maxIndent && f.Grow() == nil {
			space = jsonscan.Space(f.Bytes(), space)
		}
		switch {
		case space == 1 && f.Bytes()[0] == '\n':
			j.indent = 0
		case space > 0 || isFirst && j.begun:
			j.indent = indentOf(f.Bytes()[:space])
		}
		j.begun = true
		first, err := f.Next()
		if f.Offset() != at+int64(space) {
			j.indent = 0
		}
		if err != nil || first != separator && first != '/' && first != "\ufeff"[0] {
			return first, err
		}
		skipped := j.separatorLen(first)
		if skipped == 0 {
			return first, nil
		}
		if first == '/' {
			j.indent = 0
		}
		f.Advance(skipped)
	}
}

// nextQuick returns the first byte of the next value if the value follows directly or after one line break. Otherwise
// it returns 0. It is faster than next.
func (j *jsonReader) nextQuick() byte {
	text := j.in.Bytes()
	if len(text) < 2 || !j.begun {
		return 0
	}
	first, space, indent := text[0], 0, -1
	if first == '\n' {
		first, space, indent = text[1], 1, 0
	}
	if first <= ' ' || first == '/' || first == "\ufeff"[0] {
		return 0
	}
	j.indent = indent
	j.in.Advance(space)
	return first
}

// maxIndent is the maximum number of bytes of white space that are examined to determine the indentation of a value.
const maxIndent = 64 << 10

// separator comes before each value of a JSON text sequence (RFC 7464).
const separator = 0x1e

// indentOf returns the number of characters after the last line break in a sequence of white space. It returns -1 if
// there is no line break.
func indentOf(space []byte) int {
	last := bytes.LastIndexByte(space, '\n')
	if last < 0 {
		return -1
	}
	return len(space) - last - 1
}

// separatorLen returns the length of the text that comes next and may separate two values: a record separator, a byte
// order mark or a comment. It returns 0 if other text comes next.
func (j *jsonReader) separatorLen(first byte) int {
	f := j.in
	for len(f.Bytes()) < len("\ufeff") && f.Grow() == nil {
	}
	text := f.Bytes()
	switch {
	case first == separator:
		return 1
	case bytes.HasPrefix(text, []byte("\ufeff")):
		f.note(run.NoteMark, f.Offset(), "")
		return len("\ufeff")
	case !bytes.HasPrefix(text, []byte("//")) && !bytes.HasPrefix(text, []byte("/*")):
		return 0
	}
	closing, searched := "\n", int64(0)
	if text[1] == '*' {
		closing, searched = "*/", j.noClosing
	}
	for {
		from := max(2, int(searched-f.Offset()))
		if length := bytes.Index(f.Bytes()[from:], []byte(closing)); length >= 0 {
			f.note(run.NoteRepaired, f.Offset(), "")
			return from + length + len(closing)
		}
		searched = f.Offset() + int64(len(f.Bytes())-len(closing)+1)
		if closing == "*/" {
			j.noClosing = searched
		}
		if len(f.Bytes()) > f.Limits().ItemSize() || f.Grow() != nil {
			return 0
		}
	}
}

// skipBetween skips a character that may come between two values: a comma, or, after JSON in JavaScript such as
// "callback({…});", a closing parenthesis or a semicolon. It reports whether it skipped a character.
func (j *jsonReader) skipBetween(first byte) bool {
	switch {
	case first == ',':
		j.skipComma()
		return true
	case j.in.isScriptEnd(first):
		j.in.Advance(1)
		return true
	default:
		return false
	}
}

// skipComma skips a comma that JSON does not allow.
func (j *jsonReader) skipComma() {
	j.in.note(run.NoteComma, j.in.Offset(), "")
	j.in.Advance(1)
}

// list reads an array of values.
func (j *jsonReader) list() error {
	f := j.in
	f.Advance(1)
	j.lists++
	j.inList = true
	defer func() { j.inList = false }()
	for after := byte('['); ; { // the previous token: a bracket, a comma, a value, or a damaged value
		first, err := j.next()
		switch {
		case err != nil && errors.Is(err, io.EOF) && j.damage != nil:
			return nil // the closing bracket was in a damaged line
		case err != nil:
			return f.Broken(err)
		case first == ']':
			if after == ',' {
				f.note(run.NoteComma, f.Offset(), "")
			}
			f.Advance(1)
			return nil
		case first == ',' && (after == 'v' || after == 'd'):
			f.Advance(1)
			after = ','
			continue
		case first == ',':
			j.skipComma()
			continue
		case after == 'v' && first != '{':
			err = j.pass(jsonscan.Unexpected(first, f.Offset()), first)
		case after == 'v':
			f.note(run.NoteComma, f.Offset(), "")
			err = j.value(first)
		default:
			err = j.value(first)
		}
		if err != nil {
			return err
		}
		after = 'v'
		if j.passed {
			after = 'd'
		}
	}
}

// value reads one value. The parameter first is the first byte of the value. A damaged value is skipped.
func (j *jsonReader) value(first byte) error {
	j.passed = false
	if j.isBroken() {
		return j.pass(j.damage, first)
	}
	if j.path != "" {
		return j.valueAt(first)
	}
	f := j.in
	var err error
	if j.inList {
		_, err = f.Scan(j.addItem, j.limit, item.ErrItemTooLarge)
	} else {
		if first != '{' && first != '[' {
			if err := j.checkScalar(); err != nil {
				return j.pass(err, first)
			}
		}
		_, err = f.ScanOuter(j.addItem, j.limit, item.ErrItemTooLarge)
	}
	if err == nil {
		j.scanBlocks()
		return nil
	}
	if errors.Is(err, item.ErrItemTooLarge) {
		return j.skipLarge()
	}
	j.waste(err)
	whole, err := j.repairValue(err)
	if err != nil || whole == 0 {
		return j.passOr(err, first)
	}
	return j.addRepaired(whole)
}

// skipLarge skips a value that exceeds the maximum size of an item.
func (j *jsonReader) skipLarge() error {
	err := j.in.Skip()
	if err == nil {
		j.in.SkipItem()
	}
	return err
}

// addRepaired adds the repaired value. The parameter length is the length of the value in the text, before the repair.
func (j *jsonReader) addRepaired(length int) error {
	if err := j.add(j.repair.Row, j.repair.Valid); err != nil {
		return err
	}
	j.noteRepairs()
	j.in.Advance(length)
	return nil
}

// add adds an item. The parameter row is the text of the item, which may contain NaN and Infinity. The parameter valid
// is the same text, but with ordinary numbers instead of NaN and Infinity.
func (j *jsonReader) add(row, valid []byte) error {
	if !bytes.Equal(row, valid) {
		return j.in.AddRepaired(row, valid)
	}
	if valid[0] == '-' || valid[0] >= '0' && valid[0] <= '9' {
		valid = append(bytes.Clone(valid), '\n') // shows that the last number is complete
	}
	_, err := j.in.AddItem(valid)
	return err
}

// noteRepairs adds notes about the repairs of the current value.
func (j *jsonReader) noteRepairs() {
	kinds := [jsonrepair.Kinds]run.NoteKind{
		jsonrepair.NonFinite: run.NoteNonFinite, jsonrepair.Comma: run.NoteComma, jsonrepair.Mark: run.NoteMark,
		jsonrepair.Comment: run.NoteRepaired, jsonrepair.Quote: run.NoteRepaired, jsonrepair.Escape: run.NoteRepaired,
	}
	repaired := false
	for kind, count := range j.repair.Faults {
		if kinds[kind] == run.NoteRepaired {
			repaired = repaired || count > 0
			continue
		}
		for range count {
			j.in.note(kinds[kind], j.in.Offset(), "")
		}
	}
	if repaired { // count repaired values, not repairs
		j.in.note(run.NoteRepaired, j.in.Offset(), "")
	}
}

// repairValue repairs the next value of the text, and returns its original length. The parameter strict is the error of
// the strict parser. If the value cannot be repaired, repairValue returns strict or the error of the source.
func (j *jsonReader) repairValue(strict error) (int, error) {
	f := j.in
	_, isSyntax := errors.AsType[*jsonscan.SyntaxError](strict)
	if !isSyntax && !errors.Is(strict, io.ErrUnexpectedEOF) || f.Err() != nil && !errors.Is(f.Err(), io.EOF) {
		return 0, strict
	}
	for {
		isAll := f.Err() != nil
		began := j.repair.Work()
		whole, err := j.repair.Value(f.Bytes(), isAll)
		if err == nil {
			return whole, nil
		}
		j.wasted += j.repair.Work() - began
		if isAll || !errors.Is(err, jsonscan.ErrShort) {
			j.broken.swap(&j.repair, f.Offset())
			return 0, strict
		}
		if len(f.Bytes()) > f.Limits().ItemSize() || j.wasted > maxWasted {
			return 0, strict
		}
		if err := f.Grow(); err != nil && !errors.Is(err, io.EOF) {
			return 0, f.Broken(err)
		}
	}
}
