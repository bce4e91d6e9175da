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

// maxRequestBody is the number of bytes that a request's body may have. No call of the API takes a body, but some
// clients send a small one.
const maxRequestBody = 64 << 10

// discardBody reads the body of a request, which no call uses, and returns a refusal if it is too large, does not
// arrive in time or is malformed. The server's ReadTimeout limits the time.
func discardBody(w http.ResponseWriter, r *http.Request) *answer {
	if r.Body == nil { // a handler called without a server
		return nil
	}
	if r.ContentLength > maxRequestBody {
		return bodyTooLarge()
	}
	_, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxRequestBody))
	switch {
	case err == nil:
		// The time limit is for reading the request, not for sending the answer. A server in memory has none.
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

// refuseAndClose returns a refusal of a request that was not read to its end, so that the connection cannot be used
// again.
func refuseAndClose(status int, message string) *answer {
	refusal := refuse(status, codeInvalidRequest, message)
	refusal.close = true
	return &refusal
}

// latency returns how long the answer to request number n takes.
func (o Options) latency(n uint64) time.Duration {
	if o.Jitter <= 0 {
		return o.Latency
	}
	return o.Latency + time.Duration(mix(o.Seed^mix(n))%uint64(o.Jitter+1))
}

// wait waits for d, or until the client has disconnected.
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
