package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/internal/streams"
	"sbwatch/model/item"
	"sbwatch/model/run"
)

// trickle is a reader that returns limit bytes, or one byte if limit is 0, after each pause. After the last byte, it
// blocks until the request ends.
type trickle struct {
	ctx   context.Context
	bytes string
	pause time.Duration
	limit int
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
	n := copy(p[:min(len(p), max(1, r.limit))], r.bytes)
	r.bytes = r.bytes[n:]
	return n, nil
}

func TestBodyThatStopsComing(t *testing.T) {
	poll := func(ctx context.Context, c *Client) error { return errorOf(c.Poll(ctx, testRun, nil)) }
	dispatch := func(ctx context.Context, c *Client) error { return errorOf(c.Dispatch(ctx, testRecipe)) }
	usage := func(ctx context.Context, c *Client) error { return errorOf(c.Usage(ctx)) }
	tests := []struct {
		name   string
		call   func(context.Context, *Client) error
		status int
		bytes  string
		pause  time.Duration
		says   string
		took   time.Duration
	}{
		{"a poll, silence", poll, 200, `{"data":`, 3 * time.Second, "no data for 30 s", 54 * time.Second},
		{"a poll, a byte now and then", poll, 200, strings.Repeat(" ", 1000), 29 * time.Second, "too slowly", time.Minute},
		{"a poll, a byte a second", poll, 200, `{"data":{"log":"` + strings.Repeat("x", 1000), time.Second, "too slowly", time.Minute},
		{"a dispatch, silence", dispatch, 202, "", 0, "no data for 30 s", 30 * time.Second},
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
				if kind := run.ProblemLost; test.status < 300 && problem.Kind != kind || !problem.Passing() || errors.Is(err, context.Canceled) {
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

// TestSlowResultIsReadToItsEnd checks that neither a slow connection nor a slow caller is an error.
func TestSlowResultIsReadToItsEnd(t *testing.T) {
	const items = 10_000
	body := string(streams.Answer(items))
	synctest.Test(t, func(t *testing.T) {
		client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
			slow := &trickle{ctx: r.Context(), bytes: body, pause: 29 * time.Second, limit: 60 << 10}
			return respond(r, http.StatusOK, nil, io.LimitReader(slow, int64(len(body)))), nil
		}))
		told := 0
		answer, err := client.Poll(t.Context(), testRun, func(item.Table) {
			if told++; told%10 == 0 {
				time.Sleep(5 * time.Minute)
			}
		})
		if err != nil || answer.Items.Len() != items || told < 20 {
			t.Errorf("%d items, told %d times, %v", answer.Items.Len(), told, err)
		}
	})
}

func TestWhiteSpaceWithoutEnd(t *testing.T) {
	for name, begin := range map[string]string{"leading": "", "within": `{"data":`, "trailing": `{"data":{"run_id":null}}`} {
		client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
			return respond(r, http.StatusOK, nil, io.MultiReader(strings.NewReader(begin), streams.Repeat(" \n"))), nil
		}))
		for call, err := range map[string]error{
			"poll":     errorOf(client.Poll(t.Context(), testRun, nil)),
			"dispatch": errorOf(client.Dispatch(t.Context(), testRecipe)),
			"usage":    errorOf(client.Usage(t.Context())),
		} {
			if problem := problemOf(t, err); problem.Kind != run.ProblemMalformed || !strings.Contains(problem.Summary.Raw(), "more than 1 MiB") {
				t.Errorf("%s, %s: kind %d: %v", name, call, problem.Kind, problem)
			}
		}
	}
}

// TestAnswersThatAreTooLarge checks that an answer that is too large is not reported as broken.
func TestAnswersThatAreTooLarge(t *testing.T) {
	client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
		return respond(r, http.StatusOK, nil, io.MultiReader(strings.NewReader(`{"data":{"log":"`), streams.Repeat("x"))), nil
	}))
	_, usage := client.Usage(t.Context())
	problem := problemOf(t, usage)
	if want := "the answer is too large: more than 1 MiB"; problem.Kind != run.ProblemMalformed || problem.Summary.Raw() != want {
		t.Errorf("kind %d: %v, want %q", problem.Kind, problem, want)
	}
}
