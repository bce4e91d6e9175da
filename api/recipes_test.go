package api

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

func TestDispatch(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"status":"queued","request_id":"req_1","data":{"run_id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q",
			"run_status":"running","poll_url":"/v1/smartbrowse/runs/k7Xb9dRmQ2p","created_at":"2026-05-21T12:00:00Z"}}`)
	})
	got, err := client.Dispatch(t.Context(), testRecipe)
	want := run.Dispatch{
		RunID: text.NewText(testRun), RecipeID: text.NewText(testRecipe),
		CreatedAt: time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC), RequestID: text.NewText("req_1"),
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDispatchFindsTheRunID(t *testing.T) {
	tests := []struct{ data, want string }{
		{`{"run_id":"r1"}`, "r1"},
		{`{"run_id":null,"poll_url":"/v1/smartbrowse/runs/r%322"}`, "r22"},
		{`{"poll_url":"https://api.webscrape.ai/v1/smartbrowse/runs/r3"}`, "r3"},
		{`{"poll_url":"/v1/smartbrowse/runs/r3/more"}`, ""},
		{`{"poll_url":"/v1/elsewhere"}`, ""},
		{`{}`, ""},
	}
	for _, test := range tests {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			_, _ = io.WriteString(w, `{"status":"queued","data":`+test.data+`}`)
		})
		got, err := client.Dispatch(t.Context(), testRecipe)
		if got.RunID.Raw() != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: %q, %v", test.data, got.RunID.Raw(), err)
		}
		if err != nil {
			if problem := problemOf(t, err); !problem.MayHaveStarted() || problem.HTTPStatus != http.StatusAccepted {
				t.Errorf("%s: %v", test.data, problem)
			}
		}
	}
}

// TestAdviceAfterADispatch checks that the next step is never to try again if a run may have been started.
func TestAdviceAfterADispatch(t *testing.T) {
	tests := []struct {
		status     int
		body       string
		mayHaveRun bool
		again      bool
	}{
		{500, `{"error":{"code":"internal_error"}}`, true, false},
		{502, `<html>`, true, false},
		{202, `<html>`, true, false},
		{202, `{"status":"queued","da`, true, false},
		{202, ``, true, false},
		{408, ``, true, false},
		{429, `{"error":{"code":"rate_limited"}}`, false, true},
		{429, `{"error":{"code":"rate_limited","details":{"reason":"sb_runs_per_month"}}}`, false, false},
		{402, `{"error":{"code":"insufficient_credits"}}`, false, false},
		{404, `{"error":{"code":"not_found"}}`, false, false},
		// If the status leaves open whether a run was started, the code does not change that.
		{202, `{"status":"error","error":{"code":"rate_limited"}}`, true, false},
		{202, `{"status":"error","error":{"code":"insufficient_credits"}}`, true, false},
		{200, `{"error":"slow down"}`, true, false},
		{500, `{"error":{"code":"not_found"}}`, true, false},
		{502, `{"error":{"code":"rate_limited"}}`, true, false},
		{503, `{"error":{"code":"rate_limited","details":{"reason":"sb_runs_per_month"}}}`, true, false},
		{504, `{"error":{"code":"conflict"}}`, true, false},
		{500, `{"error":{"code":"unauthorized"}}`, true, false},
		{408, `{"error":{"code":"invalid_request"}}`, true, false},
		// The dispatch was refused, but the status does not allow a retry.
		{403, `{"error":{"code":"rate_limited"}}`, false, false},
		{401, `{"error":{"code":"rate_limited"}}`, false, false},
		{429, `{"error":{"code":"not_found"}}`, false, false},
		{429, `{"error":{"code":"internal_error"}}`, true, false},
	}
	for _, test := range tests {
		var requests atomic.Int64
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			requests.Add(1)
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, test.body)
		})
		_, err := client.Dispatch(t.Context(), testRecipe)
		problem := problemOf(t, err)
		if problem.MayHaveStarted() != test.mayHaveRun || problem.NeverArrived() != test.again {
			t.Errorf("%d %s: may have started %v, never arrived %v: %v", test.status, test.body, problem.MayHaveStarted(), problem.NeverArrived(), problem)
		}
		if warned := problem.NextStep.Raw() == mayHaveStarted; warned != test.mayHaveRun {
			t.Errorf("%d %s: next step %q", test.status, test.body, problem.NextStep)
		}
		if !strings.HasPrefix(problem.Error(), "recipe "+testRecipe+": ") {
			t.Errorf("does not name the recipe: %v", problem)
		}
		if n := requests.Load(); n != 1 {
			t.Errorf("%d %s: %d requests", test.status, test.body, n)
		}
	}
}

// TestDispatchRefusedByACodeAlone checks that the code and the message of the service are shown even if the status
// contradicts them.
func TestDispatchRefusedByACodeAlone(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, `{"error":{"code":"rate_limited","message":"Slow down"},"request_id":"req_1"}`)
	})
	_, err := client.Dispatch(t.Context(), testRecipe)
	const want = "recipe m3Yc2tFvN8q: Slow down (rate_limited, HTTP 502, req_1): " + mayHaveStarted
	if got := problemOf(t, err).Error(); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestDispatchKeepsTheRunIDOfABadAnswer checks that an invalid answer with a run id is accepted, because the run can be
// watched.
func TestDispatchKeepsTheRunIDOfABadAnswer(t *testing.T) {
	const started = `"request_id":"req_1","data":{"run_id":"r1"}`
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"an error of success", 202, `{"status":"error","error":{"code":"rate_limited"},` + started + `}`, "r1"},
		{"an error of the service", 500, ` {"error":{"code":"internal_error"},` + started + `}`, "r1"},
		{"a gateway's word around it", 504, `{"message":"timeout",` + started + `}`, "r1"},
		{"rate limited", 429, `{"error":{"code":"rate_limited"},` + started + `}`, "r1"},
		{"cut behind the id", 202, `{"status":"queued",` + started + `,"credits`, "r1"},
		{"cut within the id", 202, `{"status":"queued","data":{"run_id":"r1`, ""},
		{"cut within its data", 502, `{"request_id":"req_1","data":{"run_id":"r1","recipe_`, "r1"},
		{"invalid JSON", 202, `{"status":"queued",` + started + `}}}`, "r1"},
		{"too large", 202, `{"status":"queued",` + started + `,"log":"` + strings.Repeat("x", maxSmallAnswer) + `"}`, "r1"},
		{"surely refused", 404, `{"error":{"code":"not_found"},` + started + `}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			})
			got, err := client.Dispatch(t.Context(), testRecipe)
			if got.RunID.Raw() != test.want || (err == nil) != (test.want != "") {
				t.Errorf("%q, %v", got.RunID.Raw(), err)
			}
			if err == nil && got.RequestID.Raw() != "req_1" {
				t.Errorf("request id %q", got.RequestID.Raw())
			}
		})
	}
}

func TestNoSuchRecipe(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"error":{"code":"not_found"}}`)
	})
	_, err := client.Dispatch(t.Context(), "zzzzzzzzzzz")
	const want = "recipe zzzzzzzzzzz: no such recipe (not_found, HTTP 404): check the id, and which account the key belongs to"
	if got := problemOf(t, err).Error(); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
