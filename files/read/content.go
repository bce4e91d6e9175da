package read

import (
	"bytes"
	"errors"
	"io"

	"sbwatch/files"
	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
)

// content is the format of a text.
type content int

const (
	contentJSON content = iota
	contentCSV
	contentParquet
	// contentNone is an empty file in a format that allows files without items, such as CSV.
	contentNone
)

// hint is the format that the ending of the file's name suggests.
type hint int

const (
	hintNone hint = iota
	hintLines
	hintCSV
)

func hintOf(name string) hint {
	switch format, known := files.FormatToRead(name); {
	case known && format == files.CSV:
		return hintCSV
	case known && format == files.NDJSON:
		return hintLines
	default:
		return hintNone
	}
}

// longestMark is the length of the longest signature of a format, in bytes.
const longestMark = 5

// The signatures of the supported binary formats. In a Parquet file, the first field of a page or of the footer follows
// the signature.
const (
	markGzip    = "\x1f\x8b"
	markZstd    = "\x28\xb5\x2f\xfd"
	markParquet = "PAR1\x15"
)

// isBinary reports whether a file with this beginning is not text.
func isBinary(begin []byte) bool {
	for _, mark := range []string{markGzip, markZstd, markParquet} {
		if bytes.HasPrefix(begin, []byte(mark)) {
			return true
		}
	}
	return foreignContent(begin) != ""
}

// content determines the format of the text. It skips a byte order mark, and also white space if JSON follows. It
// returns a problem if it cannot recognize the format.
func (f *reader) content(h hint) (content, *run.Problem) {
	for len(f.Bytes()) < longestMark && f.Grow() == nil {
	}
	if bytes.HasPrefix(f.Bytes(), []byte(markParquet)) {
		return contentParquet, nil
	}
	if words := foreignContent(f.Bytes()); words != "" {
		return 0, notSaved(words)
	}
	if bytes.HasPrefix(f.Bytes(), []byte("\ufeff")) {
		f.Advance(len("\ufeff"))
	}
	first, err := f.begin()
	switch {
	case errors.Is(err, io.EOF) && h != hintNone:
		return contentNone, nil
	case errors.Is(err, io.EOF):
		return 0, notSaved("it is empty")
	case err != nil:
		return 0, f.unread(err)
	}
	if words := f.noItems(first); words != "" {
		return 0, notSaved(words)
	}
	switch {
	case (h == hintCSV || f.hasCSVOption()) && !f.beginsJSON():
		return f.detectCSV(true, "")
	case first == '<':
		return 0, notSaved("it is an HTML or XML page, not JSON")
	case f.isJSON(first):
		_, err := f.Next()
		return contentJSON, f.unreadOrNil(err)
	}
	return f.csvOrLines(h)
}

// noItems returns the reason why a text certainly has no items, or "" if it may have some. The parameter first is the
// first byte of the text that is not white space.
func (f *reader) noItems(first byte) string {
	switch {
	case first == 0 && len(bytes.Trim(f.Bytes(), "\x00")) == 0:
		return "it begins with many zero bytes"
	case first == '<' && !f.hasCSVOption() && isPage(f.Bytes()):
		return "it is an HTML page"
	default:
		return ""
	}
}

// isJSON reports whether the text is JSON. It skips JavaScript before the JSON. The parameter first is the first byte
// of the text that is not white space.
func (f *reader) isJSON(first byte) bool {
	switch first {
	case '{', '[', separator:
		return true
	default:
		return first == '/' && f.beginsWithComment() || f.skipScript() || f.beginsLines()
	}
}

// csvOrLines determines the format of a text that does not start with JSON: CSV, or JSON after other lines.
func (f *reader) csvOrLines(h hint) (content, *run.Problem) {
	c, problem := f.detectCSV(false, "it is not JSON, CSV or Parquet")
	// In a file of JSON lines, the JSON reader finds the error and its position.
	if problem == nil && c == contentJSON || problem != nil && h == hintLines {
		_, err := f.Next()
		return contentJSON, f.unreadOrNil(err)
	}
	return c, problem
}

// begin returns the first byte of the text that is not white space. White space before this byte stays unread, because
// it may belong to CSV. White space of sampleSize bytes or more is skipped.
func (f *reader) begin() (byte, error) {
	for {
		space := jsonscan.Space(f.Bytes(), 0)
		if space < len(f.Bytes()) {
			return f.Bytes()[space], nil
		}
		if space >= sampleSize {
			f.Advance(len(f.Bytes()))
		}
		if err := f.Grow(); err != nil {
			return 0, err
		}
	}
}

// unreadOrNil returns the problem for an error of the source, or nil if err is nil.
func (f *reader) unreadOrNil(err error) *run.Problem {
	if err == nil {
		return nil
	}
	return f.unread(err)
}

// beginsJSON reports whether the text seems to start with an array or an object.
func (f *reader) beginsJSON() bool {
	const enough = 256
	for len(f.Bytes()) < enough {
		space := jsonscan.Space(f.Bytes(), 0)
		if space < len(f.Bytes()) && f.Bytes()[space] != '{' && f.Bytes()[space] != '[' {
			return false
		}
		if f.growForSample() != nil {
			break
		}
	}
	text := f.Bytes()[:min(len(f.Bytes()), enough)]
	text = text[jsonscan.Space(text, 0):]
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	_, err := jsonscan.Value(text)
	return err == nil || errors.Is(err, jsonscan.ErrShort)
}

// beginsLines reports whether each of the first two lines of the text is a JSON value. If the text has only one line,
// that line is enough.
func (f *reader) beginsLines() bool {
	for {
		begin, state := f.sample(jsonLines)
		if state == sampleWaiting {
			begin = begin[:bytes.LastIndexByte(begin, '\n')+1]
		}
		lines := bytes.SplitN(bytes.TrimLeft(begin, " \t\r\n"), []byte("\n"), jsonLines+1)
		are := areValues(lines[:min(len(lines), jsonLines)])
		if state != sampleWaiting || are || bytes.IndexByte(begin, '\n') >= 0 {
			return are
		}
	}
}

// jsonLines is the number of lines that are examined to find out whether each line is a JSON value.
const jsonLines = 2

// areValues reports whether each line is a JSON value. Lines after the first may be empty.
func areValues(lines [][]byte) bool {
	for i, line := range lines {
		line = append(bytes.Clone(bytes.TrimSpace(line)), '\n')
		if i > 0 && len(line) == 1 {
			continue
		}
		if end, err := jsonscan.Value(line); err != nil || end != len(line)-1 {
			return false
		}
	}
	return true
}

// holdsItems reports whether a text contains JSON items after other lines, such as the lines of a log. It returns true
// if a line starts with an object, or with an array of objects. The parameter begin is the beginning of the text.
func holdsItems(begin []byte) bool {
	for at := 0; at < len(begin); {
		text := begin[at+jsonscan.Space(begin[at:], 0):]
		if isItem(text) {
			return true
		}
		length := bytes.IndexByte(begin[at:], '\n')
		if length < 0 {
			return false
		}
		at += length + 1
	}
	return false
}

// isItem reports whether a text starts with an object that has at least one field, or with an array of such objects.
// This is rare in text that is not JSON.
func isItem(text []byte) bool {
	object := text
	if len(object) > 0 && object[0] == '[' {
		object = object[jsonscan.Space(object, 1):]
	}
	if len(object) == 0 || object[0] != '{' {
		return false
	}
	object = object[jsonscan.Space(object, 1):]
	if len(object) == 0 || object[0] != '"' {
		return false
	}
	key, err := jsonscan.Value(object)
	if err != nil {
		return false
	}
	object = object[jsonscan.Space(object, key):]
	if len(object) == 0 || object[0] != ':' {
		return false
	}
	_, err = jsonscan.Value(text)
	return err == nil || errors.Is(err, jsonscan.ErrShort)
}
