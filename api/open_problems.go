package api

import (
	"bytes"
	"errors"
	"io"
	"syscall"

	"sbwatch/model"
	"sbwatch/model/jsonscan"
)

// skipToSaved skips a byte order mark and white space, and tells of content that surely is nothing that was saved.
func (d *decoder) skipToSaved() *model.Problem {
	for len(d.rest()) < longestMark && d.grow() == nil {
	}
	if words := foreignContent(d.rest()); words != "" {
		return notSaved(words)
	}
	if bytes.HasPrefix(d.rest(), []byte("\ufeff")) {
		d.from += len("\ufeff")
	}
	first, err := d.next()
	switch {
	case errors.Is(err, io.EOF):
		return notSaved("it is empty")
	case err != nil:
		return d.unread(err)
	case first == '<':
		return notSaved("it is an HTML or XML page, not JSON")
	case first != '{' && first != '[':
		return notSaved("it is not JSON")
	}
	return nil
}

// longestMark is the longest of the marks in foreignContent.
const longestMark = 4

// foreignContent names what is known by its first bytes.
func foreignContent(begin []byte) string {
	for _, known := range []struct{ mark, words string }{
		{"\x1f\x8b", "it is compressed by gzip: unpack it first"},
		{"\x28\xb5\x2f\xfd", "it is compressed by zstd: unpack it first"},
		{"PK\x03\x04", "it is a zip archive: unpack it first"},
		{"PAR1", "it is a Parquet file"},
		{"\xff\xfe", "it is text in UTF-16: save it as UTF-8"},
		{"\xfe\xff", "it is text in UTF-16: save it as UTF-8"},
	} {
		if bytes.HasPrefix(begin, []byte(known.mark)) {
			return known.words
		}
	}
	return ""
}

// notSaved is a source that holds nothing of a run.
func notSaved(words string) *model.Problem {
	return &model.Problem{
		Kind: model.ProblemInput, Summary: model.NewText(words),
		NextStep: model.NewText("give a saved answer to a poll, an array of items, or NDJSON"),
	}
}

// unread tells why the source could not be read, or not to its end, and where the reading stopped.
func (d *decoder) unread(err error) *model.Problem {
	if errors.Is(err, syscall.EISDIR) {
		return notSaved("it is a directory")
	}
	at, words, why := d.offset(), "it could not be read any further", err.Error()
	if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
		at, words, why = syntax.Offset, "no longer JSON", syntax.Reason
	} else if placed, ok := errors.AsType[*placedError](err); ok {
		at, why = placed.at, placed.cause.Error()
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		words, why = "cut short", ""
	}
	words += " after " + model.Counted(at, "byte") + ", in line " + model.Count(d.line(at))
	if why != "" {
		words += " (" + why + ")"
	}
	problem := notSaved(words)
	problem.Cause = err
	if read := d.builder.Len(); read > 0 {
		problem.NextStep = model.NewText("what came before it was read, " + model.Counted(int64(read), "item"))
	}
	return problem
}
