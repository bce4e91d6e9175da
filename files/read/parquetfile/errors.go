package parquetfile

import (
	"errors"
	"fmt"

	"sbwatch/model/text"
)

// Error is the reason why a file, or the rest of a file, cannot be read.
type Error struct {
	Reason   string
	NextStep string // what the user can do
	err      error  // error before inColumn added the name of a column; nil for other errors
}

func (e *Error) Error() string { return e.Reason + ": " + e.NextStep }

// Unwrap returns the error without the name of a column.
func (e *Error) Unwrap() error { return e.err }

func refusal(reason, nextStep string) *Error { return &Error{Reason: reason, NextStep: nextStep} }

// ErrNoEnd is the error for a file without a valid footer. The footer contains the positions of the columns. Without
// it, no rows can be read.
var ErrNoEnd = refusal("the end of the Parquet file, which locates its columns, is missing", getAgain)

// Next steps in errors.
const (
	getAgain   = "download or copy the file again"
	writeAgain = "write the file with snappy or zstd"
)

var (
	errEncrypted = refusal("the Parquet file is encrypted", "decrypt it first")
	errChecksum  = refusal("the Parquet file is damaged: a page does not match its checksum", getAgain)
	errPage      = broken("a page is larger than its header says")
	errShort     = broken("a page ends before its last value")
	errEncoding  = broken("a page has values that are not valid in its encoding")
	errSchema    = broken("its schema is not valid")
	errLevels    = broken("the values of a row do not fit its columns")
	errVariant   = refusal("its values have the type Variant, which is not supported", "write the column as JSON text, or leave it out")
	errLZO       = refusal("it is compressed with LZO, which is not supported", writeAgain)
)

// broken returns the error for an invalid file.
func broken(why string) *Error { return refusal("the Parquet file is broken: "+why, getAgain) }

// brokenBy returns the error for an invalid file. err is the error of the decoder.
func brokenBy(err error) error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	return broken(err.Error())
}

func inColumn(name string, err error) error {
	known, ok := errors.AsType[*Error](err)
	if !ok {
		return fmt.Errorf("column %s: %w", text.Printable(name), err)
	}
	return &Error{"column " + text.Printable(name) + ": " + known.Reason, known.NextStep, known}
}

// tooLarge returns the error for a part of a file that exceeds a limit. The parameter limit is in bytes. If the limit
// depends on the size of the file, fileSize is this size. Otherwise fileSize is 0.
func tooLarge(what string, limit, fileSize int64) *Error {
	reason := what + ", above the limit of " + text.Bytes(limit)
	if fileSize == 0 {
		return refusal(reason, "raise --max-memory")
	}
	return refusal(reason+" for a file of "+text.Bytes(fileSize), "if you trust the file, write it without compression")
}
