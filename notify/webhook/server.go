package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"sbwatch/model/watch"
)

// ServerOptions configure a [Server].
type ServerOptions struct {
	// Address is the host and port to listen on. If it has no host, the server uses the loopback interface, which other
	// machines cannot reach. Port 0 selects a free port.
	Address string
	// CertFile and KeyFile are the files of a certificate and its private key, in PEM format. Set both or neither.
	// Without them, the server uses plain HTTP.
	CertFile, KeyFile string
}

// Server serves a [Receiver]. It limits the time and the size of each request, and the number of connections.
type Server struct {
	server   *http.Server
	listener net.Listener
	secure   bool
}

// Limits of a server.
const (
	headerTimeout  = 5 * time.Second
	requestTimeout = 10 * time.Second
	idleTimeout    = time.Minute
	maxHeader      = 16 << 10
	maxConnections = 256
)

// Listen opens the address for a receiver. Clients can connect from then on, but get no answer before [Server.Serve] is
// called.
func Listen(ctx context.Context, receiver *Receiver, options ServerOptions) (*Server, error) {
	host, port, err := net.SplitHostPort(options.Address)
	if err != nil {
		return nil, err
	}
	if host == "" {
		host = "127.0.0.1"
	}
	config, err := tlsConfig(ctx, options)
	if err != nil {
		return nil, err
	}
	network := "tcp"
	if ip := net.ParseIP(host); ip != nil && ip.To4() != nil {
		network = "tcp4" // 0.0.0.0 would include IPv6
	}
	inner, err := new(net.ListenConfig).Listen(ctx, network, net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	s := &Server{secure: config != nil, listener: newListener(inner, receiver, maxConnections)}
	if s.secure {
		s.listener = tls.NewListener(s.listener, config)
	}
	s.server = newServer(receiver)
	return s, nil
}

func newServer(receiver *Receiver) *http.Server {
	return &http.Server{
		Handler:           tracked(receiver),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      2 * requestTimeout, // leaves time to answer a slow request
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       keepConn,
		ConnState:         connState(receiver),
		ErrorLog:          log.New(handshakes{receiver}, "", 0),
		// The handler itself answers "OPTIONS *".
		DisableGeneralOptionsHandler: true,
	}
}

// tlsConfig returns the configuration for the certificate, or nil if there is no certificate. The configuration turns
// off HTTP/2: deliveries are few, and HTTP/1 offers fewer ways to overload a server.
func tlsConfig(ctx context.Context, options ServerOptions) (*tls.Config, error) {
	switch {
	case options.CertFile == "" && options.KeyFile == "":
		return nil, nil //nolint:nilnil // no certificate is no error
	case options.CertFile == "":
		return nil, errors.New("the private key has no certificate")
	case options.KeyFile == "":
		return nil, errors.New("the certificate has no private key")
	}
	certificate, err := loadCertificate(ctx, options)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be used: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"}}, nil
}

// loadCertificate reads the certificate and its key. A file may be a named pipe that nobody writes to; loadCertificate
// then waits until ctx ends.
func loadCertificate(ctx context.Context, options ServerOptions) (tls.Certificate, error) {
	type result struct {
		certificate tls.Certificate
		err         error
	}
	loaded := make(chan result, 1)
	go func() {
		certificate, err := tls.LoadX509KeyPair(options.CertFile, options.KeyFile)
		loaded <- result{certificate, err}
	}()
	select {
	case r := <-loaded:
		return r.certificate, r.err
	case <-ctx.Done():
		return tls.Certificate{}, ctx.Err()
	}
}

// Serve answers requests until [Server.Close] is called. Then it returns nil.
func (s *Server) Serve() error {
	if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close closes the server. It waits for requests in progress, but only until ctx ends.
func (s *Server) Close(ctx context.Context) {
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close()
	}
	_ = s.listener.Close() // if Serve was never called
}

// URL returns the address that the server listens on, without the secret.
func (s *Server) URL() string {
	scheme := "http://"
	if s.secure {
		scheme = "https://"
	}
	return scheme + s.listener.Addr().String()
}

// IsPublic reports whether other machines may reach the server.
func (s *Server) IsPublic() bool {
	address, isTCP := s.listener.Addr().(*net.TCPAddr)
	return !isTCP || !address.IP.IsLoopback()
}

// IsSecure reports whether the server speaks TLS.
func (s *Server) IsSecure() bool { return s.secure }

// handshakes counts failed TLS handshakes. The server uses it as its error log, because net/http logs one line for each
// failed handshake.
type handshakes struct{ receiver *Receiver }

// Write counts a failed handshake if the line of the log reports one, and ignores other lines. It never fails.
func (h handshakes) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("TLS handshake error")) {
		h.receiver.count(func(c *watch.Deliveries) {
			if bytes.Contains(line, []byte("timeout")) {
				c.Slow++
			} else {
				c.Malformed++
			}
		})
	}
	return len(line), nil
}
