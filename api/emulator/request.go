package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// maxRequestBody is the maximum size of a request's body in bytes. The API needs no bodies, but some clients send small
// bodies.
const maxRequestBody = 64 << 10

// discardBody reads and ignores the body of a request. It returns a refusal if the body is too large, malformed, or
// does not arrive in time. The time limit is the server's ReadTimeout.
func discardBody(w http.ResponseWriter, r *http.Request) *answer {
	if r.Body == nil { // the handler is called without a server
		return nil
	}
	if r.ContentLength > maxRequestBody {
		return bodyTooLarge()
	}
	_, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxRequestBody))
	switch {
	case err == nil:
		// The time limit applies to reading the request, not to sending the answer. A server in memory has no time
		// limit.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refuseAndClose(http.StatusRequestTimeout, "The body of the request did not arrive in time.")
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return bodyTooLarge()
	}
	return refuseAndClose(http.StatusBadRequest, "The body of the request is malformed.")
}

func bodyTooLarge() *answer {
	return refuseAndClose(http.StatusRequestEntityTooLarge, fmt.Sprintf("The body of the request is larger than %d bytes.", maxRequestBody))
}

// refuseAndClose returns an answer that refuses a request whose body was not read completely. The connection is closed
// after this answer.
func refuseAndClose(status int, message string) *answer {
	refusal := refuse(status, codeInvalidRequest, message)
	refusal.close = true
	return &refusal
}

// latency returns how long the answer to the n-th request is delayed.
func (o Options) latency(n uint64) time.Duration {
	if o.Jitter <= 0 {
		return o.Latency
	}
	return o.Latency + time.Duration(mix(o.Seed^mix(n))%uint64(o.Jitter+1))
}

// wait waits for the duration d. It returns early if the client disconnects.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
