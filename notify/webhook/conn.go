package webhook

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"

	"sbwatch/model/watch"
)

// listener limits the number of connections, and counts those that it refuses.
type listener struct {
	net.Listener

	receiver *Receiver
	free     chan struct{} // has an element for each connection that may still be opened
}

func newListener(inner net.Listener, receiver *Receiver, limit int) listener {
	l := listener{inner, receiver, make(chan struct{}, limit)}
	for range limit {
		l.free <- struct{}{}
	}
	return l
}

// Accept waits for the next connection. If there are too many connections, it closes the new connection immediately. It
// does not make this connection wait, because slow clients could then block the service for a long time.
func (l listener) Accept() (net.Conn, error) {
	for {
		inner, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case <-l.free:
			return &conn{Conn: inner, release: sync.OnceFunc(func() { l.free <- struct{}{} })}, nil
		default:
			l.receiver.count(func(c *watch.Deliveries) { c.Overflowed++ })
			_ = inner.Close()
		}
	}
}

// conn is a connection that records what happened to its last request. net/http closes a connection whose request is
// invalid or does not arrive in time. With the record of the connection, such requests can be counted.
type conn struct {
	net.Conn

	release func()
	late    atomic.Bool  // whether a deadline has passed
	read    atomic.Int64 // number of bytes since the last request
	asks    atomic.Bool  // whether a request has begun that has not reached the handler
}

// Read reads from the client.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.late.Store(true)
	}
	return n, err
}

// Close closes the connection.
func (c *conn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

// connKey is the key of a connection in the context of its requests.
type connKey struct{}

func keepConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, connOf(c))
}

// connOf returns the connection below a TLS connection. For any other connection, it returns the connection itself.
func connOf(c net.Conn) *conn {
	if above, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = above.NetConn()
	}
	ours, _ := c.(*conn)
	return ours
}

// tracked wraps a handler. It records in the connection that a request has reached the handler.
func tracked(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connKey{}).(*conn); ok && c != nil {
			c.asks.Store(false)
			defer func() {
				c.late.Store(false)
				c.read.Store(0)
			}()
		}
		handler.ServeHTTP(w, r)
	})
}

// connState returns a hook for [http.Server] that counts the connections that end before their request has reached the
// handler.
func connState(receiver *Receiver) func(net.Conn, http.ConnState) {
	return func(above net.Conn, state http.ConnState) {
		c := connOf(above)
		switch {
		case c == nil:
		case state == http.StateActive:
			c.asks.Store(true)
		case state == http.StateClosed && c.asks.Load():
			receiver.count(func(counts *watch.Deliveries) {
				switch {
				case c.late.Load():
					counts.Slow++
				case c.read.Load() >= maxHeader:
					counts.TooLarge++
				default:
					counts.Malformed++
				}
			})
		}
	}
}
