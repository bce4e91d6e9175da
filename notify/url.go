package notify

import (
	"errors"
	"net/url"
	"strings"
)

// URL is the address to which messages are sent. It may contain a secret, as the addresses of Slack do. String
// therefore returns only its host.
type URL struct{ raw string }

// errURL is the error for an invalid address. Its text does not contain the address.
var errURL = errors.New(`must be a URL such as "https://hooks.example.com/x"`)

// ParseURL parses an address. Its errors do not contain the address.
func ParseURL(address string) (URL, error) {
	address = strings.TrimSpace(address)
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Hostname() == "" {
		return URL{}, errURL
	}
	return URL{raw: address}, nil
}

// Raw returns the whole address.
func (u URL) Raw() string { return u.raw }

// IsEmpty reports whether there is no address.
func (u URL) IsEmpty() bool { return u.raw == "" }

// String returns the host of the address.
func (u URL) String() string {
	parsed, err := url.Parse(u.raw)
	if err != nil {
		return ""
	}
	return parsed.Host
}

// GoString returns the host, so that %#v does not reveal the rest of the address.
func (u URL) GoString() string { return u.String() }
