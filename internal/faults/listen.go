package faults

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"syscall"
)

// Network connects clients to a [Service] through memory, so that a test in a bubble of testing/synctest uses real HTTP
// without a socket.
type Network struct {
	service *Service
	server  *http.Server
	conns   chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

// NewNetwork starts serving. The caller must call Close.
func NewNetwork(service *Service) *Network {
	n := &Network{service: service, conns: make(chan net.Conn), closed: make(chan struct{})}
	n.server = &http.Server{Handler: service, ErrorLog: log.New(io.Discard, "", 0), MaxHeaderBytes: 1 << 20}
	go func() { _ = n.server.Serve(listener{n}) }()
	return n
}

// Dial connects to the service. It fails if the service refuses the connection. Every address leads to the service.
func (n *Network) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	if n.service.RefuseConnection() {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("%s: %w", address, syscall.ECONNREFUSED)}
	}
	client, server := net.Pipe()
	select {
	case n.conns <- server:
		return client, nil
	case <-n.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close closes all connections.
func (n *Network) Close() error { return n.server.Close() }

// listener is the server's side of a Network.
type listener struct{ network *Network }

// Accept returns the next connection.
func (l listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.network.conns:
		return conn, nil
	case <-l.network.closed:
		return nil, net.ErrClosed
	}
}

// Close refuses further connections.
func (l listener) Close() error {
	l.network.once.Do(func() { close(l.network.closed) })
	return nil
}

// Addr returns the address of the service.
func (l listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }
