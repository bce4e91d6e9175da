package api

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"sbwatch/api/csvscan"
	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
)

// content is what a source holds.
type content int

const (
	contentJSON content = iota
	contentCSV
	contentParquet
	// contentNone is an empty file of a format in which that means no items.
	contentNone
)

// hint is what the name of a source says that it holds.
type hint int

const (
	hintNone hint = iota
	hintLines
	hintCSV
)

func hintOf(name string) hint {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst", ".zstd"} {
		name = strings.TrimSuffix(name, packed)
	}
	switch path.Ext(name) {
	case ".csv", ".tsv":
		return hintCSV
	case ".ndjson", ".jsonl":
		return hintLines
	default:
		return hintNone
	}
}

// longestMark is the longest of the marks that content is known by, in bytes.
const longestMark = 5

// content finds out what the source holds, and skips a byte order mark before it, and white space before JSON. It tells of
// what surely is nothing that was saved.
func (d *decoder) content(h hint) (content, *run.Problem) {
	for len(d.rest()) < longestMark && d.grow() == nil {
	}
	if bytes.HasPrefix(d.rest(), []byte("PAR1\x15")) { // behind its mark Parquet begins with the first field of a page or the footer
		return contentParquet, nil
	}
	if words := foreignContent(d.rest()); words != "" {
		return 0, notSaved(words)
	}
	if bytes.HasPrefix(d.rest(), []byte("\ufeff")) {
		d.from += len("\ufeff")
	}
	first, err := d.begin()
	switch {
	case errors.Is(err, io.EOF) && h != hintNone:
		return contentNone, nil
	case errors.Is(err, io.EOF):
		return 0, notSaved("it is empty")
	case err != nil:
		return 0, d.unread(err)
	case h == hintCSV && !d.beginsJSON():
		return d.csvOr(true, "")
	case first == '<':
		return 0, notSaved("it is an HTML or XML page, not JSON")
	case first == '{' || first == '[' || d.beginsLines():
		_, err := d.next()
		return contentJSON, d.unreadOrNil(err)
	}
	c, problem := d.csvOr(false, "it is not JSON, CSV or Parquet")
	if problem != nil && h == hintLines {
		_, err := d.next()
		return contentJSON, d.unreadOrNil(err) // whose reader tells what is wrong, and where
	}
	return c, problem
}

// begin gives the first byte of the text, behind white space: of that only what would fill the window is used up, as it may
// belong to CSV.
func (d *decoder) begin() (byte, error) {
	for {
		space := jsonscan.Space(d.rest(), 0)
		if space < len(d.rest()) {
			return d.rest()[space], nil
		}
		if space >= formWindow {
			d.from = d.to
		}
		if err := d.grow(); err != nil {
			return 0, err
		}
	}
}

// unreadOrNil is the problem of an error; nil for none.
func (d *decoder) unreadOrNil(err error) *run.Problem {
	if err == nil {
		return nil
	}
	return d.unread(err)
}

// beginsJSON tells whether the text begins as an array or object does.
func (d *decoder) beginsJSON() bool {
	const enough = 256
	for len(d.rest()) < enough && d.grow() == nil {
	}
	text := d.rest()[:min(len(d.rest()), enough)]
	text = text[jsonscan.Space(text, 0):]
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	_, err := jsonscan.Value(text)
	return err == nil || errors.Is(err, jsonscan.ErrShort)
}

// beginsLines tells whether the text begins with values of JSON other than arrays and objects, a line each: whether its
// first two lines are such, or the only one.
func (d *decoder) beginsLines() bool {
	begin, _ := d.sample()
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

// csvOr finds out whether the text is CSV, as it surely is where its name says so, or else tells in words what is wrong.
func (d *decoder) csvOr(surely bool, words string) (content, *run.Problem) {
	for begin, ended := d.sample(); ; begin, ended = d.more() {
		delimiter, verdict := csvscan.Judge(begin, ended)
		switch {
		case verdict != csvscan.Unsure && surely && endsLinesInCR(begin):
			return 0, notSaved("its lines end in CR alone: save it with other line ends")
		case verdict == csvscan.IsCSV || surely && verdict == csvscan.IsNoCSV:
			d.delimiter = delimiter
			return contentCSV, nil
		case verdict == csvscan.IsNoCSV:
			return 0, notSaved(words)
		}
	}
}

// endsLinesInCR tells whether a text, to its end or for long, has no line break but CR alone, and goes on behind one.
func endsLinesInCR(text []byte) bool {
	at := bytes.IndexByte(text, '\r')
	return at >= 0 && at+1 < len(text) && !bytes.Contains(text, []byte{'\n'}) && !bytes.Contains(text, []byte{'"'})
}

// sampleLines is how many lines of a text are waited for before it is judged.
const sampleLines = 2

// sample is the beginning of the text, at least two lines of it, or all that is looked at: then ended is true.
func (d *decoder) sample() (begin []byte, ended bool) {
	for {
		begin, ended = d.rest()[:min(len(d.rest()), formWindow)], d.failed != nil || len(d.rest()) >= formWindow
		if ended || bytes.Count(begin, []byte{'\n'}) >= sampleLines {
			return begin, ended
		}
		_ = d.grow() // what fails is noted
	}
}

// more is a longer sample.
func (d *decoder) more() (begin []byte, ended bool) {
	_ = d.grow()
	return d.sample()
}
