package api

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"

	"sbwatch/api/wire"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// progress records how far a request got.
type progress struct {
	connected atomic.Bool // set once the request may have been sent
	answered  atomic.Bool // set once the server has responded
}

// trace returns a context that records the progress of a request.
func (p *progress) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:              func(httptrace.GotConnInfo) { p.connected.Store(true) },
		GotFirstResponseByte: func() { p.answered.Store(true) },
	})
}

// unanswered returns the problem for a request without an answer. The problem has the kind ProblemNoConnection only if
// the request certainly did not reach the service.
func (c *Client) unanswered(e exchange, err error) *run.Problem {
	if problem, ok := errors.AsType[*run.Problem](err); ok {
		return problem // a redirect that was refused
	}
	surelyNotSent := !e.progress.connected.Load() && (c.ownTransport || isDialError(err))
	kind := run.ProblemLost
	if surelyNotSent {
		kind = run.ProblemNoConnection
	}
	switch {
	case isStopped(e.ctx):
		return stopped(e.ctx, kind)
	case isCertificateError(err):
		return &run.Problem{
			Kind:     run.ProblemUnsafe,
			Summary:  text.NewText("the certificate of " + e.host + " is not valid (" + certificateWords(err) + ")"),
			NextStep: text.NewText("check the base URL, this machine's clock and any proxy in between"),
			Cause:    err,
		}
	case surelyNotSent:
		nextStep := "check the network and the base URL"
		if isProxyError(err) {
			nextStep = "check the proxy in the environment variable HTTPS_PROXY or HTTP_PROXY"
		}
		return &run.Problem{
			Kind:     kind,
			Summary:  text.NewText("no connection to " + e.host + " (" + failureWords(err) + ")"),
			NextStep: text.NewText(nextStep),
			Cause:    err,
		}
	case isTimeout(err):
		return &run.Problem{Kind: kind, Summary: text.NewText("no answer from " + e.host + " in time"), Cause: err}
	case e.progress.answered.Load() && !isBreak(err):
		return &run.Problem{Kind: run.ProblemMalformed, Summary: text.NewText("the answer of " + e.host + " is not valid HTTP"), Cause: err}
	default:
		return &run.Problem{
			Kind:    kind,
			Summary: text.NewText("connection to " + e.host + " lost before the answer (" + failureWords(err) + ")"),
			Cause:   err,
		}
	}
}

// broken returns the problem for a body that could not be read or decoded.
func (r *reply) broken(err error) *run.Problem {
	failed := r.body.guard.failed
	malformed := func(summary string) *run.Problem {
		return &run.Problem{Kind: run.ProblemMalformed, Summary: text.NewText(summary), Cause: err}
	}
	switch {
	case isStopped(r.ctx):
		return stopped(r.ctx, run.ProblemLost)
	case failed != nil && errors.Is(context.Cause(r.ctx), errIdle):
		return &run.Problem{
			Kind:    run.ProblemLost,
			Summary: text.NewText("the answer of " + r.host + " stopped arriving: no data for " + text.Wait(idleLimit)),
			Cause:   errIdle,
		}
	case failed != nil && errors.Is(context.Cause(r.ctx), errSlow):
		return &run.Problem{
			Kind: run.ProblemLost, Summary: text.NewText("the answer of " + r.host + " arrived too slowly"), Cause: errSlow,
		}
	case errors.Is(err, wire.ErrBlank):
		return malformed("the answer contains " + wire.ErrBlank.Error())
	case isCompressionError(failed):
		return malformed("the compressed answer is damaged")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return malformed("the answer was cut short")
	case failed != nil:
		return &run.Problem{
			Kind:    run.ProblemLost,
			Summary: text.NewText("connection to " + r.host + " lost during the answer (" + failureWords(failed) + ")"),
			Cause:   err,
		}
	default:
		return malformed("the answer is not valid JSON")
	}
}

// stopped returns the problem for a request that the caller ended. The problem wraps context.Canceled or
// context.DeadlineExceeded. kind says whether the request may have reached the service.
func stopped(ctx context.Context, kind run.ProblemKind) *run.Problem {
	summary := "stopped before the answer arrived"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		summary = "no answer in time"
	}
	return &run.Problem{Kind: kind, Summary: text.NewText(summary), Cause: ctx.Err()}
}

// isDialError reports whether err proves that no connection was made.
func isDialError(err error) bool {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	operation, ok := errors.AsType[*net.OpError](err)
	return ok && (operation.Op == "dial" || operation.Op == "proxyconnect")
}

func isCertificateError(err error) bool {
	_, invalid := errors.AsType[*tls.CertificateVerificationError](err)
	return invalid
}

// certificateWords returns a few words that say why a certificate is not valid, such as "expired, or not valid yet".
func certificateWords(err error) string {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "it is for a different host name"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "signed by an authority that this machine does not trust"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "expired, or not valid yet"
	}
	return "verification failed"
}

func isTimeout(err error) bool {
	timed, ok := errors.AsType[net.Error](err)
	return ok && timed.Timeout()
}

// isBreak reports whether err means that the connection broke. If it returns false, the answer is invalid.
func isBreak(err error) bool {
	_, operation := errors.AsType[*net.OpError](err)
	return operation || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func isCompressionError(err error) bool {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	return corrupt || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum)
}

// failureWords describes in a few words how a connection failed, such as "no host of that name". The text of err itself
// is written for programmers.
func failureWords(err error) string {
	if proxy, ok := errors.AsType[*proxyError](err); ok {
		return proxy.Error()
	}
	words := systemWords(err)
	if lookup, ok := errors.AsType[*net.DNSError](err); ok {
		words = lookupWords(lookup)
	}
	if isProxyError(err) {
		return "the proxy: " + words
	}
	return words
}

// isProxyError reports whether the connection to a proxy failed, or the proxy refused to connect to the host.
func isProxyError(err error) bool {
	_, isRefused := errors.AsType[*proxyError](err)
	operation, ok := errors.AsType[*net.OpError](err)
	return isRefused || ok && operation.Op == "proxyconnect"
}

func lookupWords(lookup *net.DNSError) string {
	switch {
	case lookup.IsNotFound:
		return "no host of that name"
	case lookup.IsTimeout:
		return "the name lookup took too long"
	default:
		return "the name lookup failed"
	}
}

func systemWords(err error) string {
	_, alert := errors.AsType[tls.AlertError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case errors.Is(err, errNotLoopback):
		return errNotLoopback.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET):
		return "connection reset"
	case errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed"
	case errors.Is(err, syscall.EHOSTUNREACH):
		return "no route to the host"
	case errors.Is(err, syscall.ENETUNREACH):
		return "no network"
	case errors.Is(err, http.ErrSchemeMismatch), record:
		return "it does not speak TLS"
	case alert:
		return "it refused the TLS handshake"
	case isTimeout(err):
		return "no answer in time"
	default:
		return "it failed"
	}
}
