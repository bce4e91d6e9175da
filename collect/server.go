package collect

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Server serves the health and the metrics of a collector.
type Server struct {
	listener net.Listener
	server   *http.Server
}

// Listen opens an address such as "127.0.0.1:9090". If the address has no host, Listen uses the loopback interface,
// which other machines cannot reach. Port 0 selects a free port.
func Listen(ctx context.Context, address string) (*Server, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if host == "" {
		host = "127.0.0.1"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	return &Server{listener: listener}, nil
}

// Limits of the server.
const (
	maxHeader   = 16 << 10
	readTimeout = 10 * time.Second
	idleTimeout = 2 * time.Minute
)

// Serve answers requests with handler until [Server.Close].
func (s *Server) Serve(handler http.Handler) {
	s.server = &http.Server{
		Handler: handler, ReadHeaderTimeout: readTimeout, ReadTimeout: readTimeout, WriteTimeout: 2 * readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() { _ = s.server.Serve(s.listener) }() // until Close
}

// Close stops the server.
func (s *Server) Close() {
	if s.server != nil {
		_ = s.server.Close()
	}
	_ = s.listener.Close()
}

// Address returns the address that the server listens on.
func (s *Server) Address() string { return s.listener.Addr().String() }

// IsPublic reports whether other machines may reach the server.
func (s *Server) IsPublic() bool {
	address, isTCP := s.listener.Addr().(*net.TCPAddr)
	return !isTCP || !address.IP.IsLoopback()
}

// ReasonOf returns the reason why an address could not be opened. The reason does not contain the address.
func ReasonOf(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err.Error()
	}
	return err.Error()
}
