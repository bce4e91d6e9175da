package emulator

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sbwatch/internal/inmemory"
)

// kindOf names the kind of an answer of the flaky recipe, as the client sees it.
func kindOf(status int, header http.Header, body []byte, err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut"
	case err != nil:
		return err.Error()
	case strings.HasPrefix(header.Get("Content-Type"), "text/html"):
		return "html"
	case status == http.StatusTooManyRequests && header.Get("Retry-After") == "1":
		return "429 after 1"
	case strings.HasPrefix(string(body), `{"error":"`):
		return "plain " + http.StatusText(status)
	}
	return http.StatusText(status)
}

// TestFlakyPolls checks that every second poll meets a fault, over a network as well as in memory.
func TestFlakyPolls(t *testing.T) {
	want := strings.Join([]string{
		"OK", "429 after 1", "OK", "Too Many Requests", "OK", "Internal Server Error", "OK", "Bad Gateway", "OK", "cut", "OK", "html",
		"OK", "plain Service Unavailable", "OK", "429 after 1",
	}, ", ")
	var passed atomic.Int64
	start := time.Now()
	s := newSession(t, Options{Now: func() time.Time { return start.Add(time.Duration(passed.Load())) }})
	server := httptest.NewServer(s.emulator)
	defer server.Close()
	clients := map[string]*http.Client{
		"http://emulator.test": {Transport: inmemory.Transport(s.emulator)},
		server.URL:             server.Client(),
	}
	for base, client := range clients {
		runID := s.dispatch("flaky000001")
		passed.Add(int64(time.Hour)) // the run has then ended, so truncated answers are long
		var got []string
		for range 16 {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/v1/smartbrowse/runs/"+runID, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("X-API-Key", ExampleKey)
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			got = append(got, kindOf(response.StatusCode, response.Header, body, err))
		}
		if seen := strings.Join(got, ", "); seen != want {
			t.Errorf("%s\n got %s\nwant %s", base, seen, want)
		}
	}
}
