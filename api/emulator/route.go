package emulator

import (
	"net/http"
	"net/url"
	"strings"
)

type endpointKind int

const (
	pollEndpoint endpointKind = iota
	dispatchEndpoint
	usageEndpoint
)

// endpoint is a call of the API, parsed from a path.
type endpoint struct {
	kind endpointKind
	id   string // run id or recipe id
}

// route returns the endpoint for the path of u, or false if the API has no such path. Any text that is not empty is a
// valid id.
func route(u *url.URL) (endpoint, bool) {
	path, below := strings.CutPrefix(u.EscapedPath(), "/v1/smartbrowse/")
	if !below {
		return endpoint{}, false
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		// A segment with an invalid escape is used unchanged, so its id is not found.
		if plain, err := url.PathUnescape(segment); err == nil {
			segments[i] = plain
		}
		if segments[i] == "" {
			return endpoint{}, false
		}
	}
	switch {
	case len(segments) == 1 && segments[0] == "usage":
		return endpoint{kind: usageEndpoint}, true
	case len(segments) == 2 && segments[0] == "runs":
		return endpoint{kind: pollEndpoint, id: segments[1]}, true
	case len(segments) == 3 && segments[0] == "recipes" && segments[2] == "run":
		return endpoint{kind: dispatchEndpoint, id: segments[1]}, true
	}
	return endpoint{}, false
}

func (e endpoint) accepts(method string) bool {
	if e.kind == dispatchEndpoint {
		return method == http.MethodPost
	}
	return method == http.MethodGet || method == http.MethodHead
}

// allow returns the value of the Allow header.
func (e endpoint) allow() string {
	if e.kind == dispatchEndpoint {
		return "POST, OPTIONS"
	}
	return "GET, HEAD, OPTIONS"
}
