package read

import (
	"bytes"
	"errors"
	"io"

	"sbwatch/files/read/jsonrepair"
	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
)

// maxWasted is the maximum number of bytes that are scanned again because of damage. It limits the time for reading a
// file with a lot of damage.
const maxWasted = 1 << 30

// brokenValue is the newest damaged value, with the Repairer that failed to repair it. Values nested in it may be
// damaged, too.
type brokenValue struct {
	repair jsonrepair.Repairer
	offset int64 // offset of the value in the text
}

// swap stores the Repairer that failed to repair the value at an offset in the text. In exchange, it sets *failed to
// the Repairer that was stored before. The caller can use that Repairer for other values.
func (b *brokenValue) swap(failed *jsonrepair.Repairer, offset int64) {
	b.repair, *failed = *failed, b.repair
	b.offset = offset
}

// isBroken reports whether the next value of the text is damaged. It returns true only for a value that is nested in
// the newest damaged value and was still open where the damage was found.
func (j *jsonReader) isBroken() bool {
	f, repair := j.in, &j.broken.repair
	if j.damage == nil || !repair.IsOpen(f.Offset()-j.broken.offset) {
		return false
	}
	// Resume examines only text that was not examined for the outer value. The total time for many nested values that
	// never end is therefore proportional to the size of the text.
	for {
		isAll := f.Err() != nil
		if isAll && !errors.Is(f.Err(), io.EOF) || len(f.Bytes()) > f.Limits().ItemSize() {
			return false
		}
		began := repair.Work()
		err := repair.Resume(f.Bytes(), f.Offset()-j.broken.offset, isAll)
		j.wasted += repair.Work() - began
		switch {
		case err == nil:
			return false
		case isAll || !errors.Is(err, jsonscan.ErrShort):
			return true
		}
		if err := f.Grow(); err != nil && !errors.Is(err, io.EOF) {
			return false
		}
	}
}

// waste adds to j.wasted the number of bytes that were scanned before the error err.
func (j *jsonReader) waste(err error) {
	if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
		j.wasted += syntax.Offset - j.in.Offset()
		return
	}
	j.wasted += int64(len(j.in.Bytes()))
}

// passOr skips the next value of the text if err says that the value is damaged. Otherwise passOr returns err.
func (j *jsonReader) passOr(err error, first byte) error {
	_, isSyntax := errors.AsType[*jsonscan.SyntaxError](err)
	if !isSyntax && !errors.Is(err, io.ErrUnexpectedEOF) || j.in.Err() != nil && !errors.Is(j.in.Err(), io.EOF) {
		return err
	}
	return j.pass(err, first)
}

// pass skips the damaged value that comes next in the text. It also skips all lines after the value, until one that
// starts another value. The parameter first is the first byte of the damaged value.
func (j *jsonReader) pass(err error, first byte) error {
	f := j.in
	if j.damage == nil {
		j.damage, j.before = err, f.Items().Total()
	}
	if j.wasted > maxWasted {
		return err
	}
	j.passed = true
	indent := j.indent
	isScalar := first == '"' || first == '-' || first >= '0' && first <= '9'
	for {
		f.noteBadLine()
		if err := j.skipLine(); err != nil {
			return err
		}
		begin, column, err := j.peekLine()
		switch {
		case err != nil && errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return f.Broken(err)
		case j.resumes(begin, column, indent, isScalar):
			return nil
		}
	}
}

// resumes reports whether a line after a damaged value starts another value. The parameter begin is the first byte of
// the line that is not white space, and column is the number of bytes before begin. The parameter indent is the number
// of bytes before the damaged value in the line where it starts. isScalar says whether the damaged value was a scalar.
func (j *jsonReader) resumes(begin byte, column, indent int, isScalar bool) bool {
	switch {
	case begin == '{' || begin == '[' || begin == ']' && j.inList:
		return indent < 0 || column <= indent
	case begin == separator || begin == "\ufeff"[0]:
		return true
	default:
		return isScalar && begin != '}' && begin != ']' && column == indent
	}
}

// beginsLogLine reports whether the next line belongs to a log, although it starts with a bracket. Examples are "[INFO]
// page 2" and "[2024-01-31 12:00] [main] page 2".
func (j *jsonReader) beginsLogLine() bool {
	f := j.in
	const limit = 4 << 10
	if f.Items().Total() > 0 {
		return false
	}
	for len(f.Bytes()) < limit && !bytes.ContainsAny(f.Bytes(), "\n\"{}") && f.growForSample() == nil {
	}
	line, _, _ := bytes.Cut(f.Bytes()[:min(len(f.Bytes()), limit)], []byte{'\n'})
	end := f.Offset() + int64(len(line))
	line = line[min(len(line), max(0, int(j.brackets-f.Offset()))):]
	for {
		j.brackets = end - int64(len(line))
		inside, rest, found := bytes.Cut(line, []byte{']'})
		rest = bytes.TrimLeft(rest, " \t:-")
		if !found || len(rest) == 0 || bytes.ContainsAny(inside, `"{}`) {
			return false
		}
		if c := rest[0] | ' '; c >= 'a' && c <= 'z' {
			return true
		}
		if rest[0] != '[' {
			return false
		}
		line = rest
	}
}

// noteBadLine adds a note that the next line is skipped.
func (f *reader) noteBadLine() {
	line := int64(0)
	if f.bad.NeedsLine(run.NoteBadLines) {
		line = f.Line(f.Offset())
	}
	f.bad.Add(run.NoteBadLines, line, "")
}

// skipLine skips the rest of the line.
func (j *jsonReader) skipLine() error {
	f := j.in
	for {
		if end := bytes.IndexByte(f.Bytes(), '\n'); end >= 0 {
			f.Advance(end + 1)
			return nil
		}
		f.Advance(len(f.Bytes()))
		if err := f.Grow(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return f.Broken(err)
		}
	}
}

// peekLine skips empty lines. It returns the first byte of the next line that is not white space, and the number of
// bytes before this byte in the line.
func (j *jsonReader) peekLine() (first byte, column int, err error) {
	f := j.in
	for {
		text := f.Bytes()
		space := jsonscan.Space(text, 0)
		if last := bytes.LastIndexByte(text[:space], '\n'); last >= 0 {
			f.Advance(last + 1)
			continue
		}
		if space < len(text) {
			return text[space], space, nil
		}
		if space > f.Limits().ItemSize() {
			f.Advance(space)
		}
		if err := f.Grow(); err != nil {
			return 0, 0, err
		}
	}
}

// checkScalar returns an error if the next line contains anything but JSON values. Without this check, a line of a log
// that starts with a number would become an item.
func (j *jsonReader) checkScalar() error {
	f := j.in
	const limit = 64 << 10
	if f.Offset() < j.checked {
		return nil
	}
	var end int
	for {
		searched := max(0, int(j.noBreak-f.Offset()))
		if end = bytes.IndexByte(f.Bytes()[searched:], '\n'); end >= 0 {
			end += searched
			break
		}
		if j.noBreak = f.Offset() + int64(len(f.Bytes())); len(f.Bytes()) > limit {
			break
		}
		if f.Grow() != nil {
			break
		}
	}
	if end < 0 && len(f.Bytes()) > limit {
		return nil
	}
	line := f.Bytes()
	if end >= 0 {
		line = line[:end]
	}
	line = append(bytes.Clone(line), '\n')
	for i := jsonscan.Space(line, 0); i < len(line); {
		n, err := jsonscan.Value(line[i:])
		if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
			return &jsonscan.SyntaxError{Offset: f.Offset() + int64(i) + syntax.Offset, Reason: syntax.Reason}
		}
		if err != nil {
			j.checked = f.Offset() + int64(i)
			return nil //nolint:nilerr // the value goes on in the next line
		}
		i += n
		if c := line[i]; c > ' ' && c != ',' {
			return jsonscan.Unexpected(c, f.Offset()+int64(i))
		}
		for i = jsonscan.Space(line, i); i < len(line) && line[i] == ','; {
			i = jsonscan.Space(line, i+1)
		}
	}
	j.checked = f.Offset() + int64(len(line)) - 1
	return nil
}
