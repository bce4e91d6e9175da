package emulator

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// fault is what goes wrong with an answer on its way.
type fault int

const (
	faultNone        fault = iota
	faultRetryAfter        // 429 that says when to come again
	faultRateLimited       // 429 that does not
	faultInternal          // 500
	faultUnavailable       // 502
	faultCutBody           // the connection closes half-way through the body
	faultHTML              // 200, but a page of some proxy
	faultPlainError        // 503 without the envelope
	faultCount       = iota
)

// faultOfPoll is what the n-th poll of a flaky run meets, from 0: every second one goes well, the others meet each
// fault in turn.
func faultOfPoll(n int) fault {
	if n%2 == 0 {
		return faultNone
	}
	return faultRetryAfter + fault(n/2%(faultCount-1))
}

// writeFault sends what the fault makes of the answer.
func (a answer) writeFault(w http.ResponseWriter) {
	header := w.Header()
	switch a.fault {
	case faultRetryAfter:
		a.replaceBy(rateLimited("Rate limit exceeded: 60 requests a minute are allowed.", 1,
			perMinuteDetails{Reason: "rate_limit_per_min", LimitPerMin: 60})).write(w, false)
	case faultRateLimited:
		a.replaceBy(rateLimited("Too many requests at once: 2 are allowed.", 0,
			concurrencyDetails{Reason: "max_concurrent_requests", MaxConcurrent: 2})).write(w, false)
	case faultInternal:
		refusal := refuse(http.StatusInternalServerError, codeInternalError, "Something went wrong on our side.")
		a.replaceBy(&refusal).write(w, false)
	case faultUnavailable:
		refusal := refuse(http.StatusBadGateway, codeServiceUnavailable, "The service is not available at the moment.")
		a.replaceBy(&refusal).write(w, false)
	case faultCutBody:
		var whole bytes.Buffer
		_ = a.writeBody(&whole, a.body.encode()) // a buffer takes all
		header.Set("Content-Length", strconv.Itoa(whole.Len()))
		w.WriteHeader(a.status)
		// The server closes the connection of an answer that is shorter than it said.
		_, _ = w.Write(whole.Bytes()[:whole.Len()/2])
	case faultHTML:
		header.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!DOCTYPE html>\n<html><head><title>Please wait</title></head>"+
			"<body><h1>We will be right back</h1><p>The site is down for maintenance.</p></body></html>\n")
	case faultPlainError:
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"error":"upstream timed out"}`)
	case faultNone, faultCount:
	}
}

// replaceBy is another answer to the same request.
func (a answer) replaceBy(other *answer) answer {
	other.body.RequestID = a.body.RequestID
	return *other
}
