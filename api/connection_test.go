package api

import (
	"bufio"
	"context"
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
	"testing/synctest"
	"time"

	"sbwatch/model"
)

// rawServer speaks to each connection by hand: speak is given the connection after a request was read from it, and its
// number, from 1. The connection is closed when speak returns false.
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

// say writes a whole answer that leaves the connection open.
func say(conn net.Conn, status, content string) {
	_, _ = io.WriteString(conn, "HTTP/1.1 "+status+"\r\nContent-Length: "+strconv.Itoa(len(content))+"\r\n\r\n"+content)
}

// resetOnClose makes the end of a connection a reset.
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
		{"an answer that is no HTTP", "is not proper HTTP", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "220 mail.example ESMTP\r\n")
		}},
		{"closed within the body", "the answer was cut short", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{\"status\":")
		}},
		{"too many first lines", "is not proper HTTP", func(conn net.Conn) {
			padding := strings.Repeat("X-A: "+strings.Repeat("a", 1024)+"\r\n", 2*maxHeaderBytes/1024)
			say(conn, "202 Accepted\r\n"+strings.TrimSpace(padding), `{"data":{"run_id":"r1"}}`)
			_, _ = io.Copy(io.Discard, conn) // closing at once would reset the connection under what is unread
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// A poll first, so that a connection is kept: net/http repeats some requests that die on such a one.
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

// A kept connection may have died unseen, which would leave a dispatch in doubt that never arrived.
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
			if problem.Kind != model.ProblemNoConnection || !problem.NeverArrived() || !strings.HasPrefix(problem.Summary.Raw(), test.summary) {
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
	if problem.Kind != model.ProblemUnsafe || problem.Passing() || !strings.Contains(problem.Summary.Raw(), "does not trust") {
		t.Errorf("kind %d: %v", problem.Kind, problem)
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Of a transport that is not the client's own, only what the error itself says is believed.
func TestWhatATransportSays(t *testing.T) {
	tests := []struct {
		name string
		err  error
		kind model.ProblemKind
		says string
	}{
		{"a name that is not found", &net.DNSError{Name: "x", IsNotFound: true}, model.ProblemNoConnection, "no host of that name"},
		{"a lookup that took too long", &net.DNSError{Name: "x", IsTimeout: true}, model.ProblemNoConnection, "took too long"},
		{"a dial that failed", &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("x")}, model.ProblemNoConnection, "it failed"},
		{"a proxy that is not there", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: io.EOF}, model.ProblemNoConnection, "the proxy: connection closed"},
		{"a read that failed", &net.OpError{Op: "read", Net: "tcp", Err: errors.New("x")}, model.ProblemLost, "lost before the answer"},
		{"anything else", errors.New("\x1b[31mwhatever"), model.ProblemLost, "it failed"},
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
	transport := newTransport(patience())
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
	if problem.Kind != model.ProblemNoConnection || !strings.Contains(problem.Summary.Raw(), "the proxy answered 407") {
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
	if problem.Kind != model.ProblemLost || !strings.Contains(problem.Summary.Raw(), "in time") {
		t.Errorf("kind %d: %v", problem.Kind, problem)
	}
}

// trickle gives so many bytes after each pause, one unless told, and then nothing until the request ends.
type trickle struct {
	ctx   context.Context
	bytes string
	pause time.Duration
	most  int
}

func (r *trickle) Read(p []byte) (int, error) {
	pause := time.After(r.pause)
	if r.bytes == "" {
		pause = nil
	}
	select {
	case <-pause:
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
	n := copy(p[:min(len(p), max(1, r.most))], r.bytes)
	r.bytes = r.bytes[n:]
	return n, nil
}

func TestBodyThatStopsComing(t *testing.T) {
	poll := func(ctx context.Context, c *Client) error { return second(c.Poll(ctx, testRun, nil)) }
	dispatch := func(ctx context.Context, c *Client) error { return second(c.Dispatch(ctx, testRecipe)) }
	usage := func(ctx context.Context, c *Client) error { return second(c.Usage(ctx)) }
	tests := []struct {
		name   string
		call   func(context.Context, *Client) error
		status int
		bytes  string
		pause  time.Duration
		says   string
		took   time.Duration
	}{
		{"a poll, silence", poll, 200, `{"data":`, 3 * time.Second, "nothing for 30 s", 54 * time.Second},
		{"a poll, a byte now and then", poll, 200, strings.Repeat(" ", 1000), 29 * time.Second, "too slowly", time.Minute},
		{"a poll, a byte a second", poll, 200, `{"data":{"log":"` + strings.Repeat("x", 1000), time.Second, "too slowly", time.Minute},
		{"a dispatch, silence", dispatch, 202, "", 0, "nothing for 30 s", 30 * time.Second},
		{"a dispatch, a byte now and then", dispatch, 202, `{"data":{"run_id":"r1"}}`, 29 * time.Second, "too slowly", 30 * time.Second},
		{"usage, a byte a second", usage, 200, `{"data":{"log":"` + strings.Repeat("x", 1000), time.Second, "too slowly", 30 * time.Second},
		{"an error of a poll", poll, 502, strings.Repeat("x", 1000), time.Second, "HTTP 502", 30 * time.Second},
		{"an error of a dispatch", dispatch, 503, `{"error":`, time.Second, "HTTP 503", 30 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
					return respond(r, test.status, nil, &trickle{ctx: r.Context(), bytes: test.bytes, pause: test.pause}), nil
				}))
				began := time.Now()
				err := test.call(t.Context(), client)
				problem := problemOf(t, err)
				if kind := model.ProblemLost; test.status < 300 && problem.Kind != kind || !problem.Passing() || errors.Is(err, context.Canceled) {
					t.Errorf("kind %d: %v", problem.Kind, problem)
				}
				if !strings.Contains(problem.Summary.Raw(), test.says) {
					t.Errorf("does not say %q: %v", test.says, problem)
				}
				if took := time.Since(began); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
			})
		})
	}
}

// A large result over a thin line is no fault, nor is a reader that takes its time.
func TestSlowResultIsReadToItsEnd(t *testing.T) {
	const items = 100_000
	body := string(manyItems(items))
	synctest.Test(t, func(t *testing.T) {
		client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
			slow := &trickle{ctx: r.Context(), bytes: body, pause: 29 * time.Second, most: 60 << 10}
			return respond(r, http.StatusOK, nil, io.LimitReader(slow, int64(len(body)))), nil
		}))
		told := 0
		answer, err := client.Poll(t.Context(), testRun, func(model.Items) {
			if told++; told%100 == 0 {
				time.Sleep(5 * time.Minute)
			}
		})
		if err != nil || answer.Items.Len() != items || told < 100 {
			t.Errorf("%d items, told %d times, %v", answer.Items.Len(), told, err)
		}
	})
}

func TestWhiteSpaceWithoutEnd(t *testing.T) {
	for name, begin := range map[string]string{"leading": "", "within": `{"data":`, "trailing": `{"data":{"run_id":null}}`} {
		client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
			return respond(r, http.StatusOK, nil, io.MultiReader(strings.NewReader(begin), again(" \n"))), nil
		}))
		for call, err := range map[string]error{
			"poll":     second(client.Poll(t.Context(), testRun, nil)),
			"dispatch": second(client.Dispatch(t.Context(), testRecipe)),
			"usage":    second(client.Usage(t.Context())),
		} {
			if problem := problemOf(t, err); problem.Kind != model.ProblemMalformed || !strings.Contains(problem.Summary.Raw(), "more than 1 MiB") {
				t.Errorf("%s, %s: kind %d: %v", name, call, problem.Kind, problem)
			}
		}
	}
}

func TestBodyThatBreaks(t *testing.T) {
	tests := []struct {
		name  string
		speak func(net.Conn)
		kind  model.ProblemKind
		says  string
	}{
		{"short of its length", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":{")
		}, model.ProblemMalformed, "cut short"},
		{"short of its last chunk", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"data\":{\r\n")
		}, model.ProblemMalformed, "cut short"},
		{"closed without a length", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":{")
		}, model.ProblemMalformed, "cut short"},
		{"reset", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":{")
			resetOnClose(conn)
		}, model.ProblemLost, "connection reset"},
		{"not gzip, as announced", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n{\"data\":{}} ")
		}, model.ProblemMalformed, "compression is broken"},
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

// What is too large for this program is not called broken.
func TestAnswersThatAreTooLarge(t *testing.T) {
	beside := transportFunc(func(r *http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader(`{"data":{"log":"`), io.LimitReader(again("x"), maxSkeleton), strings.NewReader(`"}}`))
		return respond(r, http.StatusOK, nil, body), nil
	})
	client := newTransportClient(t, beside)
	_, poll := pollOnce(t, client)
	_, usage := client.Usage(t.Context())
	answer := &reply{arrival: arrival{ctx: t.Context()}, body: newBody(io.NopCloser(strings.NewReader("")), resultPace(), func(error) {})}
	item := answer.broken(&placedError{cause: model.ErrItemTooLarge})
	for want, err := range map[string]error{
		"the answer is too large: more than 64 MiB beside the items": poll,
		"the answer is too large: more than 1 MiB":                   usage,
		"the answer is too large: an item is larger than 1 GiB":      item,
	} {
		problem := problemOf(t, err)
		if problem.Kind != model.ProblemMalformed || problem.Summary.Raw() != want {
			t.Errorf("kind %d: %v, want %q", problem.Kind, problem, want)
		}
	}
}
