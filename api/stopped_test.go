package api

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/model/run"
)

// readerFunc is an io.Reader that calls a function.
type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestCallerStops(t *testing.T) {
	tests := []struct {
		name string
		// answer is the text that the server sends before it stops responding. It may be empty.
		answer string
	}{
		{"before the answer", ""},
		{"within the answer", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":{"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			address, _ := rawServer(t, func(conn net.Conn, _ int64) bool {
				_, _ = io.WriteString(conn, test.answer)
				cancel()
				<-t.Context().Done()
				return false
			})
			client := newTestClient(t, "http://"+address)
			_, err := client.Dispatch(ctx, testRecipe)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v, want context.Canceled", err)
			}
			if problem := problemOf(t, err); !problem.MayHaveStarted() {
				t.Errorf("the dispatch had arrived: %v", problem)
			}
		})
	}
}

func TestCallerStopsWithinAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader("<html>"), readerFunc(func([]byte) (int, error) {
			cancel()
			return 0, r.Context().Err()
		}))
		return respond(r, http.StatusBadGateway, nil, body), nil
	}))
	if _, err := client.Poll(ctx, testRun, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestCallerStoppedBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	_, err := client.Dispatch(ctx, testRecipe)
	if problem := problemOf(t, err); !errors.Is(err, context.Canceled) || !problem.NeverArrived() {
		t.Errorf("%v", problem)
	}
}

func TestDeadlineOfTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := client.Poll(ctx, testRun, nil)
		if problem := problemOf(t, err); !errors.Is(err, context.DeadlineExceeded) || problem.Kind != run.ProblemLost {
			t.Errorf("%v", problem)
		}
	})
}
