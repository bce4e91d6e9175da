package api

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sbwatch/model/run"
)

const (
	testKey    = "wsg_live_0123456789abcdefghijABCDEFGHIJ12"
	testRun    = "k7Xb9dRmQ2p"
	testRecipe = "m3Yc2tFvN8q"
)

// testNow is the current time for the clients in tests.
func testNow() time.Time { return time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC) }

func newTestClient(t *testing.T, baseURL string) *Client {
	t.Helper()
	client, err := New(Options{BaseURL: baseURL, Key: testKey, UserAgent: "sbwatch/test", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.polling.CloseIdleConnections()
		client.dispatching.CloseIdleConnections()
	})
	return client
}

// serve starts a server with the given handler, and returns a client of it.
func serve(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newTestClient(t, server.URL+"/v1")
}

// transportFunc is a transport that calls a function.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func newTransportClient(t *testing.T, transport http.RoundTripper) *Client {
	t.Helper()
	client, err := New(Options{Key: testKey, Transport: transport, Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// respond creates a response for a transportFunc.
func respond(r *http.Request, status int, header http.Header, content io.Reader) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(content), ContentLength: -1, Request: r,
	}
}

// problemOf returns err as a problem. It fails the test if err is not a problem.
func problemOf(t *testing.T, err error) *run.Problem {
	t.Helper()
	problem, ok := errors.AsType[*run.Problem](err)
	if !ok {
		t.Fatalf("error is %T (%v), want a *run.Problem", err, err)
	}
	if strings.Contains(problem.Error(), testKey) {
		t.Errorf("the key is in the error: %v", problem)
	}
	return problem
}

func pollOnce(t *testing.T, client *Client) (run.Answer, error) {
	t.Helper()
	return client.Poll(t.Context(), testRun, nil)
}

func TestRequestsAreWellMade(t *testing.T) {
	tests := []struct {
		name   string
		call   func(context.Context, *Client) error
		method string
		uri    string
	}{
		{"poll", func(ctx context.Context, c *Client) error { _, err := c.Poll(ctx, testRun, nil); return err }, "GET", "/v1/smartbrowse/runs/" + testRun},
		{"dispatch", func(ctx context.Context, c *Client) error { _, err := c.Dispatch(ctx, testRecipe); return err }, "POST", "/v1/smartbrowse/recipes/" + testRecipe + "/run"},
		{"usage", func(ctx context.Context, c *Client) error { _, err := c.Usage(ctx); return err }, "GET", "/v1/smartbrowse/usage"},
		{"an id with a slash", func(ctx context.Context, c *Client) error { _, err := c.Poll(ctx, "a/../b?c#d%2F e", nil); return err }, "GET", "/v1/smartbrowse/runs/a%2F..%2Fb%3Fc%23d%252F%20e"},
		{"an id that climbs", func(ctx context.Context, c *Client) error { _, err := c.Dispatch(ctx, ".."); return err }, "POST", "/v1/smartbrowse/recipes/%2E%2E/run"},
		{"an id with a line break", func(ctx context.Context, c *Client) error { _, err := c.Poll(ctx, "a\r\nX-Evil: 1", nil); return err }, "GET", "/v1/smartbrowse/runs/a%0D%0AX-Evil:%201"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got *http.Request
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				got = r
				_, _ = io.WriteString(w, `{"status":"completed","data":{"run_id":"r"}}`)
			})
			if err := test.call(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			if got.Method != test.method || got.RequestURI != test.uri {
				t.Errorf("sent %s %s, want %s %s", got.Method, got.RequestURI, test.method, test.uri)
			}
			for name, want := range map[string]string{
				"X-API-Key": testKey, "Accept": "application/json", "User-Agent": "sbwatch/test", "Content-Type": "",
			} {
				if sent := got.Header.Get(name); sent != want {
					t.Errorf("%s: sent %q, want %q", name, sent, want)
				}
			}
			if got.ContentLength != 0 || len(got.TransferEncoding) != 0 {
				t.Errorf("sent a body of %d bytes, transfer encoding %v", got.ContentLength, got.TransferEncoding)
			}
			if _, declared := got.Header["Content-Length"]; test.method == http.MethodPost && !declared {
				t.Error("POST without Content-Length: 0")
			}
		})
	}
}

func TestNoIDNoRequest(t *testing.T) {
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	_, err := client.Poll(t.Context(), "", nil)
	if problem := problemOf(t, err); problem.Kind != run.ProblemInput {
		t.Errorf("poll: %v", problem)
	}
	_, err = client.Dispatch(t.Context(), "")
	if problem := problemOf(t, err); problem.Kind != run.ProblemInput {
		t.Errorf("dispatch: %v", problem)
	}
}

func TestAnswersMayBeCompressed(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("compression was not asked for")
		}
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		_, _ = io.WriteString(packed, `{"data":{"id":"r1"}}`)
		_ = packed.Close()
	})
	answer, err := pollOnce(t, client)
	if err != nil || answer.Run.ID.Raw() != "r1" {
		t.Errorf("%v, %v", answer.Run.ID, err)
	}
}
