package api

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// parseBaseURL checks where the requests, and with them the key, are to go.
func parseBaseURL(given string, allowInsecure bool) (*url.URL, *run.Problem) {
	if given == "" {
		given = DefaultBaseURL
	}
	given = strings.TrimSpace(given)
	base, err := url.Parse(given)
	switch {
	case err != nil:
		return nil, badBaseURL("the base URL is not a URL")
	case base.Scheme != "http" && base.Scheme != "https":
		return nil, badBaseURL("the base URL does not begin with https://")
	case base.Hostname() == "":
		return nil, badBaseURL("the base URL names no host")
	case !isPort(base.Port()):
		return nil, badBaseURL("the base URL's port is none")
	case base.User != nil:
		return nil, badBaseURL("the base URL holds a user name or password")
	case base.RawQuery != "" || base.ForceQuery || base.Fragment != "" || strings.HasSuffix(given, "#"):
		return nil, badBaseURL("the base URL holds a ? or a #")
	case base.Scheme == "http" && !isLoopback(base.Hostname()) && !allowInsecure:
		return nil, &run.Problem{
			Kind:     run.ProblemUnsafe,
			Summary:  text.NewText("plain HTTP to " + base.Host + " would show the API key to everyone on the way"),
			NextStep: text.NewText("use https://, or --insecure if that is what you want"),
		}
	}
	base, err = url.Parse(strings.TrimRight(base.String(), "/"))
	if err != nil {
		return nil, badBaseURL("the base URL is not a URL")
	}
	return base, nil
}

// badBaseURL leaves out the URL itself, which may hold a password.
func badBaseURL(summary string) *run.Problem {
	return &run.Problem{
		Kind:     run.ProblemInput,
		Summary:  text.NewText(summary),
		NextStep: text.NewText("give one such as " + DefaultBaseURL),
	}
}

// isPort tells whether there is a port of that number, or no number.
func isPort(number string) bool {
	port, err := strconv.ParseUint(number, 10, 16)
	return number == "" || (err == nil && port > 0)
}

// isLoopback reports whether host is this machine, so that what is sent there passes no network: localhost in any case, with
// or without a dot at its end, 127.0.0.0/8 and ::1. Other spellings of a number, such as 2130706433, are names.
func isLoopback(host string) bool {
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// parseKey accepts whatever can be a key. Its form is documented (wsg_live_ and 32 letters and digits), but a key of
// another form may be of a newer kind.
func parseKey(given string) (string, *run.Problem) {
	const nextStep = "set WEBSCRAPE_API_KEY or give --api-key-file; keys are made in the service's dashboard"
	key := strings.TrimSpace(given)
	if key == "" {
		return "", &run.Problem{Kind: run.ProblemKey, Summary: text.NewText("no API key"), NextStep: text.NewText(nextStep)}
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return "", &run.Problem{
				Kind:     run.ProblemKey,
				Summary:  text.NewText("the API key holds a space or another character that no key has"),
				NextStep: text.NewText(nextStep),
			}
		}
	}
	return key, nil
}

// escapeID makes an id one element of a path, whatever it holds.
func escapeID(id string) string {
	if id == "." || id == ".." {
		return strings.ReplaceAll(id, ".", "%2E")
	}
	return url.PathEscape(id)
}

// canonicalHost is the host of u in the one spelling that compares.
func canonicalHost(u *url.URL) string { return strings.ToLower(u.Hostname()) }

// portOf is the port of u, the scheme's own where none is written.
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
