package emulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"sbwatch/internal/inmemory"
	"sbwatch/model/optional"
)

const (
	runHead = "{status:string data:{id:string recipe_id:string run_status:string pages_extracted:int items_extracted:int credits_used:int "
	runTail = "} credits_used:int credits_remaining:int request_id:string}"
)

// TestFieldsOfARun checks that every answer about a run has the published fields, in order and with their types.
func TestFieldsOfARun(t *testing.T) {
	tests := []struct {
		name, recipe string
		after        time.Duration
		want         string
	}{
		{"just dispatched", "empty000001", 0, runHead + "started_at:time completed_at:null created_at:time" + runTail},
		{"running", "empty000001", 2 * time.Second, runHead + "started_at:time completed_at:null created_at:time" + runTail},
		{
			"completed without warnings", SampleRecipeID, 2 * time.Minute,
			runHead + "result:{pages:[ITEMS] mode:string drift:float warnings:[]} started_at:time completed_at:time created_at:time" + runTail,
		},
		{
			"completed with a warning", "empty000001", time.Minute,
			runHead + "result:{pages:[{items:[]}] mode:string drift:float warnings:[string]} started_at:time completed_at:time created_at:time" + runTail,
		},
		{"failed", "failing0001", time.Minute, runHead + "error:string started_at:time completed_at:time created_at:time" + runTail},
		{"cancelled", "cancelled01", time.Minute, runHead + "error:string started_at:time completed_at:time created_at:time" + runTail},
	}
	items := "{items:[" + strings.TrimSuffix(strings.Repeat("{name:string price:string} ", 29), " ") + "]}"
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, Options{}, func(t *testing.T, s *session) {
				runID := s.dispatch(test.recipe)
				time.Sleep(test.after)
				got := s.do(http.MethodGet, "/v1/smartbrowse/runs/"+runID)
				want := strings.ReplaceAll(test.want, "ITEMS", items+" "+items+" "+items)
				if shape := wholeSecondShape(t, got.body); shape != want {
					t.Errorf("fields\n got %s\nwant %s", shape, want)
				}
				if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/json" {
					t.Errorf("HTTP %d, %v", got.status, got.header)
				}
			})
		})
	}
}

// wholeSecondShape returns the shape of an answer after removing milliseconds from its times.
func wholeSecondShape(t *testing.T, body []byte) string {
	return shape(t, regexp.MustCompile(`(:\d\d)\.\d{3}Z"`).ReplaceAll(body, []byte(`${1}Z"`)))
}

func TestFieldsOfADispatch(t *testing.T) {
	bubble(t, Options{}, func(t *testing.T, s *session) {
		got := s.do(http.MethodPost, "/v1/smartbrowse/recipes/catalogue01/run")
		want := "{status:string data:{run_id:string recipe_id:string run_status:string poll_url:string created_at:time} request_id:string}"
		if shape := shape(t, got.body); shape != want {
			t.Errorf("fields\n got %s\nwant %s", shape, want)
		}
		var envelope struct {
			Status string            `json:"status"`
			Data   map[string]string `json:"data"`
		}
		decode(t, got.body, &envelope)
		runID := envelope.Data["run_id"]
		if got.status != http.StatusAccepted || envelope.Status != "queued" || envelope.Data["run_status"] != "running" ||
			envelope.Data["recipe_id"] != "catalogue01" || envelope.Data["poll_url"] != "/v1/smartbrowse/runs/"+runID ||
			envelope.Data["created_at"] != time.Now().UTC().Format(time.RFC3339) {
			t.Errorf("HTTP %d: %s", got.status, got.body)
		}
		if !regexp.MustCompile(`^[0-9A-Za-z]{11}$`).MatchString(runID) {
			t.Errorf("run id %q does not have 11 letters and digits", runID)
		}
	})
}

func TestFieldsOfUsage(t *testing.T) {
	const (
		head = "{status:string data:{runs_used_30d:int runs_per_month_cap:int pages_per_run_cap:int cost_per_page:int " +
			"schedules_count:int schedules_allowed:bool last_run:{id:string status:string pages_extracted:int " +
			"effective_cap:int clamped_by_credits:bool created_at:time"
		tail = "}} credits_used:int credits_remaining:int request_id:string}"
	)
	bubble(t, Options{PagesPerRun: optional.Some(20), RunsPerMonth: optional.Some(50)}, func(t *testing.T, s *session) {
		usage := func() []byte { return s.do(http.MethodGet, "/v1/smartbrowse/usage").body }
		if shape := shape(t, usage()); shape != head+" completed_at:time"+tail {
			t.Errorf("before any dispatch: %s", shape)
		}
		if before := usage(); !bytes.Contains(before, []byte(`"runs_used_30d":0,"runs_per_month_cap":50,"pages_per_run_cap":20,"cost_per_page":2,`)) ||
			!bytes.Contains(before, []byte(`"last_run":{"id":"k7Xb9dRmQ2p","status":"completed","pages_extracted":3,`)) {
			t.Errorf("before any dispatch: %s", before)
		}
		runID := s.dispatch("drifted0001")
		time.Sleep(10 * time.Second)
		if shape := shape(t, usage()); shape != head+tail {
			t.Errorf("with a run in progress: %s", shape)
		}
		s.finish(runID)
		want := `"runs_used_30d":1,"runs_per_month_cap":50,"pages_per_run_cap":20,"cost_per_page":2,"schedules_count":0,` +
			`"schedules_allowed":true,"last_run":{"id":"` + runID + `","status":"completed","pages_extracted":8,` +
			`"effective_cap":20,"clamped_by_credits":false,`
		if after := usage(); !bytes.Contains(after, []byte(want)) || !bytes.Contains(after, []byte(`"credits_remaining":999984`)) {
			t.Errorf("after a run: %s", after)
		}
		time.Sleep(30 * 24 * time.Hour)
		if later := usage(); !bytes.Contains(later, []byte(`"runs_used_30d":0,`)) {
			t.Errorf("a month later: %s", later)
		}
	})
}

// TestPublishedSample compares the predefined run with the published sample, which shows two of its items.
func TestPublishedSample(t *testing.T) {
	s := newSession(t, Options{Seed: 7})
	got := s.do(http.MethodGet, "/v1/smartbrowse/runs/k7Xb9dRmQ2p")
	for _, part := range []string{
		`{"status":"completed","data":{"id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"completed","pages_extracted":3,` +
			`"items_extracted":87,"credits_used":6,"result":{"pages":[{"items":[{"name":"Product A","price":"$19.99"},` +
			`{"name":"Product B","price":"$29.99"},`,
		`]}],"mode":"replay","drift":0.02,"warnings":[]},"started_at":"2026-05-21T12:00:00Z",` +
			`"completed_at":"2026-05-21T12:01:30Z","created_at":"2026-05-21T12:00:00Z"},"credits_used":0,"credits_remaining":1000000,"request_id":"req_`,
	} {
		if !bytes.Contains(got.body, []byte(part)) {
			t.Errorf("%s\nis missing in\n%.300s…%s", part, got.body, got.body[max(0, len(got.body)-300):])
		}
	}
	answer := s.poll(SampleRunID)
	items := answer.items()
	if len(items) != 87 || len(answer.Data.Result.Pages) != 3 {
		t.Errorf("%d items on %d pages", len(items), len(answer.Data.Result.Pages))
	}
	if last := string(items[86]); !strings.HasPrefix(last, `{"name":"Product CI","price":"$`) {
		t.Errorf("last item %s", last)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name, method, path, key string
		status                  int
		code, allow             string
	}{
		{"no key", "GET", "/v1/smartbrowse/usage", "", 401, "unauthorized", ""},
		{"a key of another kind", "GET", "/v1/smartbrowse/usage", "wsg_test_DemoKeyOfTheEmulator000000000000", 401, "unauthorized", ""},
		{"a key too short", "GET", "/v1/smartbrowse/usage", ExampleKey[:40], 401, "unauthorized", ""},
		{"a key too long", "GET", "/v1/smartbrowse/usage", ExampleKey + "0", 401, "unauthorized", ""},
		{"a key of other characters", "GET", "/v1/smartbrowse/usage", ExampleKey[:40] + "-", 401, "unauthorized", ""},
		{"unknown run", "GET", "/v1/smartbrowse/runs/zzzzzzzzzzz", ExampleKey, 404, "not_found", ""},
		{"an id that is a path", "GET", "/v1/smartbrowse/runs/..%2Fusage", ExampleKey, 404, "not_found", ""},
		{"unknown recipe", "POST", "/v1/smartbrowse/recipes/zzzzzzzzzzz/run", ExampleKey, 404, "not_found", ""},
		{"unknown path", "GET", "/v1/smartbrowse/recipes", ExampleKey, 404, "not_found", ""},
		{"no id", "GET", "/v1/smartbrowse/runs/", ExampleKey, 404, "not_found", ""},
		{"outside of the API", "GET", "/", ExampleKey, 404, "not_found", ""},
		{"another version", "GET", "/v2/smartbrowse/usage", ExampleKey, 404, "not_found", ""},
		{"POST to usage", "POST", "/v1/smartbrowse/usage", ExampleKey, 405, "invalid_request", "GET, HEAD, OPTIONS"},
		{"DELETE of a run", "DELETE", "/v1/smartbrowse/runs/k7Xb9dRmQ2p", ExampleKey, 405, "invalid_request", "GET, HEAD, OPTIONS"},
		{"GET of a dispatch", "GET", "/v1/smartbrowse/recipes/catalogue01/run", ExampleKey, 405, "invalid_request", "POST, OPTIONS"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(t, Options{})
			s.key = test.key
			got := s.do(test.method, test.path)
			var envelope struct {
				Error struct{ Code, Message string }
			}
			decode(t, got.body, &envelope)
			if got.status != test.status || envelope.Error.Code != test.code || got.header.Get("Allow") != test.allow {
				t.Errorf("HTTP %d, Allow %q: %s", got.status, got.header.Get("Allow"), got.body)
			}
			if shape := shape(t, got.body); shape != "{status:string error:{code:string message:string} request_id:string}" ||
				!bytes.HasPrefix(got.body, []byte(`{"status":"error",`)) || envelope.Error.Message == "" {
				t.Errorf("fields %s: %s", shape, got.body)
			}
			if test.key != "" && bytes.Contains(got.body, []byte(test.key)) {
				t.Error("the key is in the answer")
			}
		})
	}
}

func TestKeyIsReadOnlyFromItsHeader(t *testing.T) {
	s := newSession(t, Options{})
	s.key = ""
	if got := s.do(http.MethodGet, "/v1/smartbrowse/usage?api_key="+ExampleKey); got.status != http.StatusUnauthorized {
		t.Errorf("a key in the query: HTTP %d", got.status)
	}
}

func TestHeadAndOptions(t *testing.T) {
	s := newSession(t, Options{})
	if got := s.do(http.MethodHead, "/v1/smartbrowse/runs/k7Xb9dRmQ2p"); got.status != 200 || len(got.body) != 0 || got.header.Get("X-Request-ID") == "" {
		t.Errorf("HEAD: HTTP %d, %v, body %q", got.status, got.header, got.body)
	}
	s.key = ""
	if got := s.do(http.MethodOptions, "/v1/smartbrowse/usage"); got.status != 204 || got.header.Get("Allow") != "GET, HEAD, OPTIONS" || len(got.body) != 0 {
		t.Errorf("OPTIONS: HTTP %d, %v", got.status, got.header)
	}
}

// TestRequestIDs checks that each successful answer and each error answer has its own request id, and that the id in
// the body is the one in the header.
func TestRequestIDs(t *testing.T) {
	s := newSession(t, Options{})
	seen := map[string]bool{}
	for i := range 3_000 {
		path := []string{"usage", "runs/zzzzzzzzzzz", "nowhere"}[i%3]
		got := s.do(http.MethodGet, "/v1/smartbrowse/"+path)
		var envelope struct {
			RequestID string `json:"request_id"`
		}
		decode(t, got.body, &envelope)
		id := got.header.Get("X-Request-ID")
		if id != envelope.RequestID || seen[id] || !regexp.MustCompile(`^req_[0-9A-Za-z]{8}$`).MatchString(id) {
			t.Fatalf("request %d: header %q, body %q, seen before: %v", i, id, envelope.RequestID, seen[id])
		}
		seen[id] = true
	}
}

// TestRequestIDsDoNotRepeat proves by arithmetic that ids do not repeat, because a test that counts them would take too
// long.
func TestRequestIDsDoNotRepeat(t *testing.T) {
	a, b := uint64(requestIDs), uint64(requestStride)
	for b != 0 {
		a, b = b, a%b
	}
	if a != 1 {
		t.Errorf("stride and number of ids have the factor %d in common", a)
	}
}

// TestDispatchIgnoresItsBody is for client libraries that always send a body with a POST.
func TestDispatchIgnoresItsBody(t *testing.T) {
	s := newSession(t, Options{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		"http://emulator.test/v1/smartbrowse/recipes/catalogue01/run", strings.NewReader("not JSON"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-API-Key", ExampleKey)
	request.Header.Set("Content-Type", "x/y")
	got, err := inmemory.Transport(s.emulator).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusAccepted {
		t.Errorf("HTTP %d", got.StatusCode)
	}
}

func FuzzAnyRequestGetsAnEnvelope(f *testing.F) {
	f.Add("GET", "/v1/smartbrowse/usage", ExampleKey)
	f.Add("POST", "/v1/smartbrowse/recipes/m3Yc2tFvN8q/run", ExampleKey)
	f.Add("GET", "/v1/smartbrowse/runs/%2e%2e", "")
	f.Add("PUT", "//v1//smartbrowse/./runs/k7Xb9dRmQ2p", "\x1b")
	e, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, path, key string) {
		request, err := http.NewRequestWithContext(t.Context(), method, "http://emulator.test", nil)
		if err != nil {
			t.Skip()
		}
		if request.URL, err = request.URL.Parse(path); err != nil {
			t.Skip()
		}
		request.Header.Set("X-API-Key", key)
		answer, release := e.answer(request, time.Now())
		release()
		if answer.status == http.StatusNoContent {
			return
		}
		var body bytes.Buffer
		if err := answer.writeBody(&body, answer.body.encode()); err != nil || !json.Valid(body.Bytes()) {
			t.Errorf("%v: %s", err, body.Bytes())
		}
	})
}
