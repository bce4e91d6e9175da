package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/internal/headless"
	"sbwatch/internal/inmemory"
	"sbwatch/internal/testrun"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
	"sbwatch/ui"
)

// hostile is a service whose immediate answers provoke as many requests as possible. It counts the requests.
type hostile struct {
	answer func(w http.ResponseWriter, r *http.Request, n int)

	mu       sync.Mutex
	requests int
}

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.requests++
	n := h.requests
	h.mu.Unlock()
	h.answer(w, r, n)
}

// asked returns the number of requests.
func (h *hostile) asked() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.requests
}

// refuse answers with an error in the format of the service.
func refuse(w http.ResponseWriter, status int, retryAfter, details string) {
	if retryAfter != "" {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"status":"error","error":{"code":"`+map[bool]string{true: "rate_limited", false: "internal_error"}[status == 429]+
		`","message":"no","details":{`+details+`}}}`)
}

// goOn answers a poll with a run that never ends. The parameter status is the JSON value of the run's status.
func goOn(w http.ResponseWriter, r *http.Request, status string) {
	switch {
	case r.Method == http.MethodPost:
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"status":"queued","data":{"run_id":"r1"}}`)
	case strings.HasSuffix(r.URL.Path, "/usage"):
		_, _ = io.WriteString(w, `{"status":"completed","data":{}}`)
	default:
		_, _ = io.WriteString(w, `{"status":"completed","data":{"id":"r1","run_status":`+status+`,"result":{"pages":[{"items":[{"a":1}]}]}}}`)
	}
}

// hostileAnswers returns answers that provoke many requests, each with the maximum number of requests allowed in a
// minute at an interval of 100 ms.
func hostileAnswers() map[string]struct {
	limit  int
	answer func(w http.ResponseWriter, r *http.Request, n int)
} {
	type attack = struct {
		limit  int
		answer func(w http.ResponseWriter, r *http.Request, n int)
	}
	const failing, polling = 62, 604 // one request per second or per interval, and the requests that are sent only once
	attacks := map[string]attack{}
	for i, value := range []string{
		"", "0", "1", "0.0000001", "-1", "1_0", "Inf", "1e-9", "NaN", "0x1", " ", strings.Repeat("0", 5000), "Thu, 01 Jan 1970 00:00:00 GMT",
	} {
		status := []int{429, 503, 200, 408}[i%4]
		attacks[fmt.Sprintf("%d, Retry-After %.20q", status, value)] = attack{failing, func(w http.ResponseWriter, _ *http.Request, _ int) {
			refuse(w, status, value, `"reason":"rate_limit_per_min"`)
		}}
	}
	for _, limit := range []string{"1e9", "1e18", "1e400", "0", "-60", "0.001"} {
		attacks["limit "+limit] = attack{failing, func(w http.ResponseWriter, _ *http.Request, _ int) {
			refuse(w, 429, "0", `"reason":"rate_limit_per_min","limit_per_min":`+limit+`,"max_concurrent":`+limit)
		}}
	}
	for _, status := range []string{`"COMPLETED"`, `""`, "null", `{"a":"completed"}`} {
		attacks["run status "+status] = attack{polling, func(w http.ResponseWriter, r *http.Request, _ int) { goOn(w, r, status) }}
	}
	attacks["dates that jump"] = attack{polling, func(w http.ResponseWriter, r *http.Request, n int) {
		w.Header().Set("Date", []string{"Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"}[n%2])
		goOn(w, r, `"running"`)
	}}
	attacks["good and bad in turn"] = attack{polling, func(w http.ResponseWriter, r *http.Request, n int) {
		if n%2 == 0 {
			refuse(w, 503, "0", "")
			return
		}
		goOn(w, r, `"running"`)
	}}
	attacks["usage always refused"] = attack{polling, func(w http.ResponseWriter, r *http.Request, _ int) {
		if strings.HasSuffix(r.URL.Path, "/usage") {
			refuse(w, 503, "0", "")
			return
		}
		goOn(w, r, `"completed"`)
	}}
	attacks["redirects in a circle"] = attack{8, func(w http.ResponseWriter, r *http.Request, n int) {
		http.Redirect(w, r, fmt.Sprintf("%s?%d", r.URL.Path, n), http.StatusTemporaryRedirect)
	}}
	attacks["redirects before every refusal"] = attack{6 * failing, func(w http.ResponseWriter, r *http.Request, n int) {
		if n%6 != 0 && r.Method == http.MethodGet {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
			return
		}
		refuse(w, 503, "1", "")
	}}
	attacks["HTML"] = attack{failing, func(w http.ResponseWriter, _ *http.Request, _ int) { _, _ = io.WriteString(w, "<html>") }}
	attacks["nothing"] = attack{failing, func(http.ResponseWriter, *http.Request, int) {}}
	attacks["a cut answer"] = attack{failing, func(w http.ResponseWriter, _ *http.Request, _ int) { _, _ = io.WriteString(w, `{"data":{`) }}
	attacks["a connection that breaks"] = attack{failing, func(http.ResponseWriter, *http.Request, int) { panic(http.ErrAbortHandler) }}
	return attacks
}

// Whatever the service answers, the client sends at most one request per second after failures, and otherwise at most
// one per interval. This holds for plain mode and the dashboard.
func TestNoAnswerMakesTheWatchHurry(t *testing.T) {
	t.Parallel()
	for name, attack := range hostileAnswers() {
		for driver, drive := range map[string]func(*testing.T, ui.Service, watch.Watch){
			"watch, plain": drivePlain, "run, plain": drivePlain, "run, dashboard": driveDashboard,
		} {
			watch := testrun.Dispatch("c1")
			if strings.HasPrefix(driver, "watch") {
				watch = testrun.Watch("r1")
			}
			t.Run(name+"/"+driver, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					service := &hostile{answer: attack.answer}
					drive(t, hostileClient(t, service), watch)
					if got := service.asked(); got > attack.limit || got == 0 {
						t.Errorf("got %d requests in a minute, want at most %d", got, attack.limit)
					}
				})
			})
		}
	}
}

func hostileClient(t *testing.T, service http.Handler) *api.Client {
	t.Helper()
	client, err := api.New(api.Options{
		BaseURL: "http://127.0.0.1/v1", Key: emulator.ExampleKey, Transport: inmemory.Transport(service), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// drivePlain watches for a minute in plain mode.
func drivePlain(t *testing.T, service ui.Service, watch watch.Watch) {
	t.Helper()
	var out bytes.Buffer
	p := &program{Process: Process{Stdout: &out, Stderr: &out, Now: time.Now}}
	runs := monitor.New(time.Nanosecond, rand.Float64) // the monitor uses its minimum interval instead
	runs.Add(time.Now(), watch)
	f := newFollower(service, time.Now, &report.Reporter{Monitor: runs, Lines: report.NewPlainLines(&out), Say: p.say, Interval: minInterval})
	f.Timeout = time.Minute
	_ = f.Run(t.Context()) // other tests check the error
	synctest.Wait()
}

// driveDashboard watches for a minute in the dashboard.
func driveDashboard(t *testing.T, service ui.Service, watch watch.Watch) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := program{Process: Process{Now: time.Now}}
	player := headless.Start(ui.New(ctx, ui.Config{
		Watch: watch, Service: service, Interval: time.Nanosecond, Now: p.Now, Jitter: rand.Float64,
		Width: 80, Height: 24, Commands: report.Commands{},
	}))
	player.Run(time.Minute)
	cancel()
	player.Stop()
	synctest.Wait()
}
