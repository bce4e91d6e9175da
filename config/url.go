package config

import (
	"errors"
	"net/url"
	"strings"
)

// DatabaseURL is the address of a database. The address may contain a password, so formatting a DatabaseURL hides it.
type DatabaseURL struct{ raw string }

// errDatabaseURL is the error for an invalid address. It does not contain the address, which may have a password.
var errDatabaseURL = errors.New(`must be the address of a PostgreSQL database, such as "postgres://user@host/database"`)

// ParseDatabaseURL parses the address of a PostgreSQL database. Its errors do not contain the address.
func ParseDatabaseURL(address string) (DatabaseURL, error) {
	address = strings.TrimSpace(address)
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" {
		return DatabaseURL{}, errDatabaseURL
	}
	return DatabaseURL{raw: address}, nil
}

// Raw returns the address including its password.
func (u DatabaseURL) Raw() string { return u.raw }

// IsEmpty reports whether no address is given.
func (u DatabaseURL) IsEmpty() bool { return u.raw == "" }

// String returns the address with its password replaced by "xxxxx".
func (u DatabaseURL) String() string {
	parsed, err := url.Parse(u.raw)
	if err != nil {
		return "postgres://..." // ParseDatabaseURL has checked the address, so this does not happen
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

// withoutLogin returns an address with its user name and password, if any, replaced by "xxxxx". The address need not be
// a valid URL.
func withoutLogin(address string) string {
	scheme, rest, hasScheme := strings.Cut(address, "://")
	if !hasScheme {
		scheme, rest = "", address
	} else {
		scheme += "://"
	}
	at := strings.LastIndexByte(rest, '@')
	if at < 0 || strings.HasPrefix(address, "/") || strings.HasPrefix(address, "~") { // a folder
		return address
	}
	return scheme + "xxxxx" + rest[at:]
}

// GoString returns the same as String, so that %#v hides the password, too.
func (u DatabaseURL) GoString() string { return u.String() }
