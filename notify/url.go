package notify

import (
	"errors"
	"net/url"
	"strings"
)

// URL is the address of a receiver. It may contain a secret, as those of Slack do: String returns only its host.
type URL struct{ raw string }

// errURL describes a wrong address without repeating it.
var errURL = errors.New(`must be a URL such as "https://hooks.example.com/x"`)

// ParseURL checks an address. Its errors do not contain it.
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

// GoString returns the host, so that %#v does not show the address either.
func (u URL) GoString() string { return u.String() }
