package webhook

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/model/watch"
)

// pipes is a listener whose connections are in memory, so that they can be used in a synctest bubble with its fake
// clock.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	close func()
}

func newPipes() pipes {
	p := pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.done) })
	return p
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { p.close(); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

// serveInMemory serves a receiver in a synctest bubble. At most limit connections may be open.
func serveInMemory(t *testing.T, limit int) (pipes, *Receiver) {
	t.Helper()
	r, inner := newReceiver(t), newPipes()
	s := Server{server: newServer(r), listener: newListener(inner, r, limit)}
	go func() { _ = s.Serve() }()
	t.Cleanup(func() { _ = s.server.Close() })
	return inner, r
}

func TestServerEndsRequestsThatDoNotArrive(t *testing.T) {
	head := "POST /" + testSecret + " HTTP/1.1\r\nHost: x\r\nContent-Length: 300\r\n\r\n"
	for _, c := range []struct {
		name   string
		sent   string
		drip   string // sent again every second
		within time.Duration
		status int // 0 means that the connection is closed without an answer
		counts watch.Deliveries
	}{
		{"half a line", "POST /", "", headerTimeout, 400, watch.Deliveries{Slow: 1}},
		{"headers without end", "POST / HTTP/1.1\r\nHost: x\r\n", "X-A: b\r\n", headerTimeout, 0, watch.Deliveries{Slow: 1}},
		{"half a body", head + "{", "", requestTimeout, 408, watch.Deliveries{Slow: 1}},
		{"body in drops", head + "{", " ", requestTimeout, 408, watch.Deliveries{Slow: 1}},
		{"forged, half a body", strings.Replace(head, testSecret, "x", 1) + "{", "", time.Second, 404, watch.Deliveries{Forged: 1}},
		{"no request", "hello\r\n\r\n", "", time.Second, 400, watch.Deliveries{Malformed: 1}},
		{"huge header", "POST / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("x", 40<<10), "", time.Second, 431, watch.Deliveries{TooLarge: 1}},
		{"nothing", "", "", requestTimeout, 0, watch.Deliveries{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inner, r := serveInMemory(t, 10)
				client := inner.dial()
				defer func() {
					_ = client.Close()
					time.Sleep(2 * time.Second) // until nothing is sent any longer
				}()
				began := time.Now()
				go func() {
					_, err := io.WriteString(client, c.sent)
					for err == nil && c.drip != "" {
						time.Sleep(time.Second)
						_, err = io.WriteString(client, c.drip)
					}
				}()
				response, err := http.ReadResponse(bufio.NewReader(client), nil)
				status := 0
				if err == nil {
					status = response.StatusCode
					_ = response.Body.Close()
				}
				_, _ = io.Copy(io.Discard, client) // until the server closes the connection
				if status != c.status {
					t.Errorf("status %d, want %d", status, c.status)
				}
				if took := time.Since(began); took > c.within+time.Second {
					t.Errorf("the connection was open for %v", took)
				}
				synctest.Wait()
				if r.Counts() != c.counts {
					t.Errorf("counts: %v, want %v", r.Counts(), c.counts)
				}
			})
		})
	}
}

// Slow clients cannot keep the service out for long.
func TestServerBoundsConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner, r := serveInMemory(t, 3)
		for range 5 {
			client := inner.dial()
			go func() {
				_, _ = io.WriteString(client, "POST /")
				_, _ = io.Copy(io.Discard, client)
			}()
		}
		synctest.Wait()
		if got := r.Counts().Overflowed; got != 2 {
			t.Errorf("%d connections were refused, want 2", got)
		}
		time.Sleep(headerTimeout + time.Second)
		client := inner.dial()
		go func() {
			_, _ = io.WriteString(client, "POST /"+testSecret+" HTTP/1.1\r\nHost: x\r\nContent-Length: 14\r\n\r\n"+`{"run_id":"a"}`)
		}()
		response, err := http.ReadResponse(bufio.NewReader(client), nil)
		if err != nil || response.StatusCode != http.StatusNoContent {
			t.Fatalf("a delivery after the slow clients: %v", err)
		}
		_ = response.Body.Close()
		_ = client.Close()
		synctest.Wait()
		if want := (watch.Deliveries{Received: 1, Slow: 3, Overflowed: 2}); r.Counts() != want {
			t.Errorf("counts: %v, want %v", r.Counts(), want)
		}
	})
}

func TestListenPrefersTheLoopbackInterface(t *testing.T) {
	for _, c := range []struct {
		address string
		public  bool
	}{
		{":0", false}, {"127.0.0.1:0", false}, {"localhost:0", false}, {"0.0.0.0:0", true},
	} {
		s, err := Listen(t.Context(), newReceiver(t), ServerOptions{Address: c.address})
		if err != nil {
			t.Fatal(err)
		}
		if s.IsPublic() != c.public || strings.Contains(s.URL(), "[::]") {
			t.Errorf("%s: listens on %s", c.address, s.URL())
		}
		s.Close(t.Context())
	}
	for _, o := range []ServerOptions{
		{Address: "8080"}, {Address: ":0", CertFile: "cert.pem"}, {Address: ":0", KeyFile: "key.pem"}, {Address: ":0", CertFile: "none", KeyFile: "none"},
	} {
		if s, err := Listen(t.Context(), newReceiver(t), o); err == nil {
			s.Close(context.Background())
			t.Errorf("%+v: no error", o)
		}
	}
}

// certificate writes a certificate for the loopback interface and its key to files.
func certificate(t *testing.T) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(parsed)
	return certFile, keyFile, roots
}

func TestServerSpeaksTLS(t *testing.T) {
	certFile, keyFile, roots := certificate(t)
	r := newReceiver(t)
	s, err := Listen(t.Context(), r, ServerOptions{Address: ":0", CertFile: certFile, KeyFile: keyFile})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error)
	go func() { served <- s.Serve() }()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}}
	post := func(url string) (int, error) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/"+testSecret, strings.NewReader(goodBody))
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			return 0, err
		}
		return response.StatusCode, response.Body.Close()
	}
	if status, err := post(s.URL()); err != nil || status != http.StatusNoContent {
		t.Errorf("status %d, %v", status, err)
	}
	if status, err := post(strings.Replace(s.URL(), "https", "http", 1)); err == nil && status != http.StatusBadRequest {
		t.Errorf("without TLS: status %d", status)
	}
	s.Close(t.Context())
	if err := <-served; err != nil {
		t.Errorf("Serve returned %v", err)
	}
	if got := r.Counts(); got.Received != 1 || got.Malformed != 1 {
		t.Errorf("counts: %v", got)
	}
}
