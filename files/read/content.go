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
	// contentNone is an empty file of a format in which an empty file has no items.
	contentNone
)

// hint is the content that the name of a file suggests.
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

// The signatures of binary formats that are supported. After its own signature, Parquet begins with the first field of a page or of
// the footer.
const (
	markGzip    = "\x1f\x8b"
	markZstd    = "\x28\xb5\x2f\xfd"
	markParquet = "PAR1\x15"
)

// isBinary reports whether a file that begins like this is not text.
func isBinary(begin []byte) bool {
	for _, mark := range []string{markGzip, markZstd, markParquet} {
		if bytes.HasPrefix(begin, []byte(mark)) {
			return true
		}
	}
	return foreignContent(begin) != ""
}

// content determines the format of the text. It skips a byte order mark, and white space before JSON. It returns a problem
// if the text is in no known format.
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
	case (h == hintCSV || f.isGivenAsCSV()) && !f.beginsJSON():
		return f.csvOr(true, "")
	case first == '<':
		return 0, notSaved("it is an HTML or XML page, not JSON")
	case f.isJSON(first):
		_, err := f.Next()
		return contentJSON, f.unreadOrNil(err)
	}
	return f.csvOrLines(h)
}

// noItems describes a text that has no items whatever its name says, or returns "". first is the first byte that is not white
// space.
func (f *reader) noItems(first byte) string {
	switch {
	case first == 0 && len(bytes.Trim(f.Bytes(), "\x00")) == 0:
		return "it begins with nothing but zero bytes"
	case first == '<' && !f.isGivenAsCSV() && isPage(f.Bytes()):
		return "it is an HTML page"
	default:
		return ""
	}
}

// isJSON reports whether the text is JSON, perhaps in JavaScript, which it skips. first is its first byte that is not white space.
func (f *reader) isJSON(first byte) bool {
	switch first {
	case '{', '[', separator:
		return true
	default:
		return first == '/' && f.beginsWithComment() || f.skipScript() || f.beginsLines()
	}
}

// csvOrLines determines the format of a text that does not begin like JSON.
func (f *reader) csvOrLines(h hint) (content, *run.Problem) {
	c, problem := f.csvOr(false, "it is not JSON, CSV or Parquet")
	// In a file of lines, reading JSON finds the error and its position.
	if problem == nil && c == contentJSON || problem != nil && h == hintLines {
		_, err := f.Next()
		return contentJSON, f.unreadOrNil(err)
	}
	return c, problem
}

// begin returns the first byte of the text that is not white space. It consumes white space only if there is too much of it
// for the window, because white space may belong to CSV.
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

// unreadOrNil returns the problem for an error; nil for nil.
func (f *reader) unreadOrNil(err error) *run.Problem {
	if err == nil {
		return nil
	}
	return f.unread(err)
}

// beginsJSON reports whether the text begins like an array or object.
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

// beginsLines reports whether each of the first two lines of the text, or the only one, is a JSON value.
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

// jsonLines is how many lines at the beginning of a text are examined to find out whether its lines are JSON values.
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

// holdsItems reports whether a line of a text begins an object, or an array of objects, that is JSON as far as the text goes. Other
// lines before it are those of a log.
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

// isItem reports whether a text begins with an object that has a field, or with an array of such objects, and not only by chance.
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
