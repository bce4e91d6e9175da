package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sbwatch/model/run"
)

func TestRetryAfter(t *testing.T) {
	for _, test := range []struct {
		value string
		want  time.Duration
		ok    bool
	}{
		{"12", 12 * time.Second, true},
		{"0", 0, true},
		{"000", 0, true},
		{"007", 7 * time.Second, true},
		{"86400", 24 * time.Hour, true},
		{"31536001", maxRetryAfter, true},
		{"9223372036", maxRetryAfter, true},
		{"9223372036854775807", maxRetryAfter, true},
		{"99999999999999999999", maxRetryAfter, true},
		{strings.Repeat("9", maxDelayDigits), maxRetryAfter, true},
		{"Thu, 21 May 2026 12:00:30 GMT", 30 * time.Second, true},
		{"Thursday, 21-May-26 12:01:00 GMT", time.Minute, true},
		{"Thu May 21 12:00:05 2026", 5 * time.Second, true},
		{"Thu, 21 May 2026 11:00:00 GMT", 0, true},
		{"Thu, 01 Jan 0001 00:00:00 GMT", 0, true},
		{"Thu, 21 May 9999 12:00:30 GMT", maxRetryAfter, true},

		{"", 0, false},
		{"-3", 0, false},
		{"+3", 0, false},
		{"1.5", 0, false},
		{"0.0000001", 0, false},
		{"1_0", 0, false},
		{"1e3", 0, false},
		{"1e400", 0, false},
		{"0x10", 0, false},
		{"Inf", 0, false},
		{"NaN", 0, false},
		{"1 0", 0, false},
		{"10, 20", 0, false},
		{"10s", 0, false},
		{"soon", 0, false},
		{"\u0661\u0662", 0, false}, // digits of another script
		{strings.Repeat("0", maxDelayDigits) + "1", 0, false},
		{strings.Repeat("9", 100_000), 0, false},
		{"2026-05-21T12:00:30Z", 0, false},
		{"Thu, 21 May 2026 12:00:30 +0200", 0, false},
	} {
		got, ok := parseRetryAfter(test.value, testNow())
		if got != test.want || ok != test.ok {
			t.Errorf("%.40q: %v, %v; want %v, %v", test.value, got, ok, test.want, test.ok)
		}
	}
}

// TestRetryAfterThatCannotBeReadIsTold checks that an invalid Retry-After is reported in printable form.
func TestRetryAfterThatCannotBeReadIsTold(t *testing.T) {
	for value, want := range map[string]string{
		"1_0":                    `; cannot read the Retry-After header "1_0"`,
		"-5":                     `; cannot read the Retry-After header "-5"`,
		"  ":                     `; cannot read the Retry-After header ""`,
		"\x1b[31mred":            `; cannot read the Retry-After header "\x1b[31mred"`,
		testKey:                  `; cannot read the Retry-After header "`,
		strings.Repeat("9", 500): `; cannot read the Retry-After header "` + strings.Repeat("9", maxRetryAfterShown) + `…"`,
		"12":                     "",
	} {
		client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
			header := http.Header{"Retry-After": {value, "7"}}
			return respond(r, http.StatusTooManyRequests, header, strings.NewReader("{}")), nil
		}))
		_, poll := client.Poll(t.Context(), testRun, nil)
		_, usage := client.Usage(t.Context())
		_, dispatch := client.Dispatch(t.Context(), testRecipe)
		for name, err := range map[string]error{"poll": poll, "usage": usage, "dispatch": dispatch} {
			problem := problemOf(t, err)
			if got := problem.Summary.String(); !strings.HasPrefix(got, "rate limited"+want) {
				t.Errorf("%s, %.40q: %q, want %q", name, value, got, "rate limited"+want)
			}
			if problem.RetryAfter.Known() != (want == "") || problem.Kind != run.ProblemRateLimited {
				t.Errorf("%s, %.40q: kind %d, to be waited for %v", name, value, problem.Kind, problem.RetryAfter)
			}
		}
	}
}
