package api

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

func sample(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("wire/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func pollSample(t *testing.T, name string) run.Answer {
	t.Helper()
	content := sample(t, name)
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Thu, 21 May 2026 12:01:31 GMT")
		_, _ = w.Write(content)
	})
	answer, err := pollOnce(t, client)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// TestPollSchemaSample polls a run like the sample in the API's schema, which has no run_status, an error, and a drift
// far above 1.
func TestPollSchemaSample(t *testing.T) {
	answer := pollSample(t, "poll_schema.json")
	r := answer.Run
	if got := r.Status(); got != run.StatusFailed {
		t.Errorf("status %v, want failed, by its error", got)
	}
	if r.Error.Raw() != "<string>" || r.Credits.Or(0) != 123 || r.Pages.Or(0) != 123 || r.Items.Or(0) != 123 {
		t.Errorf("run %+v", r)
	}
	if got, known := r.Drift().Get(); got != 123 || !known {
		t.Errorf("drift %v, %v; want 123 as sent", got, known)
	}
	if got := r.Warnings().Or(nil); len(got) != 1 || got[0].Raw() != "<string>" {
		t.Errorf("warnings %v", got)
	}
	if got := answer.CreditsRemaining.Or(0); got != 123 {
		t.Errorf("credits remaining %d", got)
	}
}

func TestPollExampleSample(t *testing.T) {
	answer := pollSample(t, "poll_example.json")
	start := time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	want := run.Run{
		ID: text.NewText("k7Xb9dRmQ2p"), RecipeID: text.NewText("m3Yc2tFvN8q"), StatusSent: text.NewText("completed"),
		Pages: optional.Some[int64](3), Items: optional.Some[int64](87), Credits: optional.Some[int64](6),
		CreatedAt: start, StartedAt: start, CompletedAt: start.Add(90 * time.Second),
		Result: optional.Some(run.Result{
			Mode: text.NewText("replay"), Drift: optional.Some(0.02), Warnings: optional.Some([]text.Text{}),
		}),
	}
	if !reflect.DeepEqual(answer.Run, want) {
		t.Errorf("\n got %+v\nwant %+v", answer.Run, want)
	}
	if answer.RequestID.Raw() != "req_aB3xY9Kp" || answer.CreditsRemaining.Or(0) != 494 {
		t.Errorf("request id %s, credits remaining %v", answer.RequestID, answer.CreditsRemaining)
	}
	if want := time.Date(2026, 5, 21, 12, 1, 31, 0, time.UTC); !answer.ServedAt.Equal(want) {
		t.Errorf("served at %v, want %v", answer.ServedAt, want)
	}
	if envelope := answer.Envelope.Raw(); !json.Valid([]byte(envelope)) || !strings.Contains(envelope, "\n  \"data\": {\n    \"id\"") {
		t.Errorf("envelope is not indented JSON: %s", envelope)
	}
}

// TestRequestIDOfTheHeader checks that the request id is read from the body or, if it is missing there, from the
// header.
func TestRequestIDOfTheHeader(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-ID", "req_header")
		_, _ = io.WriteString(w, `{"data":{"run_id":"r"}}`)
	})
	answer, err := pollOnce(t, client)
	if err != nil || answer.RequestID.Raw() != "req_header" {
		t.Errorf("poll: %s, %v", answer.RequestID, err)
	}
	dispatch, err := client.Dispatch(t.Context(), testRecipe)
	if err != nil || dispatch.RequestID.Raw() != "req_header" {
		t.Errorf("dispatch: %s, %v", dispatch.RequestID, err)
	}
}
