package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// limits are how long each step of a request may take, up to its answer. The answer itself has a [pace].
type limits struct {
	connect time.Duration // to the host, and again for its TLS handshake
	header  time.Duration // from the end of the request to the beginning of the answer
}

// patience is what a person watching would wait for.
func patience() limits { return limits{connect: 10 * time.Second, header: 30 * time.Second} }

// idleLimit is how long a body may bring no byte.
const idleLimit = 30 * time.Second

// maxHeaderBytes bounds the first lines of an answer.
const maxHeaderBytes = 256 << 10

// newTransport makes the transport of calls that may be repeated. It speaks HTTP/1.1: HTTP/2 has nothing to give to a
// request every few seconds, is slower with a large body, and keeps a dead connection in use for minutes.
func newTransport(wait limits) *http.Transport {
	var versions http.Protocols
	versions.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  unlessLoopback(http.ProxyFromEnvironment),
		OnProxyConnectResponse: checkProxy,
		DialContext:            dialer{net.Dialer{Timeout: wait.connect, KeepAlive: 15 * time.Second}}.dial,
		TLSHandshakeTimeout:    wait.connect,
		ResponseHeaderTimeout:  wait.header,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    8,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ReadBufferSize:         64 << 10,
		Protocols:              &versions,
	}
}

// newDispatchTransport makes the transport of the call that costs credits. Each goes over a connection of its own,
// because net/http repeats by itself what failed on a kept one, and because a kept one may have died unseen: then it
// would be in doubt whether the dispatch arrived.
func newDispatchTransport(wait limits) *http.Transport {
	transport := newTransport(wait)
	transport.DisableKeepAlives = true
	return transport
}

// unlessLoopback returns the proxy for a request, none for one to this machine: plain HTTP is allowed there because nobody is
// on the way. ProxyFromEnvironment alone takes only "localhost" in this very spelling for this machine.
func unlessLoopback(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		if isLoopback(r.URL.Hostname()) {
			return nil, nil // http.Transport expects nil, nil
		}
		return proxy(r)
	}
}

// dialer connects to the service or a proxy.
type dialer struct{ net.Dialer }

var errNotLoopback = errors.New("its name leads to another machine")

// dial connects to an address. If its host is a name of this machine, so must be what the name leads to.
func (d dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if host, _, err := net.SplitHostPort(address); err == nil && isLoopback(host) {
		d.Control = checkLoopback
	}
	return d.DialContext(ctx, network, address)
}

// checkLoopback refuses an address that is not of this machine.
func checkLoopback(_, address string, _ syscall.RawConn) error {
	if place, err := netip.ParseAddrPort(address); err != nil || !place.Addr().Unmap().IsLoopback() {
		return errNotLoopback
	}
	return nil
}

// proxyError is a proxy that would not connect to the host.
type proxyError struct{ status string }

func (e *proxyError) Error() string { return "the proxy answered " + e.status }

func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{status: answer.Status}
}

// pace is how fast a body must come: at least so many bytes in each stretch of waiting for it.
type pace struct {
	bytes  int
	within time.Duration
}

// resultPace lets a large result take its time, but not for ever.
func resultPace() pace { return pace{bytes: 64 << 10, within: time.Minute} }

// smallPace is that of an answer that is read whole: it must come as a whole.
func smallPace() pace { return pace{bytes: math.MaxInt, within: 30 * time.Second} }

// Why a body was given up: it brought nothing for idleLimit, or less than its pace asks for.
var (
	errIdle = errors.New("nothing came")
	errSlow = errors.New("too little came")
)

// body reads the body of an answer, ends the request when too little comes, and remembers how the reading failed,
// so that a broken connection can be told from bad content. The key is blanked in it. It must be closed.
type body struct {
	*bufio.Reader
	guard *paceGuard
}

func newBody(source io.ReadCloser, pace pace, cancel context.CancelCauseFunc, s *secret) *body {
	guard := &paceGuard{source: source, pace: pace, cancel: cancel}
	return &body{Reader: bufio.NewReader(newRedactor(guard, s)), guard: guard}
}

func (b *body) close() {
	// A body that cannot be closed was read, or given up, all the same.
	_ = b.guard.source.Close()
	b.guard.cancel(nil)
}

// paceGuard is the reader below a body.
type paceGuard struct {
	source io.ReadCloser
	pace   pace
	cancel context.CancelCauseFunc
	failed error // the first error other than io.EOF

	came   int           // bytes, in this stretch of the pace
	waited time.Duration // for them
}

// Read reads what is there, and waits for it no longer than idleLimit and the pace allow. Time spent by the reader
// elsewhere does not count.
func (g *paceGuard) Read(p []byte) (int, error) {
	most, reason := idleLimit, errIdle
	if left := g.pace.within - g.waited; left < most {
		most, reason = left, errSlow
	}
	timer := time.AfterFunc(most, func() { g.cancel(reason) })
	began := time.Now()
	n, err := g.source.Read(p)
	timer.Stop()
	g.waited += time.Since(began)
	if g.came += n; g.came >= g.pace.bytes {
		g.came, g.waited = 0, 0
	}
	if err != nil && !errors.Is(err, io.EOF) && g.failed == nil {
		g.failed = err
	}
	return n, err
}
