package emulator

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// fault is a way in which a response is corrupted or replaced.
type fault int

const (
	faultNone        fault = iota
	faultRetryAfter        // 429 with Retry-After
	faultRateLimited       // 429 without Retry-After
	faultInternal          // 500
	faultUnavailable       // 502
	faultCutBody           // the connection closes halfway through the body
	faultHTML              // 200 with the HTML page of a proxy
	faultPlainError        // 503 without an envelope
	faultCount       = iota
)

// pollFault returns the fault for poll n of a flaky run, counted from 0. It returns faultNone if n is even. For odd n,
// it returns each of the other faults in turn.
func pollFault(n int) fault {
	if n%2 == 0 {
		return faultNone
	}
	return faultRetryAfter + fault(n/2%(faultCount-1))
}

// writeFault sends the answer with its fault: corrupted, or replaced by another answer.
func (a answer) writeFault(w http.ResponseWriter) {
	header := w.Header()
	switch a.fault {
	case faultRetryAfter:
		a.replaceWith(rateLimited("Rate limit exceeded: 60 requests a minute are allowed.", 1,
			perMinuteDetails{Reason: "rate_limit_per_min", LimitPerMin: 60})).write(w, false)
	case faultRateLimited:
		a.replaceWith(rateLimited("Too many requests at once: 2 are allowed.", 0,
			concurrencyDetails{Reason: "max_concurrent_requests", MaxConcurrent: 2})).write(w, false)
	case faultInternal:
		refusal := refuse(http.StatusInternalServerError, codeInternalError, "Something went wrong on our side.")
		a.replaceWith(&refusal).write(w, false)
	case faultUnavailable:
		refusal := refuse(http.StatusBadGateway, codeServiceUnavailable, "The service is not available at the moment.")
		a.replaceWith(&refusal).write(w, false)
	case faultCutBody:
		var whole bytes.Buffer
		_ = a.writeBody(&whole, a.body.encode()) // writing to a buffer cannot fail
		header.Set("Content-Length", strconv.Itoa(whole.Len()))
		w.WriteHeader(a.status)
		// The server closes the connection because the body is shorter than its Content-Length.
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

// replaceWith returns replacement with the request id of a.
func (a answer) replaceWith(replacement *answer) answer {
	replacement.body.RequestID = a.body.RequestID
	return *replacement
}
