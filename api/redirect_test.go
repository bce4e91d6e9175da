package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"sbwatch/model/run"
)

// redirectTo returns a handler that redirects every request to location.
func redirectTo(location string, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(status)
	}
}

func TestNoOtherHostSeesARequest(t *testing.T) {
	var seen atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		t.Errorf("the other host got %s %s with the key %q", r.Method, r.URL, r.Header.Get("X-API-Key"))
		_, _ = io.WriteString(w, `{"status":"completed","data":{"run_id":"r"}}`)
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		client := serve(t, redirectTo(other.URL+"/v1/x", status))
		for name, err := range map[string]error{
			"poll":     errorOf(client.Poll(t.Context(), testRun, nil)),
			"dispatch": errorOf(client.Dispatch(t.Context(), testRecipe)),
			"usage":    errorOf(client.Usage(t.Context())),
		} {
			problem := problemOf(t, err)
			mayHaveStarted := name == "dispatch" && (status == 302 || status == 303)
			if problem.MayHaveStarted() != mayHaveStarted || problem.HTTPStatus != status || problem.Passing() != mayHaveStarted {
				t.Errorf("%s, %d: kind %d: %v", name, status, problem.Kind, problem)
			}
			if host := strings.TrimPrefix(other.URL, "http://"); !strings.Contains(problem.Error(), host) {
				t.Errorf("%s, %d: does not name %s: %v", name, status, host, problem)
			}
		}
	}
	if n := seen.Load(); n != 0 {
		t.Errorf("the other host got %d requests", n)
	}
}

// errorOf returns the error of a call that also returns a value.
func errorOf[T any](_ T, err error) error { return err }

func TestRedirectRules(t *testing.T) {
	const base = "https://api.webscrape.ai/v1"
	tests := []struct {
		name     string
		base     string
		location string
		followed bool
	}{
		{"another path", base, "/v2/runs/x", true},
		{"the same host in full", base, "https://API.webscrape.ai:443/v2", true},
		{"up to HTTPS", "http://api.webscrape.ai/v1", "https://api.webscrape.ai/v1", true},
		{"down to HTTP", base, "http://api.webscrape.ai/v1", false},
		{"another port", base, "https://api.webscrape.ai:8443/v1", false},
		{"up to HTTPS on another port", "http://api.webscrape.ai:8080/v1", "https://api.webscrape.ai/v1", false},
		{"a host that ends alike", base, "https://evil-api.webscrape.ai/v1", false},
		{"a host that begins alike", base, "https://api.webscrape.ai.evil.example/v1", false},
		{"a user name that looks like the host", base, "https://api.webscrape.ai@evil.example/v1", false},
		{"no scheme", base, "//evil.example/v1", false},
		{"another scheme", base, "ftp://api.webscrape.ai/v1", false},
		{"a parent domain", base, "https://webscrape.ai/v1", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var asked []string
			transport := transportFunc(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.String())
				if len(asked) == 1 {
					return respond(r, http.StatusFound, http.Header{"Location": {test.location}}, strings.NewReader("")), nil
				}
				if r.Header.Get("X-API-Key") != testKey {
					t.Error("followed without the key")
				}
				return respond(r, http.StatusOK, nil, strings.NewReader(`{"data":{}}`)), nil
			})
			client, err := New(Options{BaseURL: test.base, Key: testKey, Transport: transport, AllowInsecure: true})
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Poll(t.Context(), testRun, nil)
			if test.followed {
				if err != nil || len(asked) != 2 {
					t.Errorf("not followed: %v, asked %v", err, asked)
				}
				return
			}
			problem := problemOf(t, err)
			if problem.Kind != run.ProblemUnsafe || len(asked) != 1 {
				t.Errorf("%v, asked %v", problem, asked)
			}
			if down := strings.Contains(problem.Error(), "from HTTPS to"); down != (test.name == "down to HTTP" || test.name == "another scheme") {
				t.Errorf("says the wrong reason: %v", problem)
			}
		})
	}
}

// TestDispatchIsNeverRedirected checks that a dispatch does not follow redirects. After 303, and after 302, which many
// servers use instead, the dispatch may have been carried out. The other statuses mean that it must be sent to another
// address.
func TestDispatchIsNeverRedirected(t *testing.T) {
	for status, mayHaveRun := range map[int]bool{301: false, 302: true, 303: true, 307: false, 308: false} {
		var requests atomic.Int64
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			redirectTo("/v1/elsewhere", status)(w, r)
		})
		_, err := client.Dispatch(t.Context(), testRecipe)
		problem := problemOf(t, err)
		if problem.MayHaveStarted() != mayHaveRun || problem.NeverArrived() || (!mayHaveRun && problem.Kind != run.ProblemUnsafe) {
			t.Errorf("%d: kind %d: %v", status, problem.Kind, problem)
		}
		if warned := problem.NextStep.Raw() == mayHaveStarted; warned != mayHaveRun {
			t.Errorf("%d: next step %q", status, problem.NextStep.Raw())
		}
		if n := requests.Load(); n != 1 {
			t.Errorf("%d: %d requests, want 1", status, n)
		}
	}
}

func TestRedirectCircleEnds(t *testing.T) {
	var requests atomic.Int64
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		redirectTo(r.URL.Path, http.StatusFound)(w, r)
	})
	_, err := pollOnce(t, client)
	if problem := problemOf(t, err); problem.Kind != run.ProblemUnsafe {
		t.Error(problem)
	}
	if n := requests.Load(); n > maxRedirects+1 {
		t.Errorf("%d requests", n)
	}
}
