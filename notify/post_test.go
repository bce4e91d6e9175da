package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/internal/collected"
	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// receiver is a transport that answers with scripted statuses and keeps the requests.
type receiver struct {
	answers  []string // "200", "429 7" with Retry-After, "lost", "hang", "307 URL"
	requests []*http.Request
	bodies   []string
	at       []time.Time
}

func (r *receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(request.Body)
	r.requests, r.bodies, r.at = append(r.requests, request), append(r.bodies, string(body)), append(r.at, time.Now())
	answer := r.answers[min(len(r.requests), len(r.answers))-1]
	word, rest, _ := strings.Cut(answer, " ")
	switch word {
	case "lost":
		return nil, errors.New("connection reset by peer")
	case "hang":
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	response := &http.Response{Header: http.Header{}, Body: io.NopCloser(strings.NewReader("ok")), Request: request}
	if _, err := fmt.Sscan(word, &response.StatusCode); err != nil {
		return nil, err
	}
	if response.StatusCode/100 == 3 {
		response.Header.Set("Location", rest)
	} else if rest != "" {
		response.Header.Set("Retry-After", rest)
	}
	return response, nil
}

func TestPostRetries(t *testing.T) {
	const secret = "https://hooks.example/services/T0/SECRET?token=SECRET"
	for name, test := range map[string]struct {
		answers []string
		gaps    []time.Duration // between the attempts
		want    string          // expected message; empty if the notification arrives
	}{
		"at once":            {[]string{"200"}, nil, ""},
		"no content":         {[]string{"204"}, nil, ""},
		"after an error":     {[]string{"503", "200"}, []time.Duration{time.Second}, ""},
		"after lost answers": {[]string{"lost", "lost", "200"}, []time.Duration{time.Second, 2 * time.Second}, ""},
		"as asked":           {[]string{"429 7", "200"}, []time.Duration{7 * time.Second}, ""},
		"without being told": {[]string{"429", "200"}, []time.Duration{time.Second}, ""},
		"as asked, an error": {[]string{"503 20", "200"}, []time.Duration{20 * time.Second}, ""},
		"too late":           {[]string{"429 3600"}, nil, "--post to hooks.example for run r: HTTP 429"},
		"date in the past":   {[]string{"429 Fri, 31 Dec 1999 00:00:00 GMT", "200"}, []time.Duration{time.Second}, ""},
		"refused":            {[]string{"404"}, nil, "--post to hooks.example for run r: HTTP 404"},
		"wrong":              {[]string{"400 5"}, nil, "--post to hooks.example for run r: HTTP 400"},
		"never": {
			[]string{"500"},
			[]time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second},
			"--post to hooks.example for run r: HTTP 500 (gave up after 6 attempts)",
		},
		"hangs": {
			[]string{"hang"},
			[]time.Duration{11 * time.Second, 12 * time.Second, 14 * time.Second, 18 * time.Second, 26 * time.Second},
			"--post to hooks.example for run r: no answer within 10 s (gave up after 6 attempts)",
		},
		"redirected here":      {[]string{"307 /other", "200"}, []time.Duration{0}, ""},
		"redirected elsewhere": {[]string{"307 https://evil.example/"}, nil, "--post to hooks.example for run r: HTTP 307: redirects to another address are not followed"},
		"downgraded":           {[]string{"308 http://hooks.example/"}, nil, "--post to hooks.example for run r: HTTP 308: redirects to another address are not followed"},
		"turned into a GET":    {[]string{"302 /login"}, nil, "--post to hooks.example for run r: HTTP 302: redirects to another address are not followed"},
		"in circles":           {[]string{"307 /"}, []time.Duration{0, 0, 0}, "--post to hooks.example for run r: HTTP 307: redirects to another address are not followed"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				address, err := ParseURL(secret)
				if err != nil {
					t.Fatal(err)
				}
				var said []string
				to := &receiver{answers: test.answers}
				n := New(Config{Post: address, Transport: to, Say: func(line string) { said = append(said, line) }, Now: time.Now, UserAgent: "sbwatch/1"})
				n.Ended(0, watchOf(completed("r")))
				if err := n.Close(t.Context()); err != nil {
					t.Error(err)
				}
				var gaps []time.Duration
				for i := range len(to.at) - 1 {
					gaps = append(gaps, to.at[i+1].Sub(to.at[i]))
				}
				if !slices.Equal(gaps, test.gaps) {
					t.Errorf("the attempts are %v apart, want %v", gaps, test.gaps)
				}
				if got := strings.Join(said, "\n"); got != test.want {
					t.Errorf("said %q, want %q", got, test.want)
				}
				for i, request := range to.requests {
					if request.Method != http.MethodPost || request.URL.Host != "hooks.example" || to.bodies[i] != to.bodies[0] ||
						request.Header.Get("Content-Type") != "application/json; charset=utf-8" || request.Header.Get("Idempotency-Key") == "" {
						t.Errorf("attempt %d is %s %s %q", i+1, request.Method, request.URL, request.Header)
					}
				}
			})
		})
	}
}

func TestCloseEndsRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		address, _ := ParseURL("https://hooks.example")
		n := New(Config{Post: address, Transport: &receiver{answers: []string{"500"}}, Say: func(line string) { t.Error(line) }, Now: time.Now})
		n.Ended(0, watchOf(completed("a")))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		begin := time.Now()
		if err := n.Close(ctx); err == nil || err.Error() != "1 notification not finished" {
			t.Errorf("got %v", err)
		}
		if took := time.Since(begin); took != 500*time.Millisecond {
			t.Errorf("Close took %v", took)
		}
	})
}

func TestJSONMessage(t *testing.T) {
	f := FactsOf("api.example", watchOf(completed("r")), time.Now())
	f.AddProfile(&profile.Profile{})
	f.Rules = []Verdict{{Rule: "min-items 50", Level: "fail", Found: "48 items", isBroken: true}, {Rule: "unique sku", Level: "ok", Found: "all differ"}}
	f.AddBaseline(&baseline.Judgment{Earlier: 4})
	const want = `{"event":"run_ended","summary":"run r completed: 48 items on 6 pages, drift 0.12, 1 of 2 rules broken","host":"api.example",` +
		`"run_id":"r","recipe_id":"m3Yc2tFvN8q","run_status":"completed","error":null,"pages_extracted":6,"items_extracted":48,"credits_used":12,` +
		`"drift":0.12,"elapsed_seconds":3,"warnings":[],"findings":[],"check":"fail","check_error":null,` +
		`"rules":[{"rule":"min-items 50","level":"fail","found":"48 items"},{"rule":"unique sku","level":"ok","found":"all differ"}],"rules_broken":1,` +
		`"baseline":{"earlier_runs":4,"changes":[],"advice":""}}` + "\n"
	if got := string(f.message(FormatJSON)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	unknown := FactsOf("api.example", watchOf(run.Run{ID: text.NewText("r"), StatusSent: text.NewText("failed"), Error: text.NewText("x")}), time.Now())
	const wantUnknown = `{"event":"run_ended","summary":"run r failed: x","host":"api.example","run_id":"r","recipe_id":null,"run_status":"failed","error":"x",` +
		`"pages_extracted":null,"items_extracted":null,"credits_used":null,"drift":null,"elapsed_seconds":null,"warnings":null,"findings":null,` +
		`"check":null,"check_error":null,"rules":[],"rules_broken":0,"baseline":null}` + "\n"
	if got := string(unknown.message(FormatJSON)); got != wantUnknown {
		t.Errorf("got\n%s\nwant\n%s", got, wantUnknown)
	}
}

func TestSlackMessage(t *testing.T) {
	r := run.Run{ID: text.NewText("r"), RecipeID: text.NewText("m"), StatusSent: text.NewText("failed"), Error: text.NewText("<!channel> & <@U1> @here <http://evil.example|click>")}
	f := FactsOf("api.example", watchOf(r), time.Now())
	f.Rules = []Verdict{{Rule: "coverage <b>", Level: "fail", Found: "0", isBroken: true}}
	var got slackMessage
	if err := json.Unmarshal(f.message(FormatSlack), &got); err != nil {
		t.Fatal(err)
	}
	want := slackMessage{Text: "run r failed: &lt;!channel&gt; &amp; &lt;@\u200bU1&gt; @\u200bhere &lt;http://evil.example|click&gt; (1 of 1 rule broken)\n• coverage &lt;b&gt;: 0\nrecipe m on api.example"}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHostileTextInMessages(t *testing.T) {
	const key = "wsg_live_secret"
	for name, sent := range hostile() {
		r := run.Run{
			ID: text.NewText("r" + sent), RecipeID: text.NewText(sent), StatusSent: text.NewText("completed"), Error: text.NewText(sent + key),
			Result: optional.Some(run.Result{Drift: optional.Some(0.1), Warnings: optional.Some(slices.Repeat([]text.Text{text.NewText(sent)}, 1000))}),
		}
		for _, format := range []Format{FormatJSON, FormatSlack} {
			to := &receiver{answers: []string{"200"}}
			address, _ := ParseURL("https://hooks.example")
			n := New(Config{
				Post: address, Format: format, Transport: to, Say: func(line string) { t.Errorf("%s: %q", name, line) }, Now: time.Now,
				Redact: func(s string) string { return strings.ReplaceAll(s, key, "***") },
			})
			n.Ended(0, watchOf(r))
			if err := n.Close(t.Context()); err != nil {
				t.Error(err)
			}
			body := []byte(to.bodies[0])
			if !json.Valid(body) || bytes.Count(body, []byte("\n")) != 1 || bytes.ContainsFunc(body[:len(body)-1], func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }) {
				t.Errorf("%s: not one line of JSON: %.300q", name, body)
			}
			if len(body) > 200_000 || bytes.Contains(body, []byte(key)) {
				t.Errorf("%s: the message has %d bytes or the key", name, len(body))
			}
		}
	}
}

func TestParseURL(t *testing.T) {
	for address, want := range map[string]string{
		"https://hooks.slack.com/services/T/B/SECRET": "hooks.slack.com",
		" http://127.0.0.1:8080/x ":                   "127.0.0.1:8080",
		"https://user:SECRET@host/":                   "host",
	} {
		got, err := ParseURL(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
		}
		for _, shown := range []string{fmt.Sprint(got), fmt.Sprintf("%+v", got), fmt.Sprintf("%#v", got), fmt.Sprintf("%v", struct{ U fmt.Stringer }{got})} {
			if strings.Contains(shown, "SECRET") || !strings.Contains(shown, want) {
				t.Errorf("shown as %s, want %s", shown, want)
			}
		}
	}
	for _, address := range []string{"", "SECRET", "ftp://SECRET", "https://", "https:///SECRET", "https://[SECRET", "//SECRET", "mailto:SECRET"} {
		if _, err := ParseURL(address); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: got %v", address, err)
		}
	}
}

func TestPostWithoutServer(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	address, _ := ParseURL(server.URL + "/SECRET")
	var said collected.Lines
	n := New(Config{Post: address, Say: said.Add, Now: time.Now})
	n.Ended(0, watchOf(completed("r")))
	if err := n.Close(t.Context()); err != nil {
		t.Error(err)
	}
	want := "--post to " + address.String() + " for run r: the certificate is not valid"
	if got := said.All(); len(got) != 1 || got[0] != want {
		t.Errorf("said %q, want %q", got, want)
	}
}
