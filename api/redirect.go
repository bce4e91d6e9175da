package api

import (
	"net/http"
	"net/url"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// maxRedirects is the maximum number of redirects per call.
const maxRedirects = 5

// checkRedirect refuses, with a [*run.Problem], every redirect that could reveal the key or repeat a dispatch. This
// check is necessary because net/http copies custom headers, including the key, to every redirect that it follows.
func checkRedirect(next *http.Request, before []*http.Request) error {
	last := before[len(before)-1]
	var summary string
	switch {
	case last.URL.Scheme == "https" && next.URL.Scheme != "https":
		summary = "redirect from HTTPS to " + next.URL.Scheme + "://" + next.URL.Host + " refused, to keep the API key safe"
	case !isSameServer(last.URL, next.URL):
		summary = "redirect to " + next.URL.Scheme + "://" + next.URL.Host + " refused: the API key is sent only to " + last.URL.Host
	case before[0].Method == http.MethodPost:
		summary = "redirect of a dispatch refused: following it could start a run twice"
	case len(before) > maxRedirects:
		summary = "too many redirects"
	default:
		return nil
	}
	problem := &run.Problem{
		Kind:     run.ProblemUnsafe,
		Summary:  text.NewText(summary),
		NextStep: text.NewText("check the base URL; if the service has moved, give its new address with --base-url"),
	}
	if next.Response != nil {
		problem.HTTPStatus = next.Response.StatusCode
		problem.RequestID = headerRequestID(next.Response.Header)
	}
	if before[0].Method == http.MethodPost && mayFollowSuccess(problem.HTTPStatus) {
		problem.Kind = run.ProblemLost // the answer is lost: it is at the other address
	}
	return problem
}

// mayFollowSuccess reports whether the service may have carried out a request that it answered with this redirect
// status. Status 303 means that the request was carried out, and many servers use 302 in the same way. Status 301, 307
// or 308 asks the client to repeat the request at another address.
func mayFollowSuccess(status int) bool {
	return status == http.StatusFound || status == http.StatusSeeOther
}

// isSameServer reports whether two addresses have the same scheme, host and port. On the same host, it also accepts a
// redirect from HTTP to HTTPS if both use their default ports.
func isSameServer(from, to *url.URL) bool {
	if canonicalHost(from) != canonicalHost(to) {
		return false
	}
	if from.Scheme == to.Scheme {
		return portOf(from) == portOf(to)
	}
	return from.Scheme == "http" && to.Scheme == "https" && portOf(from) == "80" && portOf(to) == "443"
}
