package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/internal/inmemory"
)

// otherKey is the key of a second account.
const otherKey = "wsg_live_AnotherKeyOfTheEmulator000000000"

// session is a client of an emulator, in memory.
type session struct {
	t        *testing.T
	emulator *Emulator
	key      string
}

func newSession(t *testing.T, options Options) *session {
	t.Helper()
	e, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	return &session{t: t, emulator: e, key: ExampleKey}
}

// response is a response whose body has been read.
type response struct {
	status int
	header http.Header
	body   []byte
	err    error // error from reading the body
}

func (s *session) do(method, path string) response {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, "http://emulator.test"+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.key != "" {
		request.Header.Set("X-API-Key", s.key)
	}
	got, err := (&http.Client{Transport: inmemory.Transport(s.emulator)}).Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	return response{status: got.StatusCode, header: got.Header, body: body, err: err}
}

// dispatch starts a run and returns its id.
func (s *session) dispatch(recipeID string) string {
	s.t.Helper()
	got := s.do(http.MethodPost, "/v1/smartbrowse/recipes/"+recipeID+"/run")
	if got.status != http.StatusAccepted {
		s.t.Fatalf("dispatch of %s: HTTP %d: %s", recipeID, got.status, got.body)
	}
	var envelope struct {
		Data struct {
			RunID string `json:"run_id"`
		} `json:"data"`
	}
	decode(s.t, got.body, &envelope)
	return envelope.Data.RunID
}

// polled is the answer to a poll.
type polled struct {
	Status string `json:"status"`
	Data   struct {
		ID          string     `json:"id"`
		RunStatus   string     `json:"run_status"`
		Pages       int        `json:"pages_extracted"`
		Items       int        `json:"items_extracted"`
		Credits     int        `json:"credits_used"`
		Error       string     `json:"error"`
		CreatedAt   time.Time  `json:"created_at"`
		StartedAt   *time.Time `json:"started_at"`
		CompletedAt *time.Time `json:"completed_at"`
		Result      *struct {
			Pages []struct {
				Items []json.RawMessage `json:"items"`
			} `json:"pages"`
			Mode     string   `json:"mode"`
			Drift    float64  `json:"drift"`
			Warnings []string `json:"warnings"`
		} `json:"result"`
	} `json:"data"`
	CreditsUsed      int `json:"credits_used"`
	CreditsRemaining int `json:"credits_remaining"`
}

func (s *session) poll(runID string) polled {
	s.t.Helper()
	got := s.do(http.MethodGet, "/v1/smartbrowse/runs/"+runID)
	if got.status != http.StatusOK || got.err != nil {
		s.t.Fatalf("poll of %s: HTTP %d, %v: %s", runID, got.status, got.err, got.body)
	}
	var answer polled
	decode(s.t, got.body, &answer)
	return answer
}

// finish polls until the run has ended, ignoring faults.
func (s *session) finish(runID string) polled {
	s.t.Helper()
	for range 2_000 {
		got := s.do(http.MethodGet, "/v1/smartbrowse/runs/"+runID)
		var answer polled
		if err := json.Unmarshal(got.body, &answer); err == nil && answer.Data.CompletedAt != nil {
			return answer
		}
		time.Sleep(time.Second)
	}
	s.t.Fatalf("run %s never ends", runID)
	return polled{}
}

// items returns all items of the answer.
func (p polled) items() []json.RawMessage {
	var all []json.RawMessage
	for _, page := range p.Data.Result.Pages {
		all = append(all, page.Items...)
	}
	return all
}

func decode(t *testing.T, body []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("%v in %.500s", err, body)
	}
}

// shape returns the structure of a JSON value: its scalars are replaced by their types, and its keys keep their order.
func shape(t *testing.T, body []byte) string {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	text := shapeOfValue(t, decoder)
	if _, err := decoder.Token(); err != io.EOF {
		t.Fatalf("more after the JSON value: %v", err)
	}
	return text
}

func shapeOfValue(t *testing.T, decoder *json.Decoder) string {
	t.Helper()
	token, err := decoder.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch v := token.(type) {
	case json.Delim:
		var parts []string
		for decoder.More() {
			part := ""
			if v == '{' {
				key, err := decoder.Token()
				if err != nil {
					t.Fatal(err)
				}
				part = fmt.Sprint(key) + ":"
			}
			parts = append(parts, part+shapeOfValue(t, decoder))
		}
		shut, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		return v.String() + strings.Join(parts, " ") + fmt.Sprint(shut)
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "float"
		}
		return "int"
	case string:
		if _, err := time.Parse("2006-01-02T15:04:05Z", v); err == nil {
			return "time"
		}
		return "string"
	case bool:
		return "bool"
	default:
		return "null"
	}
}

// bubble runs a test in a synctest bubble, which has a fake clock.
func bubble(t *testing.T, options Options, test func(t *testing.T, s *session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newSession(t, options)) })
}
