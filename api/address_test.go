package api

import (
	"strings"
	"testing"

	"sbwatch/model/run"
)

func TestBaseURL(t *testing.T) {
	tests := []struct {
		given    string
		insecure bool
		want     string          // the expected base URL, if it is accepted
		kind     run.ProblemKind // the expected kind of problem, if it is refused
	}{
		{given: "", want: "https://api.webscrape.ai/v1"},
		{given: "https://example.com", want: "https://example.com"},
		{given: " https://example.com/v1//\n", want: "https://example.com/v1"},
		{given: "https://example.com:8443/a/b/", want: "https://example.com:8443/a/b"},
		{given: "http://127.0.0.1:8080/v1", want: "http://127.0.0.1:8080/v1"},
		{given: "http://127.9.9.9", want: "http://127.9.9.9"},
		{given: "http://[::1]:80/", want: "http://[::1]:80"},
		{given: "http://LOCALHOST:1", want: "http://LOCALHOST:1"},
		{given: "http://example.com", insecure: true, want: "http://example.com"},
		{given: "http://example.com", kind: run.ProblemUnsafe},
		{given: "http://localhost.example.com", kind: run.ProblemUnsafe},
		{given: "http://127.0.0.1.example.com", kind: run.ProblemUnsafe},
		{given: "http://0.0.0.0", kind: run.ProblemUnsafe},
		{given: "http://10.0.0.1", kind: run.ProblemUnsafe},
		{given: "example.com/v1", kind: run.ProblemInput},
		{given: "localhost:8080/v1", kind: run.ProblemInput},
		{given: "ftp://example.com", kind: run.ProblemInput},
		{given: "https:///v1", kind: run.ProblemInput},
		{given: "https://:443/v1", kind: run.ProblemInput},
		{given: "https://example.com:99999", kind: run.ProblemInput},
		{given: "https://user:pa55word@example.com", kind: run.ProblemInput},
		{given: "https://example.com/v1?", kind: run.ProblemInput},
		{given: "https://example.com/v1?a=b", kind: run.ProblemInput},
		{given: "https://example.com/v1#", kind: run.ProblemInput},
		{given: "https://user:pa55word%zz@example.com", kind: run.ProblemInput},
		{given: "https://exa\x1b[31mmple.com", kind: run.ProblemInput},
	}
	for _, test := range tests {
		t.Run(test.given, func(t *testing.T) {
			client, err := New(Options{BaseURL: test.given, Key: testKey, AllowInsecure: test.insecure})
			if test.want != "" {
				if err != nil {
					t.Fatal(err)
				}
				if got := client.base.String(); got != test.want {
					t.Errorf("base %q, want %q", got, test.want)
				}
				return
			}
			if err == nil {
				t.Fatalf("accepted as %v", client.base)
			}
			problem := problemOf(t, err)
			if problem.Kind != test.kind || problem.NextStep.IsEmpty() {
				t.Errorf("kind %d, want %d: %v", problem.Kind, test.kind, problem)
			}
			if strings.Contains(problem.Error(), "pa55word") {
				t.Errorf("shows the password: %v", problem)
			}
			if problem.Kind == run.ProblemUnsafe && !strings.Contains(problem.Error(), "--insecure") {
				t.Errorf("does not name --insecure: %v", problem)
			}
		})
	}
}

func TestKey(t *testing.T) {
	for _, good := range []string{testKey, testKey + "\n", " " + testKey + "\r\n", "wsg_test_something-of-another-form"} {
		client, err := New(Options{Key: good})
		if err != nil {
			t.Errorf("%q is refused: %v", good, err)
		} else if client.key != strings.TrimSpace(good) {
			t.Errorf("%q is taken for %q", good, client.key)
		}
	}
	for _, bad := range []string{"", "\n", "s3cret s3cret", "s3cret\ns3cret", "s3cret\x00", "s3cret\x7f", "s3crét"} {
		_, err := New(Options{Key: bad})
		if err == nil {
			t.Errorf("%q is accepted", bad)
			continue
		}
		if problem := problemOf(t, err); problem.Kind != run.ProblemKey || strings.Contains(problem.Error(), "s3cr") {
			t.Errorf("%q: %v", bad, problem)
		}
	}
}

func TestHostOf(t *testing.T) {
	for baseURL, want := range map[string]string{
		"":                                "api.webscrape.ai",
		"https://API.webscrape.ai:443/v1": "api.webscrape.ai",
		"http://127.0.0.1:80":             "127.0.0.1",
		"http://127.0.0.1:8080/v1":        "127.0.0.1:8080",
		"https://host:80":                 "host:80",
		"http://other.example/v1":         "other.example",
		"nonsense":                        "api.webscrape.ai",
	} {
		if got := HostOf(baseURL); got != want {
			t.Errorf("%q: got %q, want %q", baseURL, got, want)
		}
	}
}
