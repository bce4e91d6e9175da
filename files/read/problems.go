package read

import (
	"bytes"
	"errors"
	"io"
	"syscall"

	"github.com/dustin/go-humanize"
	"github.com/klauspost/compress/zstd"

	"sbwatch/api/wire"
	"sbwatch/files/read/parquetfile"
	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// foreignContent describes a text in a known format that is not supported, or returns "" if the format is unknown.
func foreignContent(begin []byte) string {
	for _, known := range []struct{ mark, words string }{
		{"PK\x03\x04", "it is a zip archive: unpack it first"},
		{"7z\xbc\xaf", "it is a 7z archive: unpack it first"},
		{"BZh91", "it is compressed with bzip2: unpack it first"}, // at its usual level; a text may begin with the letters
		{"\xfd7zXZ", "it is compressed with xz: unpack it first"},
		{"%PDF-", "it is a PDF document"},
		{"\x89PNG", "it is a picture"},
		{"PARE", "it is an encrypted Parquet file: decrypt it first"},
		{"\xff\xfe", "it is text in UTF-16: save it as UTF-8"},
		{"\xfe\xff", "it is text in UTF-16: save it as UTF-8"},
	} {
		if bytes.HasPrefix(begin, []byte(known.mark)) {
			return known.words
		}
	}
	return ""
}

// notSaved returns the problem for a source that is not a saved run.
func notSaved(words string) *run.Problem {
	return &run.Problem{
		Kind: run.ProblemInput, Summary: text.NewText(words),
		NextStep: text.NewText("give a saved answer to a poll, or items as JSON, NDJSON, CSV or Parquet"),
	}
}

// stepError is an error with a next step of its own.
type stepError struct{ reason, nextStep string }

func (e *stepError) Error() string { return e.reason }

// unread returns the problem for a source that could not be read to its end: why, and where reading stopped.
func (f *reader) unread(err error) *run.Problem {
	if errors.Is(err, syscall.EISDIR) {
		return notSaved("it is a directory")
	}
	if refused, ok := errors.AsType[*parquetfile.Error](err); ok {
		return f.refused(refused)
	}
	at, words, why := f.Offset(), "reading failed", err.Error()
	if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
		at, words, why = syntax.Offset, "invalid JSON", syntax.Reason
	} else if placed, ok := errors.AsType[*wire.PositionError](err); ok {
		at, why = placed.Offset, placed.Err.Error()
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		words, why = "cut short", ""
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		why = "it needs more than " + humanize.Bytes(maxWindow) + " of memory to unpack: unpack it first"
	}
	if f.binary {
		words += " after " + text.Counted(int64(f.Items().Len()), "item")
	} else {
		words += " after " + text.Counted(at, "byte") + f.wrapping + ", in line " + text.Count(f.Line(at))
	}
	if why != "" {
		words += " (" + why + ")"
	}
	problem := notSaved(words)
	problem.Cause = err
	if step, ok := errors.AsType[*stepError](err); ok {
		problem.NextStep = text.NewText(step.nextStep)
	} else if read := f.Items().Len(); read > 0 {
		problem.NextStep = text.NewText(readBefore(read))
	}
	return problem
}

func readBefore(items int) string {
	return "the " + text.Counted(int64(items), "item") + " before it can be used"
}

// refused returns the problem for a Parquet file that cannot be read, or not to its end.
func (f *reader) refused(err *parquetfile.Error) *run.Problem {
	words, read := "it cannot be read", f.Items().Len()
	switch {
	case errors.Is(err, parquetfile.ErrNoEnd):
		words = "cut short after " + text.Counted(int64(read), "item")
	case read > 0:
		words = "reading failed after " + text.Counted(int64(read), "item")
	}
	problem := notSaved(words + " (" + err.Reason + ")")
	problem.Cause = err
	problem.NextStep = text.NewText(err.NextStep)
	if read > 0 {
		problem.NextStep = text.NewText(err.NextStep + "; " + readBefore(read))
	}
	return problem
}
