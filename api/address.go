package api

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// CheckBaseURL returns an error if rawURL is not a valid base URL. Unlike [New], it accepts plain HTTP to any host.
func CheckBaseURL(rawURL string) error {
	if _, problem := parseBaseURL(rawURL, true); problem != nil {
		return problem
	}
	return nil
}

// parseBaseURL parses the base URL. It returns a problem if the URL is invalid, or if the key would be sent over plain
// HTTP to another machine and allowInsecure is false.
func parseBaseURL(rawURL string, allowInsecure bool) (*url.URL, *run.Problem) {
	if rawURL == "" {
		rawURL = DefaultBaseURL
	}
	rawURL = strings.TrimSpace(rawURL)
	base, err := url.Parse(rawURL)
	switch {
	case err != nil:
		return nil, badBaseURL("the base URL is not a valid URL")
	case base.Scheme != "http" && base.Scheme != "https":
		return nil, badBaseURL("the base URL does not begin with https://")
	case base.Hostname() == "":
		return nil, badBaseURL("the base URL has no host")
	case !isPort(base.Port()):
		return nil, badBaseURL("the port of the base URL is not a number from 1 to 65535")
	case base.User != nil:
		return nil, badBaseURL("the base URL contains a user name or password")
	case base.RawQuery != "" || base.ForceQuery || base.Fragment != "" || strings.HasSuffix(rawURL, "#"):
		return nil, badBaseURL("the base URL contains ? or #")
	case base.Scheme == "http" && !isLoopback(base.Hostname()) && !allowInsecure:
		return nil, &run.Problem{
			Kind:     run.ProblemUnsafe,
			Summary:  text.NewText("plain HTTP to " + base.Host + " would send the API key unencrypted"),
			NextStep: text.NewText("use https://, or pass --insecure to allow it"),
		}
	}
	base, err = url.Parse(strings.TrimRight(base.String(), "/"))
	if err != nil {
		return nil, badBaseURL("the base URL is not a valid URL")
	}
	return base, nil
}

// badBaseURL returns the problem for an invalid base URL. The problem leaves out the URL, which may contain a password.
func badBaseURL(summary string) *run.Problem {
	return &run.Problem{
		Kind:     run.ProblemInput,
		Summary:  text.NewText(summary),
		NextStep: text.NewText("give a base URL such as " + DefaultBaseURL),
	}
}

// isPort reports whether text is a valid port number or empty.
func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return text == "" || (err == nil && port > 0)
}

// isLoopback reports whether host is "localhost", an address in 127.0.0.0/8, or ::1. Case and a trailing dot make no
// difference. It returns false for other spellings of an address, such as 2130706433 for 127.0.0.1.
func isLoopback(host string) bool {
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// parseKey returns the key without surrounding white space. Every key that can be sent in an HTTP header is valid. The
// documented format, wsg_live_ and 32 letters and digits, is not required, because newer keys may have another format.
func parseKey(rawKey string) (string, *run.Problem) {
	const nextStep = "set WEBSCRAPE_API_KEY or give --api-key-file; create keys in the service's dashboard"
	key := strings.TrimSpace(rawKey)
	if key == "" {
		return "", &run.Problem{Kind: run.ProblemKey, Summary: text.NewText("no API key"), NextStep: text.NewText(nextStep)}
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return "", &run.Problem{
				Kind:     run.ProblemKey,
				Summary:  text.NewText("the API key contains a space or another invalid character"),
				NextStep: text.NewText(nextStep),
			}
		}
	}
	return key, nil
}

// escapeID escapes an id so that it becomes a single path element, whatever characters it contains.
func escapeID(id string) string {
	if id == "." || id == ".." {
		return strings.ReplaceAll(id, ".", "%2E")
	}
	return url.PathEscape(id)
}

func canonicalHost(u *url.URL) string { return strings.ToLower(u.Hostname()) }

// portOf returns the port of u, or the default port of its scheme.
func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// HostOf returns the host that a client with this base URL connects to. If baseURL is empty or invalid, it returns the
// host of [DefaultBaseURL].
func HostOf(baseURL string) string {
	base, problem := parseBaseURL(baseURL, true)
	if problem != nil {
		base, _ = parseBaseURL(DefaultBaseURL, false)
	}
	return hostOf(base)
}

func hostOf(base *url.URL) string {
	host := strings.ToLower(base.Host)
	switch base.Scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	default:
		return strings.TrimSuffix(host, ":80")
	}
}
