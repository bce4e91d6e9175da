package emulator

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Listener wraps the listener of an HTTP server for the emulator.
//
// Without this wrapper, net/http answers a malformed request in plain text. If a client does not finish its request,
// net/http closes the connection without an answer. With this wrapper, both clients receive an envelope with a request
// id.
func (e *Emulator) Listener(inner net.Listener) net.Listener { return listener{inner, e} }

type listener struct {
	net.Listener

	emulator *Emulator
}

// Accept waits for the next connection.
func (l listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: inner, emulator: l.emulator}, nil
}

const lateRequest = "The request did not arrive in time"

// After conn has refused a request, it continues to read for up to lingerTime, but no more than lingerBytes bytes. If
// conn closed the connection while data are unread, the client might not receive the answer.
const (
	lingerTime  = 250 * time.Millisecond
	lingerBytes = 1 << 20
)

// conn is a connection to a client. Every response of the emulator's handler has a request id. A response without a
// request id comes from net/http itself, so conn sends an envelope instead.
type conn struct {
	net.Conn

	emulator *Emulator

	mu       sync.Mutex
	asked    bool // whether bytes have arrived since the last answer
	timedOut bool // whether the read deadline has passed since the last answer
	refused  bool // whether conn has sent an envelope itself
	closed   bool
}

// Read reads from the client and notes whether a request has begun.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if n > 0 {
		c.asked = true
	}
	if c.asked && errors.Is(err, os.ErrDeadlineExceeded) {
		c.timedOut = true
	}
	return n, err
}

// Write writes p to the client. If p is an error of net/http in plain text, Write writes an envelope with the same
// status instead of p.
func (c *conn) Write(p []byte) (int, error) {
	status, text, isPlain := plainAnswer(p)
	c.mu.Lock()
	if isPlain && c.timedOut { // net/http treats half a line as a malformed line
		status, text = http.StatusRequestTimeout, lateRequest
	}
	c.asked, c.timedOut = false, false
	c.refused = c.refused || isPlain
	c.mu.Unlock()
	if !isPlain {
		return c.Conn.Write(p)
	}
	if err := c.refuse(status, text); err != nil {
		return 0, err
	}
	return len(p), nil
}

// plainAnswer reports whether net/http itself created the answer p, and returns the status and text of p. Such an
// answer is a whole response with a status of 400 or above and without a request id.
func plainAnswer(p []byte) (status int, text string, isPlain bool) {
	line, rest, found := bytes.Cut(p, []byte("\r\n"))
	after, isStatus := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	if !found || !isStatus || len(after) < 3 {
		return 0, "", false
	}
	status, err := strconv.Atoi(string(after[:3]))
	if err != nil || status < 400 {
		return 0, "", false
	}
	head, _, found := bytes.Cut(append([]byte("\r\n"), rest...), []byte("\r\n\r\n"))
	if !found || bytes.Contains(head, []byte("\r\nX-Request-Id: ")) {
		return 0, "", false
	}
	return status, strings.TrimSpace(string(after[3:])), true
}

// refuse writes an error envelope, with a header that says that the connection will be closed.
func (c *conn) refuse(status int, message string) error {
	refusal := refuse(status, codeInvalidRequest, message+".")
	_, refusal.body.RequestID = c.emulator.nextRequest()
	body := refusal.body.encode()
	response := http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(body)), Close: true,
		Body: io.NopCloser(bytes.NewReader(body)),
		Header: http.Header{
			"Content-Type": {"application/json"},
			"Date":         {c.emulator.options.Now().UTC().Format(http.TimeFormat)},
			"X-Request-Id": {refusal.body.RequestID},
		},
	}
	var out bytes.Buffer
	if err := response.Write(&out); err != nil {
		return err
	}
	_, err := c.Conn.Write(out.Bytes())
	return err
}

// CloseWrite closes the connection for writing. net/http calls it before Close, so that a client that is still sending
// can read the last answer.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Close closes the connection. If the client did not finish its request in time, Close first sends an error envelope
// with status 408.
func (c *conn) Close() error {
	c.mu.Lock()
	late, refused := c.timedOut && !c.closed, c.refused && !c.closed
	c.closed = true
	c.mu.Unlock()
	if late {
		_ = c.SetWriteDeadline(time.Now().Add(lingerTime))
		_ = c.refuse(http.StatusRequestTimeout, lateRequest)
	}
	if late || refused {
		_ = c.CloseWrite()
		_ = c.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes)
	}
	return c.Conn.Close()
}
