package emulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/internal/inmemory"
	"sbwatch/model/optional"
)

// serve serves an emulator on a local port. A request must arrive within 200 ms.
func serve(t *testing.T, options Options) (address string, e *Emulator) {
	t.Helper()
	e, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	inner, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		Handler: e, ErrorLog: log.New(io.Discard, "", 0), ReadTimeout: 200 * time.Millisecond, MaxHeaderBytes: 8 << 10,
		DisableGeneralOptionsHandler: true,
	}
	go func() { _ = server.Serve(e.Listener(inner)) }()
	t.Cleanup(func() { _ = server.Close() })
	return inner.Addr().String(), e
}

// exchange sends raw bytes and returns the responses. It stops when the server closes the connection or has sent n
// responses.
func exchange(t *testing.T, address, request string, n int) []response {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(conn, request) }()
	var responses []response
	for reader := bufio.NewReader(conn); len(responses) < n; {
		got, err := http.ReadResponse(reader, nil)
		if err != nil {
			return responses
		}
		body, err := io.ReadAll(got.Body)
		_ = got.Body.Close()
		responses = append(responses, response{status: got.StatusCode, header: got.Header, body: body, err: err})
	}
	return responses
}

// checkEnvelope checks that a response is an error envelope with a request id.
func checkEnvelope(t *testing.T, got response) {
	t.Helper()
	var envelope struct {
		Status    string
		Error     struct{ Code, Message string }
		RequestID string `json:"request_id"`
	}
	if err := json.Unmarshal(got.body, &envelope); err != nil || got.err != nil {
		t.Fatalf("HTTP %d: %v, %v in %q", got.status, err, got.err, got.body)
	}
	id := got.header.Get("X-Request-ID")
	if envelope.Status != "error" || envelope.Error.Code != codeInvalidRequest || envelope.Error.Message == "" ||
		id != envelope.RequestID || !regexp.MustCompile(`^req_[0-9A-Za-z]{8}$`).MatchString(id) ||
		got.header.Get("Content-Type") != "application/json" || got.header.Get("Date") == "" {
		t.Errorf("HTTP %d, %v: %s", got.status, got.header, got.body)
	}
}

// TestMalformedRequestsGetAnEnvelope sends requests that net/http answers without calling a handler, and requests with
// a body. None of them may start a run.
func TestMalformedRequestsGetAnEnvelope(t *testing.T) {
	t.Parallel()
	const (
		dispatch = "POST /v1/smartbrowse/recipes/catalogue01/run HTTP/1.1\r\nHost: x\r\nX-API-Key: " + ExampleKey + "\r\n"
		usage    = "GET /v1/smartbrowse/usage HTTP/1.1\r\nX-API-Key: " + ExampleKey + "\r\n"
	)
	tests := map[string]struct {
		request string
		status  int
	}{
		"a malformed escape":         {"GET /v1/smartbrowse/runs/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		"an unfinished escape":       {"GET /v1/smartbrowse/runs/a% HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		"not HTTP":                   {"hello\r\n\r\n", 400},
		"TLS":                        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n", 400},
		"no host":                    {usage + "\r\n", 400},
		"two hosts":                  {usage + "Host: a\r\nHost: b\r\n\r\n", 400},
		"a malformed host":           {usage + "Host: a b\r\n\r\n", 400},
		"a control character":        {"GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		"a malformed header":         {usage + "Host: x\r\nno colon\r\n\r\n", 400},
		"a space in a header's name": {usage + "Host: x\r\nX Y: 1\r\n\r\n", 400},
		"a malformed length":         {dispatch + "Content-Length: many\r\n\r\n", 400},
		"two lengths":                {dispatch + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
		"huge headers":               {usage + "Host: x\r\nX-Huge: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", 431},
		"a huge path":                {"GET /v1/" + strings.Repeat("x", 64<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n", 431},
		"another version":            {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505},
		"another encoding":           {dispatch + "Transfer-Encoding: gzip\r\n\r\n", 501},
		"another expectation":        {dispatch + "Expect: miracles\r\n\r\n", 417},
		"a header that never ends":   {usage + "Host: x\r\n", 408},
		"half a line":                {"GET /v1/smart", 408},
		"a body that never comes":    {dispatch + "Content-Length: 10\r\n\r\n", 408},
		"half a body":                {dispatch + "Content-Length: 10\r\n\r\n{", 408},
		"a body that never ends":     {dispatch + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 408},
		"a malformed chunk":          {dispatch + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
		"a large body to come":       {dispatch + "Content-Length: 65537\r\n\r\n", 413},
		"a large body":               {dispatch + "Content-Length: 100000\r\n\r\n" + strings.Repeat("x", 100_000), 413},
		"a huge body":                {dispatch + "Content-Length: 99999999999\r\n\r\n" + strings.Repeat("x", 100_000), 413},
		"a large body in chunks":     {dispatch + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("4000\r\n"+strings.Repeat("x", 0x4000)+"\r\n", 5), 413},
		"a large body announced":     {dispatch + "Expect: 100-continue\r\nContent-Length: 100000\r\n\r\n", 413},
		"a large body of a poll":     {usage + "Host: x\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 100_000), 413},
	}
	address, e := serve(t, Options{})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			responses := exchange(t, address, test.request, 2)
			if len(responses) != 1 {
				t.Fatalf("%d responses, want 1: %v", len(responses), responses)
			}
			if responses[0].status != test.status {
				t.Errorf("HTTP %d, want %d", responses[0].status, test.status)
			}
			checkEnvelope(t, responses[0])
		})
	}
	t.Cleanup(func() {
		if len(e.runs) > 0 {
			t.Errorf("%d runs were started", len(e.runs))
		}
	})
}

// TestConnectionsStayUsable sends several valid requests on one connection.
func TestConnectionsStayUsable(t *testing.T) {
	t.Parallel()
	address, _ := serve(t, Options{Latency: 300 * time.Millisecond}) // longer than the time limit for reading a request
	const key = "Host: x\r\nX-API-Key: " + ExampleKey + "\r\n"
	responses := exchange(t, address,
		"GET /v1/smartbrowse/usage HTTP/1.1\r\n"+key+"\r\n"+
			"POST /v1/smartbrowse/recipes/empty000001/run HTTP/1.1\r\n"+key+"Content-Length: 2\r\n\r\n{}"+
			"OPTIONS * HTTP/1.1\r\n"+key+"\r\n"+
			"GET /v1/smartbrowse/runs/k7Xb9dRmQ2p HTTP/1.1\r\n"+key+"Connection: close\r\n\r\n", 5)
	got := []int{}
	for _, r := range responses {
		got = append(got, r.status)
	}
	if len(got) != 4 || got[0] != 200 || got[1] != 202 || got[2] != 404 || got[3] != 200 || !bytes.Contains(responses[3].body, []byte("Product CI")) {
		t.Errorf("got %v", got)
	}
}

// TestSilentConnectionsGetNoAnswer connects and sends nothing.
func TestSilentConnectionsGetNoAnswer(t *testing.T) {
	t.Parallel()
	address, _ := serve(t, Options{})
	if responses := exchange(t, address, "", 1); len(responses) > 0 {
		t.Errorf("got %v", responses)
	}
}

// TestLatency measures answers under a fake clock.
func TestLatency(t *testing.T) {
	took := func(options Options) []time.Duration {
		var all []time.Duration
		bubble(t, options, func(_ *testing.T, s *session) {
			for range 20 {
				start := time.Now()
				s.do(http.MethodGet, "/v1/smartbrowse/usage")
				all = append(all, time.Since(start))
			}
		})
		return all
	}
	for _, d := range took(Options{Latency: 200 * time.Millisecond}) {
		if d != 200*time.Millisecond {
			t.Errorf("without jitter: %v", d)
		}
	}
	jitter := Options{Latency: 200 * time.Millisecond, Jitter: 100 * time.Millisecond, Seed: 1}
	one, again := took(jitter), took(jitter)
	jitter.Seed = 2
	other := took(jitter)
	lowest, highest, differ := one[0], one[0], false
	for i, d := range one {
		lowest, highest, differ = min(lowest, d), max(highest, d), differ || d != other[i]
		if d != again[i] {
			t.Errorf("request %d took %v and %v with the same seed", i, d, again[i])
		}
	}
	if lowest < 200*time.Millisecond || highest > 300*time.Millisecond || highest-lowest < 50*time.Millisecond || !differ {
		t.Errorf("from %v to %v, other with another seed: %v", lowest, highest, differ)
	}
}

// TestLatencyMeetsMaxConcurrent sends several requests at the same time.
func TestLatencyMeetsMaxConcurrent(t *testing.T) {
	bubble(t, Options{Latency: time.Second, MaxConcurrent: optional.Some(3)}, func(t *testing.T, s *session) {
		statuses := make(chan int, 5)
		for range 5 {
			go func() { statuses <- s.do(http.MethodGet, "/v1/smartbrowse/usage").status }()
		}
		synctest.Wait()
		counts := map[int]int{}
		for range 5 {
			counts[<-statuses]++
		}
		if counts[200] != 3 || counts[429] != 2 {
			t.Errorf("got %v", counts)
		}
		if got := s.do(http.MethodGet, "/v1/smartbrowse/usage").status; got != http.StatusOK {
			t.Errorf("afterwards: HTTP %d", got)
		}
	})
}

// TestLargeBodyInMemory sends a large body to a handler that has no connection.
func TestLargeBodyInMemory(t *testing.T) {
	s := newSession(t, Options{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		"http://emulator.test/v1/smartbrowse/recipes/catalogue01/run", strings.NewReader(strings.Repeat("x", maxRequestBody+1)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-API-Key", ExampleKey)
	got, err := inmemory.Transport(s.emulator).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusRequestEntityTooLarge || len(s.emulator.runs) > 0 {
		t.Errorf("HTTP %d, %d runs", got.StatusCode, len(s.emulator.runs))
	}
}
