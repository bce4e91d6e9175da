package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// The errors for an answer that is not JSON. In messages, the text of the error follows the word "with", as in "HTTP 502
// with an HTML page…".
var (
	ErrEmpty  = errors.New("an empty answer")
	ErrMarkup = errors.New("an HTML page, probably from a proxy")
)

// CheckStart skips white space. If the text after it cannot be JSON, it returns [ErrEmpty], [ErrMarkup] or [ErrBlank].
// If r cannot be read, it returns the error of r.
func CheckStart(r io.ByteScanner) error {
	for blank := 0; ; blank++ {
		first, err := r.ReadByte()
		switch {
		case blank > maxBlank:
			return ErrBlank
		case errors.Is(err, io.EOF):
			return ErrEmpty
		case err != nil:
			return err
		case first == ' ' || first == '\t' || first == '\r' || first == '\n':
		case first == '<':
			return ErrMarkup
		default:
			return r.UnreadByte()
		}
	}
}

// Describe returns a description of content for an error message, such as "an empty answer". content must not be a JSON
// object.
func Describe(content []byte) string {
	content = bytes.TrimSpace(content)
	switch {
	case len(content) == 0:
		return ErrEmpty.Error()
	case content[0] == '<':
		return ErrMarkup.Error()
	case json.Valid(content):
		return "unexpected JSON"
	case isCut(content):
		return "an answer cut short"
	default:
		return "an answer that is not JSON"
	}
}

// isCut reports whether content is the beginning of a JSON value whose end is missing.
func isCut(content []byte) bool {
	var value json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(content)).Decode(&value), io.ErrUnexpectedEOF)
}
