package webhook

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sbwatch/model/watch"
)

const (
	testSecret = "f3b1c5d7a9e84c6b8a90"
	goodBody   = `{"event":"completed","timestamp":"2026-05-21T12:01:30Z","run_id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","status":"completed",` +
		`"pages_extracted":3,"items_extracted":87,"credits_used":6,"mode":"replay","drift":0.02,"warnings":[],"error":""}`
)

func newReceiver(t *testing.T) *Receiver {
	t.Helper()
	r, err := New(Options{Secret: testSecret})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// brokenBody is a body whose sender goes away.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReceiverAcceptsOnlyDeliveriesWithTheSecret(t *testing.T) {
	good := func() io.Reader { return strings.NewReader(goodBody) }
	inPath := "/" + testSecret
	received, forged, malformed := watch.Deliveries{Received: 1}, watch.Deliveries{Forged: 1}, watch.Deliveries{Malformed: 1}
	for _, c := range []struct {
		name, method, target, header string
		body                         io.Reader
		status                       int
		counts                       watch.Deliveries
	}{
		{"path", "POST", inPath, "", good(), 204, received},
		{"path after a proxy's prefix", "POST", "/hooks/sbwatch" + inPath, "", good(), 204, received},
		{"escaped path", "POST", "/%66" + testSecret[1:], "", good(), 204, received},
		{"header", "POST", "/", testSecret, good(), 204, received},
		{"header, wrong path", "POST", "/other", testSecret, good(), 204, received},
		{"query is ignored", "POST", inPath + "?a=b", "", good(), 204, received},
		{"no secret", "POST", "/", "", good(), 404, forged},
		{"only in the query", "POST", "/?secret=" + testSecret, "", good(), 404, forged},
		{"wrong secret", "POST", "/" + strings.Repeat("x", len(testSecret)), "", good(), 404, forged},
		{"first character missing", "POST", "/" + testSecret[1:], "", good(), 404, forged},
		{"last character missing", "POST", inPath[:len(inPath)-1], "", good(), 404, forged},
		{"longer", "POST", inPath + "x", "", good(), 404, forged},
		{"after other characters", "POST", "/x" + testSecret, "", good(), 404, forged},
		{"slash at the end", "POST", inPath + "/", "", good(), 404, forged},
		{"other case", "POST", strings.ToUpper(inPath), "", good(), 404, forged},
		{"header with more", "POST", "/", testSecret + " ", good(), 404, forged},
		{"forged and huge", "POST", "/", "", strings.NewReader(strings.Repeat("x", 1<<20)), 404, forged},
		{"forged GET", "GET", "/", "", nil, 404, forged},
		{"GET", "GET", inPath, "", nil, 405, malformed},
		{"empty", "POST", inPath, "", strings.NewReader(""), 400, malformed},
		{"not JSON", "POST", inPath, "", strings.NewReader("run_id=k7Xb9dRmQ2p"), 400, malformed},
		{"cut", "POST", inPath, "", strings.NewReader(goodBody[:80]), 400, malformed},
		{"two values", "POST", inPath, "", strings.NewReader(goodBody + goodBody), 400, malformed},
		{"a list", "POST", inPath, "", strings.NewReader("[" + goodBody + "]"), 400, malformed},
		{"no run", "POST", inPath, "", strings.NewReader(`{"event":"completed"}`), 400, malformed},
		{"null run", "POST", inPath, "", strings.NewReader(`{"run_id":null}`), 400, malformed},
		{"run is a number", "POST", inPath, "", strings.NewReader(`{"run_id":7}`), 400, malformed},
		{"run is too long", "POST", inPath, "", strings.NewReader(`{"run_id":"` + strings.Repeat("x", 5000) + `"}`), 400, malformed},
		{"deeply nested", "POST", inPath, "", strings.NewReader(strings.Repeat(`{"a":`, 40_000)), 400, malformed},
		{"connection broke", "POST", inPath, "", brokenBody{}, 400, malformed},
		{"too large", "POST", inPath, "", strings.NewReader(`{"run_id":"a","x":"` + strings.Repeat("x", 256<<10) + `"}`), 413, watch.Deliveries{TooLarge: 1}},
		{"only a run", "POST", inPath, "", strings.NewReader(`{"run_id":"a"}`), 204, received},
		{"wrong types", "POST", inPath, "", strings.NewReader(`{"run_id":"a","event":1,"drift":"x","warnings":{},"pages_extracted":-1}`), 204, received},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newReceiver(t)
			request := httptest.NewRequestWithContext(t.Context(), c.method, c.target, c.body)
			if c.header != "" {
				request.Header.Set("x-webhook-secret", c.header)
			}
			answer := httptest.NewRecorder()
			r.ServeHTTP(answer, request)
			if answer.Code != c.status {
				t.Errorf("status %d, want %d", answer.Code, c.status)
			}
			if r.Counts() != c.counts {
				t.Errorf("counts: %v, want %v", r.Counts(), c.counts)
			}
			if answer.Body.Len() > 0 {
				t.Errorf("the answer tells something: %s", answer.Body)
			}
			if waiting := len(r.deliveries); waiting != int(c.counts.Received) {
				t.Errorf("%d deliveries wait, want %d", waiting, c.counts.Received)
			}
		})
	}
}

func TestReceiverPassesDeliveriesOn(t *testing.T) {
	r := newReceiver(t)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+testSecret, strings.NewReader(goodBody))
	r.ServeHTTP(httptest.NewRecorder(), request)
	got, err := r.Next(t.Context())
	if err != nil || got.RunID.Raw() != "k7Xb9dRmQ2p" || got.StatusText().Raw() != "completed" || got.Items.Or(0) != 87 || got.Drift.Or(0) != 0.02 ||
		got.Timestamp.IsZero() || !got.Warnings.Known() {
		t.Errorf("got %+v, %v", got, err)
	}
}

// A receiver whose deliveries nobody reads refuses further deliveries, so that the service sends them again later.
func TestReceiverKeepsABoundedNumberOfDeliveries(t *testing.T) {
	r := newReceiver(t)
	status := 0
	for range maxWaiting + 1 {
		answer := httptest.NewRecorder()
		r.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+testSecret, strings.NewReader(goodBody)))
		status = answer.Code
	}
	if want := (watch.Deliveries{Received: maxWaiting, Overflowed: 1}); status != http.StatusServiceUnavailable || r.Counts() != want {
		t.Errorf("status %d, counts %v", status, r.Counts())
	}
}

func TestReceiverNeverTellsTheSecret(t *testing.T) {
	r := newReceiver(t)
	if text := fmt.Sprintf("%v %+v %#v", r, r, r); strings.Contains(text, testSecret) {
		t.Error("a formatted receiver contains the secret")
	}
	_, err := New(Options{Secret: "short " + testSecret})
	if err == nil || strings.Contains(err.Error(), testSecret) {
		t.Errorf("error %v", err)
	}
}

func TestCheckSecret(t *testing.T) {
	for _, c := range []struct {
		secret string
		valid  bool
	}{
		{testSecret, true},
		{"c2VjcmV0LXNlY3JldC1zZWNyZXQ+/w==", true}, // base64
		{"", false},
		{"0123456789abcde", false},
		{"0123456789abcdef", true},
		{strings.Repeat("x", 513), false},
		{"0123456789 abcdef", false},
		{"0123456789\nabcdef", false},
		{"0123456789äabcdef", false},
		{"0123456789?abcdef", false},
		{"0123456789#abcdef", false},
		{"0123456789%61bcdef", false},
		{"0123456789//abcdef", false},
		{"0123456789/../abcdef", false},
		{"/0123456789abcdef", false},
		{"0123456789abcdef/", false},
	} {
		if err := CheckSecret(c.secret); (err == nil) != c.valid {
			t.Errorf("%q: %v", c.secret, err)
		}
	}
}
