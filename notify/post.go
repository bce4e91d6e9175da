package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"sbwatch/model/text"
)

// Limits on sending messages.
const (
	// postTimeout is the time limit for one attempt. postLimit is the time limit for all attempts together, including
	// the pauses.
	postTimeout = 10 * time.Second
	postLimit   = 2 * time.Minute
	// maxAttempts is the maximum number of attempts to send a message.
	maxAttempts = 6
	// firstPause is the pause after the first failed attempt. The pause doubles after each further attempt.
	firstPause = time.Second
	// maxReply is the maximum number of bytes that are read from a reply. The reply is read so that the connection can
	// be reused.
	maxReply     = 64 << 10
	maxRedirects = 3
)

// newClient returns a client that follows a redirect only if it leads to the same host and keeps the method and the
// message. It treats any other redirect as a failure.
func newClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: transport, Timeout: postTimeout,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			first := via[0]
			isSame := next.URL.Host == first.URL.Host && (next.URL.Scheme == first.URL.Scheme || next.URL.Scheme == "https")
			if !isSame || next.Method != first.Method || len(via) > maxRedirects {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
}

// post sends the facts to the user's URL. It tries again after a temporary failure.
func (n *Notifier) post(f Facts) {
	ctx, cancel := context.WithTimeout(n.life, postLimit)
	defer cancel()
	message := []byte(n.redacted(string(f.message(n.config.Format))))
	deadline := time.Now().Add(postLimit)
	pause := firstPause
	for attempt := 1; ; attempt++ {
		failure := n.send(ctx, &f, message)
		switch {
		case failure == nil:
			return
		case n.life.Err() != nil:
			n.abandon()
			return
		}
		wait := max(pause, failure.retryAfter)
		if n.config.Jitter != nil && failure.retryAfter == 0 {
			wait += time.Duration(n.config.Jitter() * float64(pause) / 2)
		}
		if !failure.isTemporary || attempt == maxAttempts || time.Now().Add(wait).After(deadline) {
			reason := failure.reason
			if attempt > 1 {
				reason += " (gave up after " + text.Counted(int64(attempt), "attempt") + ")"
			}
			n.reportFailure("--post to "+n.config.Post.String(), &f, reason)
			return
		}
		pause *= 2
		select {
		case <-time.After(wait):
		case <-n.life.Done():
			n.abandon()
			return
		}
	}
}

// failure is the reason why an attempt to send a message has failed.
type failure struct {
	reason string
	// isTemporary reports whether another attempt may succeed. retryAfter is the minimum time before that attempt.
	isTemporary bool
	retryAfter  time.Duration
}

// send makes one attempt to send a message.
func (n *Notifier) send(ctx context.Context, f *Facts, message []byte) *failure {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, n.config.Post.Raw(), bytes.NewReader(message))
	if err != nil {
		return &failure{reason: "the URL cannot be used"}
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("User-Agent", n.config.UserAgent)
	if id := f.key(); id != "" {
		request.Header.Set("Idempotency-Key", id) // attempts whose answer was lost may have arrived
	}
	response, err := n.client.Do(request)
	if err != nil {
		return failureOf(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxReply))
	status := response.StatusCode
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return &failure{reason: "HTTP " + strconv.Itoa(status) + ": redirects to another address are not followed"}
	default:
		return &failure{
			reason:      "HTTP " + strconv.Itoa(status),
			isTemporary: status >= 500 || status == http.StatusTooManyRequests, retryAfter: retryAfter(response.Header, time.Now()),
		}
	}
}

// key returns an id of the message that can be used in a header. The id is empty if the run has no id.
func (f *Facts) key() string {
	if f.RunID.IsEmpty() {
		return ""
	}
	return url.QueryEscape("sbwatch " + f.Host + " " + text.Line(f.RunID, maxID))
}

// failureOf returns the failure for an error of the HTTP client, without the URL that the text of the error contains.
func failureOf(err error) *failure {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		if wrapped.Timeout() {
			return &failure{reason: "no answer within " + text.Wait(postTimeout), isTemporary: true}
		}
		err = wrapped.Err
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return &failure{reason: "the certificate is not valid"}
	}
	return &failure{reason: "no connection: " + err.Error(), isTemporary: true}
}

// retryAfter returns how long the receiver asks to wait, or 0 if it does not ask. The header contains a number of
// seconds or a date.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(now))
	}
	return 0
}
