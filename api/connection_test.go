package api

import (
	"bufio"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sbwatch/model/run"
)

// rawServer starts a server that handles its connections byte by byte. It reads a request and then calls speak with the
// connection and its number, starting at 1. If speak returns false, the server closes the connection.
func rawServer(t *testing.T, speak func(conn net.Conn, n int64) bool) (address string, requests *atomic.Int64) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	requests = &atomic.Int64{}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				for incoming := bufio.NewReader(conn); ; {
					if _, err := http.ReadRequest(incoming); err != nil {
						return
					}
					if !speak(conn, requests.Add(1)) {
						return
					}
				}
			}()
		}
	}()
	return listener.Addr().String(), requests
}

// say writes a complete answer and leaves the connection open.
func say(conn net.Conn, status, content string) {
	_, _ = io.WriteString(conn, "HTTP/1.1 "+status+"\r\nContent-Length: "+strconv.Itoa(len(content))+"\r\n\r\n"+content)
}

// resetOnClose makes the client see a reset when the connection is closed.
func resetOnClose(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

func TestConnectionThatDiesUnderADispatch(t *testing.T) {
	tests := []struct {
		name  string
		says  string
		speak func(net.Conn)
	}{
		{"closed without an answer", "lost before the answer (connection closed)", func(net.Conn) {}},
		{"reset without an answer", "lost before the answer (connection", func(conn net.Conn) {
			resetOnClose(conn)
		}},
		{"closed within the first lines", "lost before the answer (connection closed)", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 202 Acc")
		}},
		{"an answer that is no HTTP", "is not valid HTTP", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "220 mail.example ESMTP\r\n")
		}},
		{"closed within the body", "the answer was cut short", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{\"status\":")
		}},
		{"too many first lines", "is not valid HTTP", func(conn net.Conn) {
			padding := strings.Repeat("X-A: "+strings.Repeat("a", 1024)+"\r\n", 2*maxHeaderBytes/1024)
			say(conn, "202 Accepted\r\n"+strings.TrimSpace(padding), `{"data":{"run_id":"r1"}}`)
			_, _ = io.Copy(io.Discard, conn) // if the connection were closed at once, unread data would cause a reset
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// The poll leaves an open connection behind. net/http repeats some requests if such a connection breaks.
			address, requests := rawServer(t, func(conn net.Conn, n int64) bool {
				if n == 1 {
					say(conn, "200 OK", `{"data":{}}`)
					return true
				}
				test.speak(conn)
				return false
			})
			client := newTestClient(t, "http://"+address)
			if _, err := pollOnce(t, client); err != nil {
				t.Fatal(err)
			}
			_, err := client.Dispatch(t.Context(), testRecipe)
			problem := problemOf(t, err)
			if !problem.MayHaveStarted() || problem.NeverArrived() {
				t.Errorf("kind %d: a run may have started: %v", problem.Kind, problem)
			}
			if !strings.Contains(problem.Summary.Raw(), test.says) {
				t.Errorf("does not say %q: %v", test.says, problem)
			}
			if n := requests.Load(); n != 2 {
				t.Errorf("the dispatch was sent %d times", n-1)
			}
		})
	}
}

// TestDispatchHasAConnectionOfItsOwn checks that a dispatch does not use an open connection, which may be dead already.
// Otherwise it would be unclear whether the dispatch arrived.
func TestDispatchHasAConnectionOfItsOwn(t *testing.T) {
	var mutex sync.Mutex
	used := map[string]int{}
	address, _ := rawServer(t, func(conn net.Conn, _ int64) bool {
		mutex.Lock()
		used[conn.RemoteAddr().String()]++
		mutex.Unlock()
		say(conn, "200 OK", `{"data":{"run_id":"r1"}}`)
		return true
	})
	client := newTestClient(t, "http://"+address)
	for range 2 {
		if _, err := client.Dispatch(t.Context(), testRecipe); err != nil {
			t.Fatal(err)
		}
		if _, err := pollOnce(t, client); err != nil {
			t.Fatal(err)
		}
	}
	mutex.Lock()
	defer mutex.Unlock()
	if len(used) != 3 {
		t.Errorf("requests by connection: %v; want each dispatch alone, and the polls together", used)
	}
}

func TestNoConnection(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	_ = listener.Close()

	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	plainHost := strings.TrimPrefix(plain.URL, "http://")

	hangUp, _ := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	defer func() { _ = hangUp.Close() }()
	go func() {
		for {
			conn, err := hangUp.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()

	tests := []struct{ name, base, summary string }{
		{"refused", "http://" + closed, "no connection to " + closed + " (connection refused)"},
		{"plain HTTP where TLS is expected", "https://" + plainHost, "no connection to " + plainHost + " (it does not speak TLS)"},
		{"closed within the TLS handshake", "https://" + hangUp.Addr().String(), "no connection to " + hangUp.Addr().String() + " ("},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := newTestClient(t, test.base).Dispatch(t.Context(), testRecipe)
			problem := problemOf(t, err)
			if problem.Kind != run.ProblemNoConnection || !problem.NeverArrived() || !strings.HasPrefix(problem.Summary.Raw(), test.summary) {
				t.Errorf("kind %d: %v", problem.Kind, problem)
			}
		})
	}
}

func TestCertificateThatIsNotValid(t *testing.T) {
	var requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, err := newTestClient(t, server.URL).Dispatch(t.Context(), testRecipe)
	problem := problemOf(t, err)
	if problem.Kind != run.ProblemUnsafe || problem.Passing() || !strings.Contains(problem.Summary.Raw(), "does not trust") {
		t.Errorf("kind %d: %v", problem.Kind, problem)
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// TestWhatATransportSays checks the problems for the errors of a custom transport. The client cannot observe the
// connections of such a transport.
func TestWhatATransportSays(t *testing.T) {
	tests := []struct {
		name string
		err  error
		kind run.ProblemKind
		says string
	}{
		{"a name that is not found", &net.DNSError{Name: "x", IsNotFound: true}, run.ProblemNoConnection, "no host of that name"},
		{"a lookup that took too long", &net.DNSError{Name: "x", IsTimeout: true}, run.ProblemNoConnection, "took too long"},
		{"a dial that failed", &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("x")}, run.ProblemNoConnection, "it failed"},
		{"a proxy that is not there", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: io.EOF}, run.ProblemNoConnection, "the proxy: connection closed"},
		{"a proxy with a wrong name", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.DNSError{Name: "x", IsNotFound: true}}, run.ProblemNoConnection, "the proxy: no host of that name"},
		{"a read that failed", &net.OpError{Op: "read", Net: "tcp", Err: errors.New("x")}, run.ProblemLost, "lost before the answer"},
		{"anything else", errors.New("\x1b[31mwhatever"), run.ProblemLost, "it failed"},
	}
	for _, test := range tests {
		client := newTransportClient(t, transportFunc(func(*http.Request) (*http.Response, error) { return nil, test.err }))
		_, err := client.Dispatch(t.Context(), testRecipe)
		problem := problemOf(t, err)
		if problem.Kind != test.kind || !strings.Contains(problem.Summary.Raw(), test.says) {
			t.Errorf("%s: kind %d: %v", test.name, problem.Kind, problem)
		}
	}
}

func TestProxyThatRefuses(t *testing.T) {
	transport := newTransport(defaultLimits())
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-API-Key") != "" {
			t.Error("the proxy got the key")
		}
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer proxy.Close()
	address, err := http.NewRequestWithContext(t.Context(), http.MethodGet, proxy.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	transport.Proxy = http.ProxyURL(address.URL)
	client := newTestClient(t, "https://api.webscrape.ai/v1")
	client.polling.Transport = transport
	_, err = pollOnce(t, client)
	problem := problemOf(t, err)
	if problem.Kind != run.ProblemNoConnection || !strings.Contains(problem.Summary.Raw(), "the proxy answered 407") {
		t.Errorf("kind %d: %v", problem.Kind, problem)
	}
}

func TestSilence(t *testing.T) {
	address, _ := rawServer(t, func(net.Conn, int64) bool {
		<-t.Context().Done()
		return false
	})
	client := newTestClient(t, "http://"+address)
	client.dispatching.Transport = newDispatchTransport(limits{connect: time.Second, header: 10 * time.Millisecond})
	_, err := client.Dispatch(t.Context(), testRecipe)
	problem := problemOf(t, err)
	if problem.Kind != run.ProblemLost || !strings.Contains(problem.Summary.Raw(), "in time") {
		t.Errorf("kind %d: %v", problem.Kind, problem)
	}
}

func TestBodyThatBreaks(t *testing.T) {
	tests := []struct {
		name  string
		speak func(net.Conn)
		kind  run.ProblemKind
		says  string
	}{
		{"short of its length", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":{")
		}, run.ProblemMalformed, "cut short"},
		{"short of its last chunk", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"data\":{\r\n")
		}, run.ProblemMalformed, "cut short"},
		{"closed without a length", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":{")
		}, run.ProblemMalformed, "cut short"},
		{"reset", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":{")
			resetOnClose(conn)
		}, run.ProblemLost, "connection reset"},
		{"not gzip, as announced", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n{\"data\":{}} ")
		}, run.ProblemMalformed, "the compressed answer is damaged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			address, _ := rawServer(t, func(conn net.Conn, _ int64) bool {
				test.speak(conn)
				return false
			})
			_, err := pollOnce(t, newTestClient(t, "http://"+address))
			problem := problemOf(t, err)
			if problem.Kind != test.kind || !strings.Contains(problem.Summary.Raw(), test.says) || !problem.Passing() {
				t.Errorf("kind %d: %v", problem.Kind, problem)
			}
		})
	}
}
