package webhookcmd

import (
	"errors"
	"net"
	"strconv"
	"strings"

	"sbwatch/cmd/flagvalue"
)

// value is the value of a flag that rejects invalid text. The error message contains the text of the flag, so the text
// must not be a secret.
type value struct {
	text  *string
	kind  string
	valid func(text string) bool
}

// The placeholders for values in the help, such as "file" in "--tls-cert file".
const (
	kindAddress = "host:port"
	kindFile    = "file"
	kindURL     = "url"
)

// Set sets the value. Users never see its error, because the program writes another message, such as '--tls-cert "" is
// not a file name'.
func (v value) Set(text string) error {
	if !v.valid(text) {
		return errors.New("invalid value")
	}
	*v.text = text
	return nil
}

// String returns the value.
func (v value) String() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// Type returns the placeholder for the value in the help.
func (v value) Type() string { return v.kind }

func isNotBlank(text string) bool { return strings.TrimSpace(text) != "" }

// isAddress reports whether text has the form host:port. The host may be empty.
func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// headers is the value of a flag that can be used several times. Its errors and its method String do not reveal the
// headers, because a header may contain a secret.
type headers struct{ texts *[]string }

// Set adds a header. Its error does not contain the header.
func (h headers) Set(text string) error {
	if _, _, ok := parseHeader(text); !ok {
		return flagvalue.Error("each --webhook-header must be a name and a value, such as 'X-Team: data'")
	}
	*h.texts = append(*h.texts, text)
	return nil
}

// String returns "" because there is no default.
func (h headers) String() string { return "" }

// Type returns the placeholder for the value in the help.
func (h headers) Type() string { return "header" }

// Append adds a header, as Set does.
func (h headers) Append(text string) error { return h.Set(text) }

// Replace replaces all headers.
func (h headers) Replace(texts []string) error {
	*h.texts = nil
	return flagvalue.SetAll(h, texts)
}

// GetSlice returns the headers. This method tells cobra that the flag can be repeated.
func (h headers) GetSlice() []string { return *h.texts }
