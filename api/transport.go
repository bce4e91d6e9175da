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

// limits are the timeouts for each step of a request before the body of the answer arrives. A [pace] limits the body.
type limits struct {
	connect time.Duration // for connecting to the host, and again for the TLS handshake
	header  time.Duration // from the end of the request to the start of the answer
}

func defaultLimits() limits { return limits{connect: 10 * time.Second, header: 30 * time.Second} }

// idleLimit is the maximum time to wait for the next byte of a body.
const idleLimit = 30 * time.Second

// maxHeaderBytes is the maximum size of an answer's header, in bytes.
const maxHeaderBytes = 256 << 10

// newTransport returns the transport for calls that may be repeated. The transport uses HTTP/1.1. With one request
// every few seconds, HTTP/2 has no advantage. HTTP/2 is also slower for large bodies, and continues to use a dead
// connection for minutes.
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

// newDispatchTransport returns the transport for dispatches, which cost credits. The transport opens a new connection
// for each dispatch. On a reused connection, net/http would repeat a failed request by itself. A reused connection may
// also be dead, and then it is unknown whether the dispatch arrived.
func newDispatchTransport(wait limits) *http.Transport {
	transport := newTransport(wait)
	transport.DisableKeepAlives = true
	return transport
}

// unlessLoopback wraps the proxy function of an [http.Transport], so that requests to this machine use no proxy. Such
// requests may use plain HTTP, which a proxy could read. [http.ProxyFromEnvironment] is not enough: "localhost" is the
// only name of this machine that it recognizes.
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

var errNotLoopback = errors.New("the name resolves to another machine")

// dial connects to an address. If the host is a name of this machine, such as "localhost", dial accepts only a loopback
// address.
func (d dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if host, _, err := net.SplitHostPort(address); err == nil && isLoopback(host) {
		d.Control = checkLoopback
	}
	return d.DialContext(ctx, network, address)
}

// checkLoopback returns an error if address is not a loopback address.
func checkLoopback(_, address string, _ syscall.RawConn) error {
	if place, err := netip.ParseAddrPort(address); err != nil || !place.Addr().Unmap().IsLoopback() {
		return errNotLoopback
	}
	return nil
}

// proxyError is the error for a proxy that refused to connect to the host.
type proxyError struct{ status string }

func (e *proxyError) Error() string { return "the proxy answered " + e.status }

func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{status: answer.Status}
}

// pace is the minimum speed of a body: a number of bytes that must arrive within each period. Only the time that a
// reader spends waiting for data counts.
type pace struct {
	bytes  int
	within time.Duration
}

// resultPace returns the pace for the answer to a poll. A large result may take many minutes, but must keep arriving.
func resultPace() pace { return pace{bytes: 64 << 10, within: time.Minute} }

// smallPace returns the pace for a small answer: the whole answer must arrive within one period.
func smallPace() pace { return pace{bytes: math.MaxInt, within: 30 * time.Second} }

// Reasons for giving up on a body: no data within idleLimit, or less data than the pace requires.
var (
	errIdle = errors.New("no data arrived")
	errSlow = errors.New("too little data arrived")
)

// body reads the body of an answer and masks the key in it. If the data arrive too slowly, body cancels the request. It
// remembers the read error, so that callers can tell a broken connection from invalid content. The caller must close
// the body.
type body struct {
	*bufio.Reader
	guard *paceGuard
}

func newBody(source io.ReadCloser, pace pace, cancel context.CancelCauseFunc, s *secret) *body {
	guard := &paceGuard{source: source, pace: pace, cancel: cancel}
	return &body{Reader: bufio.NewReader(newRedactor(guard, s)), guard: guard}
}

func (b *body) close() {
	// An error of Close does not matter: the body has been read or abandoned.
	_ = b.guard.source.Close()
	b.guard.cancel(nil)
}

// paceGuard reads a body from the network and enforces idleLimit and the pace.
type paceGuard struct {
	source io.ReadCloser
	pace   pace
	cancel context.CancelCauseFunc
	failed error // the first error other than io.EOF

	came   int           // bytes that arrived in the current period
	waited time.Duration // time spent waiting in the current period
}

// Read returns the data that have arrived. It waits no longer than idleLimit and the pace allow. Time between two calls
// of Read does not count.
func (g *paceGuard) Read(p []byte) (int, error) {
	wait, reason := idleLimit, errIdle
	if left := g.pace.within - g.waited; left < wait {
		wait, reason = left, errSlow
	}
	timer := time.AfterFunc(wait, func() { g.cancel(reason) })
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
