package read

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"sbwatch/api/wire"
	"sbwatch/files/read/charset"
	"sbwatch/files/read/csvscan"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Options are the options of [Open]. The zero value is ready to use.
type Options struct {
	// Name is the name of the file. Its ending, such as ".csv", decides only whether an empty file is a table without
	// rows, and whether ambiguous text is CSV.
	Name string
	// Encoding is the name of the encoding of the text. If it is empty, the encoding is guessed.
	Encoding string
	// Delimiter is the delimiter of CSV. If it is 0, the delimiter is guessed.
	Delimiter byte
	// DelimiterFits means that Delimiter is used only if the first line contains it. If it does not, the delimiter is
	// guessed.
	DelimiterFits bool
	// Header says whether a CSV text has a header.
	Header Header
	// At is the path of the array that contains the items, such as "articles" or "data.list". If it is empty, the array
	// is guessed.
	At string
	// AtPlace is where the config file sets At, such as "config.toml: line 3". It is empty if At is from the command
	// line. If At is from the config file, it is ignored, with a note, for a text that is not JSON or whose first value
	// has nothing at this path.
	AtPlace string
	// Limits are the limits on the memory and on the size of the text.
	Limits wire.Limits
	// OnItems is called with the items so far while the file is being read: after the first item, and then about every
	// 50 ms. It is called on the goroutine that called Open. It may be nil.
	OnItems func(item.Table)
}

// otherAt returns the next step for the user if At does not fit the file. The parameter lists contains the names of the
// lists in the file, or is empty.
func (o Options) otherAt(lists string) string {
	switch {
	case lists == "" && o.AtPlace == "":
		return "omit --at"
	case lists == "":
		return "change --at in " + o.AtPlace
	case o.AtPlace == "":
		return "with --at, choose " + lists
	default:
		return "with --at, choose " + lists + " instead of the default in " + o.AtPlace
	}
}

// Header says whether a CSV file begins with a header.
type Header int

// The choices for a header.
const (
	HeaderGuessed Header = iota
	HeaderPresent
	HeaderAbsent
)

// Open reads a saved run. It recognizes these kinds of content:
//
//   - an answer to a poll, or just its data or its result
//   - an array of items, or items one after the other, such as one per line (NDJSON)
//   - items as CSV or Parquet
//
// All of them may be compressed with gzip or zstd. In a Parquet file, the positions of the columns are at the end. The
// whole file must therefore be read before the first item is known.
//
// The error is a [*run.Problem]. Even with an error, the answer contains the items and fields that could be read.
func Open(r io.Reader, o Options) (run.Answer, error) {
	f := &reader{options: o, whole: r}
	f.Decoder = wire.NewDecoder(f.decoded(r), o.Limits, o.OnItems)
	size, isFile := fileSize(r)
	if f.isFile = isFile; isFile {
		f.Expect(size)
		stop := f.ReadAhead()
		defer stop()
	}
	return f.read()
}

// decoded returns a reader that converts source to UTF-8. If source is binary, the reader returns it unchanged.
func (f *reader) decoded(source io.Reader) io.Reader {
	f.text = charset.NewReader(source, f.options.Encoding, isBinary)
	return f.text
}

// fileSize returns the size of a regular file in bytes. Reading from a regular file never blocks for long. If source is
// something else, fileSize returns false.
func fileSize(source io.Reader) (size int64, isFile bool) {
	file, ok := source.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return 0, false
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}

// reader reads one file. Its Decoder holds a part of the text in memory, the window, which starts at the current
// offset.
type reader struct {
	*wire.Decoder // decoder of the text after all decompression
	options       Options
	whole         io.Reader       // the file from its start, before any decompression
	text          *charset.Reader // converter of the text after all decompression

	isFile   bool            // whether the source is a regular file
	wrapping string          // compression, for messages: " unpacked from gzip"
	dialect  csvscan.Dialect // dialect of a CSV file
	binary   bool            // whether the content has no lines
	isScript bool            // whether JavaScript surrounds the JSON
	notes    run.Notes
	bad      run.Notes // lines that were skipped because of errors
}

// read reads the file.
func (f *reader) read() (run.Answer, error) {
	f.CountLines()
	closeAll, err := f.unpack()
	defer closeAll()
	defer func() { f.Settle() }()
	switch {
	case errors.Is(err, errPackedOften):
		problem := notSaved(errPackedOften.Error())
		problem.NextStep = text.NewText("unpack it first")
		return run.Answer{}, problem
	case err != nil:
		return run.Answer{}, f.unread(err)
	}
	content, problem := f.content(hintOf(f.options.Name))
	if problem != nil {
		return run.Answer{}, problem
	}
	if f.options.AtPlace != "" && f.options.At != "" && (content != contentJSON || !f.atFits()) {
		f.notes.Add(run.NoteDefaultAt, 0, f.options.At)
		f.options.At = ""
	}
	if f.options.At != "" && content != contentJSON {
		problem := notSaved("it is not JSON, so it has no list at " + text.NewText(f.options.At).String())
		problem.NextStep = text.NewText(f.options.otherAt(""))
		return run.Answer{}, problem
	}
	return f.readAs(content)
}

// readAs reads the whole text in the given format.
func (f *reader) readAs(c content) (run.Answer, error) {
	part, isObject := wire.PartItems, false
	var err error
	switch c {
	case contentJSON:
		isObject = f.Bytes()[0] == '{'
		if f.options.At == "" {
			part = f.Part()
		}
		if part == wire.PartItems {
			err = f.json()
		} else {
			err = f.DecodePart(part)
		}
	case contentCSV:
		err = f.csv()
		f.NoteItems()
	case contentParquet:
		err = f.parquet()
		f.NoteItems()
	case contentNone:
		f.NoteItems()
	}
	answer, problem := answerOf(part, f.Around())
	answer.Items, answer.Notes = f.Items(), append(f.text.Notes(), f.notes...)
	if isObject && part == wire.PartItems && err == nil && answer.Items.Total() == 1 && answer.Items.Len() == 1 {
		if message := wire.BareError(answer.Items.Row(0)); !message.IsEmpty() {
			problem = notSaved("it is an error message of the service")
			problem.Message = message
			answer.Items = item.Table{}
		}
	}
	if err != nil {
		problem = f.unread(err)
	}
	if incomplete := f.Incomplete(err); incomplete != nil {
		problem, answer.Incomplete = incomplete, incomplete
	}
	if problem != nil {
		return answer, problem
	}
	return answer, nil
}

// answerOf returns the answer for a saved text. The parameter p says which part of an answer was saved: the whole
// answer, its data, its result or only the items. The parameter envelope is the text without the items.
func answerOf(p wire.Part, envelope []byte) (run.Answer, *run.Problem) {
	var answer run.Answer
	var err error
	switch p {
	case wire.PartAnswer:
		answer, err = wire.ReadRun(envelope)
		if err == nil && !wire.HasRun(envelope) {
			err = notSaved("it is an answer of the service that does not describe a run")
		}
	case wire.PartData:
		answer, err = wire.ReadRun(fmt.Appendf(nil, `{"data":%s}`, envelope))
	case wire.PartResult:
		// Only a completed run has a result.
		answer, err = wire.ReadRun(fmt.Appendf(nil, `{"data":{"run_status":"completed","result":%s}}`, envelope))
	case wire.PartItems:
	}
	answer.Envelope = wire.Indent(envelope)
	return answer, savedProblem(err)
}

// savedProblem returns the problem for a saved answer that could not be read, or nil if err is nil. If the service
// answered with an error, the file does not contain the HTTP status of that answer. The code in the error alone
// therefore determines the problem.
func savedProblem(err error) *run.Problem {
	if r, ok := errors.AsType[*wire.Refusal](err); ok {
		return r.Problem(wire.AboutRun)
	}
	problem, _ := errors.AsType[*run.Problem](err)
	if problem != nil && problem.Kind == run.ProblemMalformed {
		problem.Kind = run.ProblemInput
	}
	return problem
}

// note adds a note about text that was skipped, repaired or guessed. The parameter offset is relative to the current
// offset in the text.
func (f *reader) note(kind run.NoteKind, offset int64, detail string) {
	line := int64(0)
	if f.notes.NeedsLine(kind) {
		line = f.Line(offset)
	}
	f.notes.Add(kind, line, detail)
}
