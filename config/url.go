package config

import (
	"errors"
	"net/url"
	"strings"
)

// DatabaseURL is the address of a database. It may contain a password, which formatting it leaves out.
type DatabaseURL struct{ raw string }

// errDatabaseURL does not contain the address, which may contain a password.
var errDatabaseURL = errors.New(`must be the address of a PostgreSQL database, such as "postgres://user@host/database"`)

// ParseDatabaseURL checks an address. Its errors do not contain it.
func ParseDatabaseURL(address string) (DatabaseURL, error) {
	address = strings.TrimSpace(address)
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" {
		return DatabaseURL{}, errDatabaseURL
	}
	return DatabaseURL{raw: address}, nil
}

// Raw returns the address with its password.
func (u DatabaseURL) Raw() string { return u.raw }

// IsEmpty reports whether there is no address.
func (u DatabaseURL) IsEmpty() bool { return u.raw == "" }

// String returns the address with "xxxxx" for its password.
func (u DatabaseURL) String() string {
	parsed, err := url.Parse(u.raw)
	if err != nil {
		return "postgres://..." // cannot happen after ParseDatabaseURL
	}
	query := parsed.Query()
	for name := range query {
		if lower := strings.ToLower(name); strings.Contains(lower, "password") || lower == "sslkey" {
			query.Set(name, "xxxxx")
			parsed.RawQuery = query.Encode()
		}
	}
	return parsed.Redacted()
}

// GoString returns the same as String, for %#v.
func (u DatabaseURL) GoString() string { return u.String() }
