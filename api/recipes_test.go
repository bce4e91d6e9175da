package api

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sbwatch/model"
)

func TestDispatch(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"status":"queued","request_id":"req_1","data":{"run_id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q",
			"run_status":"running","poll_url":"/v1/smartbrowse/runs/k7Xb9dRmQ2p","created_at":"2026-05-21T12:00:00Z"}}`)
	})
	got, err := client.Dispatch(t.Context(), testRecipe)
	want := model.Dispatch{
		RunID: model.NewText(testRun), RecipeID: model.NewText(testRecipe),
		CreatedAt: time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC), RequestID: model.NewText("req_1"),
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

// After an answer that leaves in doubt whether a run was started, the advice must never be to try again.
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

func TestNoSuchRecipe(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"error":{"code":"not_found"}}`)
	})
	_, err := client.Dispatch(t.Context(), "zzzzzzzzzzz")
	const want = "recipe zzzzzzzzzzz: no such recipe (not_found, HTTP 404): check the id and whose key it is"
	if got := problemOf(t, err).Error(); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
