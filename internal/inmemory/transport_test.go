package inmemory

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// received is a response whose body has not been read yet.
type received struct {
	header http.Header
	length int64
	body   io.ReadCloser
}

// get sends a request to handler through the result of [Transport].
func get(ctx context.Context, t *testing.T, method string, handler http.HandlerFunc) (received, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, method, "http://emulator.test/path?q=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := Transport(handler).RoundTrip(request)
	if err != nil {
		return received{}, err
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return received{header: response.Header, length: response.ContentLength, body: response.Body}, nil
}

// TestTransportEnds checks that a body ends for the client as it would over a network.
func TestTransportEnds(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		body    string
		want    error
	}{
		{"nothing written", func(http.ResponseWriter, *http.Request) {}, "", nil},
		{"whole", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "whole") }, "whole", nil},
		{"of the declared length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5")
			_, _ = io.WriteString(w, "whole")
		}, "whole", nil},
		{"shorter than declared", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "half")
		}, "half", io.ErrUnexpectedEOF},
		{"longer than declared", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "2")
			if _, err := io.WriteString(w, "too long"); !errors.Is(err, http.ErrContentLength) {
				panic(err)
			}
			_, _ = io.WriteString(w, "ok")
		}, "ok", nil},
		{"aborted", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}, "half", io.ErrUnexpectedEOF},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				response, err := get(t.Context(), t, http.MethodGet, test.handler)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(response.body)
				if string(body) != test.body || !errors.Is(err, test.want) {
					t.Errorf("%q, %v", body, err)
				}
			})
		})
	}
}

func TestTransportFailsBeforeTheHeader(t *testing.T) {
	_, err := get(t.Context(), t, http.MethodGet, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("aborted handler: %v", err)
	}
	_, err = get(t.Context(), t, http.MethodGet, func(http.ResponseWriter, *http.Request) { panic("a mistake") })
	if err == nil || !strings.Contains(err.Error(), "GET /path panicked: a mistake") {
		t.Errorf("panicking handler: %v", err)
	}
}

// TestTransportStreams checks that the first piece arrives long before the last one is written.
func TestTransportStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		response, err := get(t.Context(), t, http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "first")
			time.Sleep(time.Hour)
			_, _ = io.WriteString(w, "last")
		})
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 5)
		if _, err := io.ReadFull(response.body, first); err != nil || time.Since(start) != 0 {
			t.Errorf("%q after %v, %v", first, time.Since(start), err)
		}
		if rest, err := io.ReadAll(response.body); string(rest) != "last" || err != nil || time.Since(start) != time.Hour {
			t.Errorf("%q after %v, %v", rest, time.Since(start), err)
		}
	})
}

// TestTransportCancellation checks that the end of the request's context ends the wait for the header, the body, and
// the handler.
func TestTransportCancellation(t *testing.T) {
	for _, early := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			handlerEnded := false
			response, err := get(ctx, t, http.MethodGet, func(w http.ResponseWriter, r *http.Request) {
				if !early {
					_, _ = io.WriteString(w, "first")
				}
				<-r.Context().Done()
				handlerEnded = true
			})
			if !early {
				if err != nil {
					t.Fatal(err)
				}
				_, err = io.ReadAll(response.body)
			}
			synctest.Wait()
			if !errors.Is(err, context.DeadlineExceeded) || !handlerEnded {
				t.Errorf("before the header: %v: %v, handler ended: %v", early, err, handlerEnded)
			}
		})
	}
}

// TestTransportClosedBody checks that closing a body early does not block the handler.
func TestTransportClosedBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var writeErr error
		response, err := get(t.Context(), t, http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
			for writeErr == nil {
				_, writeErr = io.WriteString(w, "more")
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = response.body.Close()
		synctest.Wait()
		if writeErr == nil {
			t.Error("the handler did not notice")
		}
	})
}

func TestTransportHead(t *testing.T) {
	response, err := get(t.Context(), t, http.MethodHead, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "5")
		w.Header().Set("X-Path", r.RequestURI+" "+r.Host)
		_, _ = io.WriteString(w, "whole")
	})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.body)
	if len(body) != 0 || err != nil || response.length != 5 || response.header.Get("X-Path") != "/path?q=1 emulator.test" {
		t.Errorf("%q, %v, %d, %v", body, err, response.length, response.header)
	}
}
