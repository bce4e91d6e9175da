package api

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sbwatch/api/wire"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// fault is an answer that is an error, and the problem that is expected for it.
type fault struct {
	name   string
	status int
	body   string
	kind   run.ProblemKind
	line   string // expected error of a poll, complete
}

func documentedFaults() []fault {
	const id = `,"request_id":"req_aB3xY9Kp"}`
	refuse := func(code, message, details string) string {
		return `{"status":"error","error":{"code":"` + code + `","message":"` + message + `"` + details + `}` + id
	}
	const r = "run " + testRun + ": "
	return []fault{
		{
			"invalid_request", 400, refuse("invalid_request", "bad id", ""), run.ProblemRefused,
			r + "the request is invalid: bad id (invalid_request, HTTP 400, req_aB3xY9Kp): check the id",
		},
		{
			"unauthorized", 401, refuse("unauthorized", "Invalid API key", ""), run.ProblemKey,
			r + "the API key was refused: Invalid API key (unauthorized, HTTP 401, req_aB3xY9Kp): check the key, or make a new one in the service's dashboard",
		},
		{
			"insufficient_credits", 402, refuse("insufficient_credits", "", `,"details":{"balance":2,"required":5}`), run.ProblemCredits,
			r + "out of credits: 2 left, 5 needed (insufficient_credits, HTTP 402, req_aB3xY9Kp): buy credits, or wait until the plan renews them",
		},
		{
			"insufficient_credits without details", 402, refuse("insufficient_credits", "", `,"details":null`), run.ProblemCredits,
			r + "out of credits (insufficient_credits, HTTP 402, req_aB3xY9Kp): buy credits, or wait until the plan renews them",
		},
		{
			"email_verification_required", 402, refuse("email_verification_required", "", ""), run.ProblemRefused,
			r + "the account's email address is not verified (email_verification_required, HTTP 402, req_aB3xY9Kp): open the link in the service's email, then try again",
		},
		{
			"forbidden", 403, refuse("forbidden", "", ""), run.ProblemRefused,
			r + "the API key does not allow this (forbidden, HTTP 403, req_aB3xY9Kp): check which account the key belongs to, and what its plan allows",
		},
		{
			"not_found", 404, refuse("not_found", "No such run", ""), run.ProblemRefused,
			r + "no such run (not_found, HTTP 404, req_aB3xY9Kp): check the id, and which account the key belongs to",
		},
		{
			"conflict", 409, refuse("conflict", "recipe is being edited", ""), run.ProblemRefused,
			r + "the request conflicts with the state of the run: recipe is being edited (conflict, HTTP 409, req_aB3xY9Kp): look at the run in the service's dashboard",
		},
		{
			"account_deletion_pending", 409, refuse("account_deletion_pending", "", `,"details":{"deletion_scheduled_for":"2026-06-01T08:30:00+02:00"}`), run.ProblemRefused,
			r + "the account will be deleted on 1 June 2026, 06:30 UTC (account_deletion_pending, HTTP 409, req_aB3xY9Kp): to keep the account, cancel its deletion in the service's dashboard",
		},
		{
			"validation_failed", 422, refuse("validation_failed", "id: too short", ""), run.ProblemRefused,
			r + "the request failed validation: id: too short (validation_failed, HTTP 422, req_aB3xY9Kp): check the id",
		},
		{
			"rate limited by the minute", 429, refuse("rate_limited", "", `,"details":{"reason":"rate_limit_per_min","limit_per_min":60}`), run.ProblemRateLimited,
			r + "rate limited (60 a minute) (rate_limited, HTTP 429, req_aB3xY9Kp): try again later",
		},
		{
			"too many at once", 429, refuse("rate_limited", "", `,"details":{"reason":"max_concurrent_requests","max_concurrent":2}`), run.ProblemRateLimited,
			r + "too many requests at once (2 allowed) (rate_limited, HTTP 429, req_aB3xY9Kp): try again later",
		},
		{
			"monthly quota", 429, refuse("rate_limited", "", `,"details":{"reason":"sb_runs_per_month","used":50,"limit":50,"window":"30d"}`), run.ProblemQuota,
			r + "monthly quota of runs used up (50 of 50 in 30 days) (rate_limited, HTTP 429, req_aB3xY9Kp): wait until older runs no longer count toward the quota, or choose a larger plan",
		},
		{
			"monthly quota without numbers", 429, refuse("rate_limited", "", `,"details":{"reason":"sb_runs_per_month","used":null}`), run.ProblemQuota,
			r + "monthly quota of runs used up (rate_limited, HTTP 429, req_aB3xY9Kp): wait until older runs no longer count toward the quota, or choose a larger plan",
		},
		{
			"a reason of a newer kind", 429, refuse("rate_limited", "", `,"details":{"reason":"moon_phase"}`), run.ProblemRateLimited,
			r + "rate limited (moon_phase) (rate_limited, HTTP 429, req_aB3xY9Kp): try again later",
		},
		{
			"internal_error", 500, refuse("internal_error", "", ""), run.ProblemService,
			r + "server error (internal_error, HTTP 500, req_aB3xY9Kp): try again later",
		},
		{
			"service_unavailable", 502, refuse("service_unavailable", "", ""), run.ProblemService,
			r + "the service is temporarily unavailable (service_unavailable, HTTP 502, req_aB3xY9Kp): try again later",
		},
		{
			"a code of a newer kind, refused", 403, refuse("plan_expired", "Your plan has expired", ""), run.ProblemRefused,
			r + "Your plan has expired (plan_expired, HTTP 403, req_aB3xY9Kp)",
		},
		{
			"a code of a newer kind, passing", 503, refuse("deploying", "", ""), run.ProblemService,
			r + "the service returned an error without a message (deploying, HTTP 503, req_aB3xY9Kp): try again later",
		},
		{
			"an error in an answer of success", 200, refuse("not_found", "", ""), run.ProblemRefused,
			r + "no such run (not_found, HTTP 200, req_aB3xY9Kp): check the id, and which account the key belongs to",
		},
	}
}

func undocumentedFaults() []fault {
	const r = "run " + testRun + ": "
	return []fault{
		{
			"plain error", 401, `{"error":"Invalid API key"}`, run.ProblemKey,
			r + "the API key was refused: Invalid API key (HTTP 401): check the key, or make a new one in the service's dashboard",
		},
		{
			"plain error of success", 200, `{"error":"Invalid API key"}`, run.ProblemService,
			r + "Invalid API key (HTTP 200): try again later",
		},
		{"a gateway's message", 403, `{"message":"Forbidden"}`, run.ProblemRefused, r + "Forbidden (HTTP 403)"},
		{
			"an error beside data", 200, `{"status":"error","data":{"id":"r"},"error":{"code":"not_found"}}`, run.ProblemRefused,
			r + "no such run (not_found, HTTP 200): check the id, and which account the key belongs to",
		},
		{
			"error null", 500, `{"status":"error","error":null,"request_id":null}`, run.ProblemService,
			r + "the service returned an error without a message (HTTP 500): try again later",
		},
		{
			"fields of other types", 404, `{"status":1,"error":{"code":404,"message":[],"details":"d"},"request_id":7}`, run.ProblemRefused,
			r + "no such run (HTTP 404): check the id, and which account the key belongs to, and the base URL",
		},
		{
			"HTML", 502, "\n<!DOCTYPE html><h1>Bad Gateway</h1>", run.ProblemService,
			r + "HTTP 502 with an HTML page, probably from a proxy (HTTP 502): try again later",
		},
		{
			"HTML, unauthorized", 401, "<html>", run.ProblemRefused,
			r + "HTTP 401 with an HTML page, probably from a proxy (HTTP 401): check the base URL, and any proxy in between",
		},
		{
			"HTML, rate limited", 429, "<html>", run.ProblemRateLimited,
			r + "HTTP 429 with an HTML page, probably from a proxy (HTTP 429): try again later",
		},
		{
			"HTML of success", 200, " <html>Log in</html>", run.ProblemMalformed,
			r + "HTTP 200 with an HTML page, probably from a proxy (HTTP 200): try again later",
		},
		{"empty", 503, "", run.ProblemService, r + "HTTP 503 with an empty answer: Service Unavailable (HTTP 503): try again later"},
		{"empty of success", 200, " \n", run.ProblemMalformed, r + "HTTP 200 with an empty answer (HTTP 200): try again later"},
		{"no content", 204, "", run.ProblemMalformed, r + "HTTP 204 with an empty answer (HTTP 204): try again later"},
		{
			"cut", 500, `{"status":"error","error":{"code":"internal_er`, run.ProblemService,
			r + `HTTP 500 with an answer cut short: {"status":"error","error":{"code":"internal_er (HTTP 500): try again later`,
		},
		{
			"cut of success", 200, `{"status":"completed","data":{"id":"k7X`, run.ProblemMalformed,
			r + "the answer was cut short (HTTP 200): try again later",
		},
		{
			"text", 503, "upstream connect error\n", run.ProblemService,
			r + "HTTP 503 with an answer that is not JSON: upstream connect error (HTTP 503): try again later",
		},
		{"text of success", 200, "OK", run.ProblemMalformed, r + "the answer is not valid JSON (HTTP 200): try again later"},
		{"rubbish after the answer", 200, `{"data":{}} trailing`, run.ProblemMalformed, r + "the answer is not valid JSON (HTTP 200): try again later"},
		{
			"no data", 200, `{"status":"completed","request_id":"req_1"}`, run.ProblemMalformed,
			r + "the answer contains no data (HTTP 200, req_1): try again later",
		},
		{"data null", 200, `{"status":"completed","data":null}`, run.ProblemMalformed, r + "the answer contains no data (HTTP 200): try again later"},
		{"data of another type", 200, `{"status":"completed","data":[1]}`, run.ProblemMalformed, r + "the answer contains no data (HTTP 200): try again later"},
		{"an array", 200, `[]`, run.ProblemMalformed, r + "unexpected JSON (HTTP 200): try again later"},
		{"null", 200, `null`, run.ProblemMalformed, r + "unexpected JSON (HTTP 200): try again later"},
		{"a redirect to nowhere", 302, "", run.ProblemService, r + "HTTP 302 with an empty answer: Found (HTTP 302): try again later"},
		{"not modified", 304, "", run.ProblemService, r + "HTTP 304 with an empty answer: Not Modified (HTTP 304): try again later"},
		{"a status of nobody's", 599, `{}`, run.ProblemService, r + "the service returned an error without a message (HTTP 599): try again later"},
		{
			"hostile words", 403, `{"error":{"code":"a\u001b[31mb","message":"x\r\n\u202ey"}}`, run.ProblemRefused,
			r + `x\r\n\u202ey (a\x1b[31mb, HTTP 403)`,
		},
	}
}

func TestFaults(t *testing.T) {
	for _, test := range append(documentedFaults(), undocumentedFaults()...) {
		t.Run(test.name, func(t *testing.T) {
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				if test.body != "" {
					_, _ = io.WriteString(w, test.body)
				}
			})
			_, err := pollOnce(t, client)
			problem := problemOf(t, err)
			if problem.Kind != test.kind {
				t.Errorf("kind %d, want %d", problem.Kind, test.kind)
			}
			if got := problem.Error(); got != test.line {
				t.Errorf("\n got %s\nwant %s", got, test.line)
			}
		})
	}
}

// TestStatusesThatEndAWatch checks that the status decides whether a watch ends if the error has no code.
func TestStatusesThatEndAWatch(t *testing.T) {
	ending := map[int]bool{400: true, 401: true, 402: true, 403: true, 404: true, 409: true, 410: true, 422: true}
	for status := 300; status < 600; status++ {
		for _, code := range []string{"", "brand_new"} {
			problem := judge(&wire.Refusal{Code: text.NewText(code)}, status, wire.AboutRun)
			if problem.Passing() == ending[status] {
				t.Errorf("HTTP %d, code %q: passing is %v", status, code, problem.Passing())
			}
			if problem.Summary.IsEmpty() {
				t.Errorf("HTTP %d, code %q: no summary", status, code)
			}
		}
	}
}

// TestCodesThatTheStatusContradicts checks that polls and usage requests are repeated if code and status contradict
// each other. Users can still end such a watch. Only a refused key always ends it.
func TestCodesThatTheStatusContradicts(t *testing.T) {
	tests := []struct {
		status int
		code   string
		kind   run.ProblemKind
	}{
		{500, "not_found", run.ProblemService},
		{502, "conflict", run.ProblemService},
		{503, "insufficient_credits", run.ProblemService},
		{504, "invalid_request", run.ProblemService},
		{408, "validation_failed", run.ProblemService},
		{429, "not_found", run.ProblemRateLimited},
		{302, "not_found", run.ProblemService},
		{500, "unauthorized", run.ProblemKey},
		{500, "forbidden", run.ProblemRefused},
		{502, "rate_limited", run.ProblemRateLimited},
		{404, "internal_error", run.ProblemService},
		{403, "rate_limited", run.ProblemRateLimited},
		{404, "conflict", run.ProblemRefused},
		{0, "not_found", run.ProblemRefused},
	}
	for _, test := range tests {
		for _, about := range []wire.Subject{wire.AboutRun, wire.AboutUsage} {
			if got := judge(&wire.Refusal{Code: text.NewText(test.code)}, test.status, about); got.Kind != test.kind {
				t.Errorf("HTTP %d with %s, about %s: kind %d, want %d", test.status, test.code, about, got.Kind, test.kind)
			}
		}
	}
}

func TestProblemCarriesWhatWasSent(t *testing.T) {
	long := strings.Repeat("é", 3000)
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-ID", "req_header")
		w.Header().Set("Retry-After", "12")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"error":{"code":"rate_limited","message":"`+long+`","details":{ "limit_per_min" : 60, "max_concurrent": 2 }}}`)
	})
	_, err := pollOnce(t, client)
	problem := problemOf(t, err)
	if got := problem.RequestID.Raw(); got != "req_header" {
		t.Errorf("request id %q, want the header's", got)
	}
	if got := problem.Details.Raw(); got != `{"limit_per_min":60,"max_concurrent":2}` {
		t.Errorf("details %s", got)
	}
	if problem.LimitPerMinute.Or(0) != 60 || problem.LimitConcurrent.Or(0) != 2 {
		t.Errorf("limits %v, %v", problem.LimitPerMinute, problem.LimitConcurrent)
	}
	if got := problem.RetryAfter.Or(0); got != 12*time.Second {
		t.Errorf("retry after %v", got)
	}
	if got := problem.NextStep.Raw(); got != "try again in 12 s" {
		t.Errorf("next step %q", got)
	}
	if got := utf8.RuneCountInString(problem.Message.Raw()); got != maxMessage+1 {
		t.Errorf("message of %d characters, want %d and an ellipsis", got, maxMessage)
	}
}

func TestAnEchoedKeyIsNotShown(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-ID", testKey)
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":{"code":"`+testKey+`","message":"`+strings.Repeat("x", maxMessage-10)+testKey+`","details":{"key":"`+testKey+`"}}}`)
	})
	_, err := client.Poll(t.Context(), testKey, nil)
	problem := problemOf(t, err)
	for name, text := range map[string]text.Text{
		"what": problem.What, "summary": problem.Summary, "code": problem.Code, "message": problem.Message,
		"details": problem.Details, "request id": problem.RequestID, "next step": problem.NextStep,
	} {
		if strings.Contains(text.Raw(), testKey[len(keyPrefix):len(keyPrefix)+4]) {
			t.Errorf("the key is in the %s: %s", name, text)
		}
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, fault := range append(documentedFaults(), undocumentedFaults()...) {
		f.Add(fault.status, []byte(fault.body))
	}
	f.Add(401, []byte(`{"error":"bad key `+testKey+`"}`))
	f.Fuzz(func(t *testing.T, status int, content []byte) {
		client, err := New(Options{Key: testKey})
		if err != nil {
			t.Fatal(err)
		}
		problem := client.complete(call{method: http.MethodGet, about: wire.AboutRun, id: string(content)}, refusedProblem(content, status, wire.AboutRun))
		line := problem.Error()
		if strings.Contains(line, testKey) || strings.Contains(problem.Details.Raw(), testKey) {
			t.Errorf("the key is shown: %s", line)
		}
		if text.Printable(line) != line {
			t.Errorf("not printable on one line: %q", line)
		}
		if problem.Summary.IsEmpty() {
			t.Error("no summary")
		}
	})
}
