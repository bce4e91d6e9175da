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

// foreignContent returns the reason why a text in a known but unsupported format cannot be read. It returns "" for any
// other text.
func foreignContent(begin []byte) string {
	for _, known := range []struct{ mark, words string }{
		{"PK\x03\x04", "it is a zip archive: unpack it first"},
		{"7z\xbc\xaf", "it is a 7z archive: unpack it first"},
		{"BZh91", "it is compressed with bzip2: unpack it first"}, // the 9 is the usual level; without it, the letters could start a text
		{"\xfd7zXZ", "it is compressed with xz: unpack it first"},
		{"%PDF-", "it is a PDF document"},
		{"\x89PNG", "it is a picture"},
		{"PARE", "it is an encrypted Parquet file: decrypt it first"},
	} {
		if bytes.HasPrefix(begin, []byte(known.mark)) {
			return known.words
		}
	}
	return ""
}

// notSaved returns the problem for an input that is not a saved run, with the reason as its summary.
func notSaved(reason string) *run.Problem {
	return &run.Problem{
		Kind: run.ProblemInput, Summary: text.NewText(reason),
		NextStep: text.NewText("give a saved answer to a poll, or items as JSON, NDJSON, CSV or Parquet"),
	}
}

// stepError is an error that contains the advice for the user.
type stepError struct{ reason, nextStep string }

func (e *stepError) Error() string { return e.reason }

// unread returns the problem for a source that could not be read to its end. The problem says why, and where reading
// stopped.
func (f *reader) unread(err error) *run.Problem {
	if errors.Is(err, syscall.EISDIR) {
		return notSaved("it is a directory")
	}
	if refused, ok := errors.AsType[*parquetfile.Error](err); ok {
		return f.parquetProblem(refused)
	}
	if none, ok := errors.AsType[*noListError](err); ok {
		problem := notSaved(none.Error())
		problem.NextStep = text.NewText(none.nextStep)
		return problem
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
		words += " after " + text.Counted(int64(f.usable()), "item")
	} else {
		words += " after " + text.Counted(at, "byte") + f.wrapping + ", in line " + text.Count(f.Line(at))
	}
	if why != "" {
		words += " (" + why + ")"
	}
	if _, ok := errors.AsType[*damagedError](err); ok {
		words = f.bad[0].String() + ": " + words
	}
	problem := notSaved(words)
	problem.Cause = err
	if _, ok := errors.AsType[*damagedError](err); ok {
		problem.NextStep = text.NewText("the other " + text.Counted(int64(f.Items().Total()), "item") + " were read")
	} else if step, ok := errors.AsType[*stepError](err); ok {
		problem.NextStep = text.NewText(step.nextStep)
	} else if read := f.usable(); read > 0 {
		problem.NextStep = text.NewText(readBefore(read))
	}
	return problem
}

// usable returns the number of items that were read before a problem, including items that were counted but not kept.
func (f *reader) usable() int {
	if f.Limits().CountOnly {
		return f.Items().Total()
	}
	return f.Items().Len()
}

func readBefore(items int) string {
	return "the " + text.Counted(int64(items), "item") + " before the error were read"
}

// parquetProblem returns the problem for a Parquet file that could not be read completely.
func (f *reader) parquetProblem(err *parquetfile.Error) *run.Problem {
	words, read := "it cannot be read", f.usable()
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
