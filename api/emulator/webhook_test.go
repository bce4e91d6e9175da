package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// posted is a request that a webhook has received.
type posted struct {
	at     time.Duration
	body   string
	header http.Header
}

// hook is the transport of a webhook. It answers each request with the next of the given statuses, and further requests
// with the last one. The status 0 breaks the connection, and -1 sends no answer.
type hook struct {
	began    time.Time
	statuses []int

	mu  sync.Mutex
	got []posted
}

func (h *hook) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	h.got = append(h.got, posted{time.Since(h.began), string(body), r.Header})
	status := h.statuses[min(len(h.got), len(h.statuses))-1]
	h.mu.Unlock()
	switch status {
	case 0:
		return nil, errors.New("connection refused")
	case -1:
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{"Location": {"/elsewhere"}}, Request: r}, nil
}

// deliverIn runs an emulator with a webhook for some time, after the function test has dispatched runs. It returns the
// posted requests and the logged messages.
func deliverIn(t *testing.T, h *hook, duration time.Duration, test func(s *session)) ([]posted, []string) {
	t.Helper()
	h.began = time.Now()
	var log []string
	s := newSession(t, Options{Speed: 10, Webhook: &Webhook{
		URL: "http://receiver.test/secretpath", Header: http.Header{"X-Webhook-Secret": {"s"}}, Transport: h,
		Log: func(message string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			log = append(log, message)
		},
	}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.emulator.Deliver(ctx)
	}()
	test(s)
	time.Sleep(duration)
	cancel()
	<-done
	return h.got, log
}

func TestDeliversTheEndsOfRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ids []string
		got, log := deliverIn(t, &hook{statuses: []int{204}}, time.Minute, func(s *session) {
			for _, recipe := range []string{SampleRecipeID, "failing0001", "cancelled01"} {
				ids = append(ids, s.dispatch(recipe))
			}
		})
		if len(got) != 3 || len(log) > 0 {
			t.Fatalf("%d deliveries, log %q", len(got), log)
		}
		for i, want := range []struct {
			after time.Duration
			run   string
			words []string
			none  []string
		}{
			{3 * time.Second, ids[2], []string{`"event":"cancelled"`, `"status":"cancelled"`, `"error":"force-stopped`, `"credits_used":0`}, []string{"drift", "warnings"}},
			{3700 * time.Millisecond, ids[1], []string{`"event":"failed"`, `"pages_extracted":3`, `"items_extracted":61`, `"error":"page 4`}, []string{"mode"}},
			{9 * time.Second, ids[0], []string{`"event":"completed"`, `"pages_extracted":3`, `"items_extracted":87`, `"drift":0.02`, `"mode":"replay"`, `"warnings":[]`}, []string{"error", "pages\""}},
		} {
			if got[i].at != want.after || !strings.Contains(got[i].body, `"run_id":"`+want.run+`"`) {
				t.Errorf("delivery %d after %v: %s", i, got[i].at, got[i].body)
			}
			for _, word := range want.words {
				if !strings.Contains(got[i].body, word) {
					t.Errorf("no %s in %s", word, got[i].body)
				}
			}
			for _, word := range want.none {
				if strings.Contains(got[i].body, `"`+word) {
					t.Errorf("%s in %s", word, got[i].body)
				}
			}
			if header := fmt.Sprint(got[i].header); strings.Contains(header, "wsg_live_") || got[i].header.Get("X-Webhook-Secret") != "s" ||
				got[i].header.Get("Content-Type") != "application/json" {
				t.Errorf("header %v", header)
			}
		}
	})
}

func TestDeliveryIsRetried(t *testing.T) {
	for _, c := range []struct {
		statuses []int
		pauses   string // seconds between the tries
		log      string // expected text in the last message
	}{
		{[]int{200}, "[]", ""},
		{[]int{503, 204}, "[1]", "next try"},
		{[]int{0, 500, 429, 202}, "[1 2 4]", "next try"},
		{[]int{-1, 204}, "[6]", "next try"},
		{[]int{404}, "[]", "delivery abandoned after 1 of 6 tries: status 404"},
		{[]int{302}, "[]", "status 302"},
		{[]int{500}, "[1 2 4 8 16]", "delivery abandoned after 6 of 6 tries: status 500"},
	} {
		synctest.Test(t, func(t *testing.T) {
			got, log := deliverIn(t, &hook{statuses: c.statuses}, 2*time.Minute, func(s *session) { s.dispatch(SampleRecipeID) })
			pauses := []float64{}
			for i := 1; i < len(got); i++ {
				pauses = append(pauses, (got[i].at - got[i-1].at).Seconds())
				if got[i].body != got[0].body {
					t.Errorf("a retry differs: %s, %s", got[i].body, got[0].body)
				}
			}
			if fmt.Sprint(pauses) != c.pauses {
				t.Errorf("statuses %v: pauses %v, want %s", c.statuses, pauses, c.pauses)
			}
			if last := strings.Join(log[max(0, len(log)-1):], ""); !strings.Contains(last, c.log) || c.log == "" && last != "" {
				t.Errorf("statuses %v: log %q", c.statuses, log)
			}
			if slices.ContainsFunc(log, func(m string) bool { return strings.Contains(m, "secretpath") }) {
				t.Errorf("the secret is in %q", log)
			}
		})
	}
}

func TestWebhookURLIsChecked(t *testing.T) {
	for _, address := range []string{"", "localhost:8081", "ftp://host/secretpath", "http://", "http://host:secretpath"} {
		_, err := New(Options{Webhook: &Webhook{URL: address}})
		if err == nil || strings.Contains(err.Error(), "secretpath") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
