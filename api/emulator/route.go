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

// endpoint is what a path leads to.
type endpoint struct {
	kind endpointKind
	id   string // of the run or the recipe
}

// route finds the endpoint of a path. Ids are opaque: any text that is not empty may be one.
func route(u *url.URL) (endpoint, bool) {
	path, below := strings.CutPrefix(u.EscapedPath(), "/v1/smartbrowse/")
	if !below {
		return endpoint{}, false
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		// An escape that makes no sense stays as it is: then there is no such id.
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

func (e endpoint) takes(method string) bool {
	if e.kind == dispatchEndpoint {
		return method == http.MethodPost
	}
	return method == http.MethodGet || method == http.MethodHead
}

// allow is the header Allow.
func (e endpoint) allow() string {
	if e.kind == dispatchEndpoint {
		return "POST, OPTIONS"
	}
	return "GET, HEAD, OPTIONS"
}
