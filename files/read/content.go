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
	case (h == hintCSV || f.isGivenAsCSV()) && !f.beginsJSON():
		return f.csvOr(true, "")
	case first == '<':
		return 0, notSaved("it is an HTML or XML page, not JSON")
	case first == '{' || first == '[' || f.beginsLines():
		_, err := f.Next()
		return contentJSON, f.unreadOrNil(err)
	}
	c, problem := f.csvOr(false, "it is not JSON, CSV or Parquet")
	if problem != nil && h == hintLines {
		_, err := f.Next()
		return contentJSON, f.unreadOrNil(err) // reading it finds the error and its position
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
	for len(f.Bytes()) < enough && f.Grow() == nil {
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
	begin, _ := f.sample()
	lines := bytes.SplitN(bytes.TrimLeft(begin, " \t\r\n"), []byte("\n"), sampleLines+1)
	for i, line := range lines[:min(len(lines), sampleLines)] {
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

const (
	// sampleSize is how much of a text is examined, in bytes, to find out what it is.
	sampleSize = 64 << 10
	// sampleLines is how many lines of a text are awaited before it is examined.
	sampleLines = 2
)

// sample returns the beginning of the text, at least two lines of it. ended means that no more of it is examined.
func (f *reader) sample() (begin []byte, ended bool) {
	for {
		begin, ended = f.Bytes()[:min(len(f.Bytes()), sampleSize)], f.Err() != nil || len(f.Bytes()) >= sampleSize
		if ended || bytes.Count(begin, []byte{'\n'}) >= sampleLines {
			return begin, ended
		}
		_ = f.Grow() // Err returns the error
	}
}

// more returns a longer sample.
func (f *reader) more() (begin []byte, ended bool) {
	_ = f.Grow()
	return f.sample()
}
