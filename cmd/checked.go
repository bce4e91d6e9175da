package cmd

import (
	"errors"
	"net"
	"strconv"
	"strings"
)

// checkedValue is the value of a flag that refuses some texts, an empty one above all: in a script it comes from a variable
// that is not set, and must not stand for the default, which may be the real service.
type checkedValue struct {
	text *string
	kind string // one of those below
	ok   func(text string) bool
}

// The kinds of checked values, as the help shows them.
const (
	kindURL     = "url"
	kindFile    = "file"
	kindID      = "id"
	kindAddress = "host:port"
	kindSize    = "size"
)

// errUnfit is never shown: flagError words it by the kind.
var errUnfit = errors.New("unfit")

// Set takes a text that fits.
func (v checkedValue) Set(text string) error {
	if !v.ok(text) {
		return errUnfit
	}
	*v.text = text
	return nil
}

// String is the value.
func (v checkedValue) String() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// Type is the kind of the value.
func (v checkedValue) Type() string { return v.kind }

func isFilled(text string) bool { return strings.TrimSpace(text) != "" }

// isListenAddress tells whether there may be a place to listen of that name.
func isListenAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}
