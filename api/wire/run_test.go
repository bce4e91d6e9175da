package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

func TestRunStatus(t *testing.T) {
	tests := []struct {
		name string
		data string
		want run.Status
		text string
	}{
		{"running, whatever the envelope says", `"run_status":"running"`, run.StatusRunning, "running"},
		{"unknown, kept as it is", `"run_status":"hibernating"`, run.StatusUnknown, "hibernating"},
		{"missing, with an error", `"error":"boom","completed_at":"2026-05-21T12:00:00Z"`, run.StatusFailed, "failed"},
		{"missing, with an error that is an object", `"error":{"message":"boom"},"completed_at":"2026-05-21T12:00:00Z"`, run.StatusFailed, "failed"},
		{"missing, with an error that says nothing", `"error":{},"completed_at":"2026-05-21T12:00:00Z"`, run.StatusCompleted, "completed"},
		{"null, completed", `"run_status":null,"error":null,"completed_at":"2026-05-21T12:00:00Z"`, run.StatusCompleted, "completed"},
		{"of another type, started", `"run_status":5,"started_at":"2026-05-21T12:00:00Z"`, run.StatusRunning, "running"},
		{"empty, with nothing", `"run_status":""`, run.StatusQueued, "queued"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer, problem := ReadRun([]byte(`{"status":"completed","data":{` + test.data + `}}`))
			if problem != nil {
				t.Fatal(problem)
			}
			if got := answer.Run.Status(); got != test.want || answer.Run.StatusText() != test.text || got.Terminal() != test.want.Terminal() {
				t.Errorf("status %v (%s), want %v (%s)", got, answer.Run.StatusText(), test.want, test.text)
			}
		})
	}
}

// TestSpendIsTheRunsOwn checks that the credits are those of the run. The credits_used of the envelope is the price of
// the poll.
func TestSpendIsTheRunsOwn(t *testing.T) {
	answer, problem := ReadRun([]byte(`{"data":{"credits_used":6},"credits_used":0,"credits_remaining":494}`))
	if problem != nil || answer.Run.Credits.Or(-1) != 6 {
		t.Errorf("credits %v, %v", answer.Run.Credits, problem)
	}
	answer, problem = ReadRun([]byte(`{"data":{},"credits_used":7}`))
	if problem != nil || answer.Run.Credits.Known() {
		t.Errorf("credits %v are known from the envelope, %v", answer.Run.Credits, problem)
	}
}

// TestEveryFieldMayBeMissing checks that a field that is absent, null or of another type is not an error.
func TestEveryFieldMayBeMissing(t *testing.T) {
	var whole map[string]any
	if err := json.Unmarshal(sample(t, "poll_example.json"), &whole); err != nil {
		t.Fatal(err)
	}
	data, isObject := whole["data"].(map[string]any)
	result, hasResult := data["result"].(map[string]any)
	if !isObject || !hasResult {
		t.Fatal("the sample has no data with a result")
	}
	for _, level := range []map[string]any{whole, data, result} {
		for key, value := range level {
			if key == "data" {
				continue
			}
			for _, other := range []any{nil, true, -1.5, "x", []any{1}, map[string]any{"a": 1}} {
				level[key] = other
				parseWhole(t, whole, key)
			}
			delete(level, key)
			parseWhole(t, whole, key)
			level[key] = value
		}
	}
}

func parseWhole(t *testing.T, whole map[string]any, altered string) {
	t.Helper()
	content, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	answer, problem := ReadRun(content)
	if problem != nil {
		t.Errorf("%s altered: %v in %s", altered, problem, content)
	} else if altered != "id" && answer.Run.ID.Raw() != "k7Xb9dRmQ2p" {
		t.Errorf("%s altered: the id is lost", altered)
	}
}

func TestUnknownIsNotZero(t *testing.T) {
	answer, problem := ReadRun([]byte(`{"data":{"pages_extracted":0,"items_extracted":null,"result":{"drift":0,"warnings":null}}}`))
	if problem != nil {
		t.Fatal(problem)
	}
	run := answer.Run
	if pages, known := run.Pages.Get(); pages != 0 || !known {
		t.Error("0 pages are not known")
	}
	if drift, known := run.Drift().Get(); drift != 0 || !known {
		t.Error("drift 0 is not known")
	}
	if run.Items.Known() || run.Credits.Known() || run.Warnings().Known() || answer.CreditsRemaining.Known() {
		t.Errorf("known without being sent: %+v", answer)
	}
}

// TestNegativeCountsAreUnknown checks that negative counts are ignored, because they are mistakes of the sender. Only a
// balance may be negative.
func TestNegativeCountsAreUnknown(t *testing.T) {
	answer, problem := ReadRun([]byte(`{"data":{"pages_extracted":-1,"items_extracted":-29,"credits_used":-2},"credits_remaining":-5}`))
	if problem != nil {
		t.Fatal(problem)
	}
	if run := answer.Run; run.Pages.Known() || run.Items.Known() || run.Credits.Known() {
		t.Errorf("run %+v", run)
	}
	if got := answer.CreditsRemaining.Or(0); got != -5 {
		t.Errorf("credits remaining %d", got)
	}
}

func TestIntegers(t *testing.T) {
	tests := map[string]optional.Value[int64]{
		`6`: optional.Some[int64](6), `6.0`: optional.Some[int64](6), `6e0`: optional.Some[int64](6), `60E-1`: optional.Some[int64](6),
		`0`: optional.Some[int64](0), `-0.0`: optional.Some[int64](0), `-3`: optional.Some[int64](-3),
		`9007199254740993`:     optional.Some[int64](9007199254740993),
		`9223372036854775807`:  optional.Some[int64](9223372036854775807),
		`9223372036854775808`:  {},
		`1e300`:                {},
		`1e999999999`:          {},
		`6.5`:                  {},
		`"6"`:                  {},
		`null`:                 {},
		`true`:                 {},
		`[6]`:                  {},
		`18446744073709551617`: {},
	}
	for sent, want := range tests {
		if got := (object{"n": json.RawMessage(sent)}).integer("n"); got != want {
			t.Errorf("%s: %v, want %v", sent, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	noon := time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	tests := map[string]time.Time{
		`"2026-05-21T12:00:00Z"`:           noon,
		`"2026-05-21T14:00:00+02:00"`:      noon,
		`"2026-05-21T12:00:00.25Z"`:        noon.Add(250 * time.Millisecond),
		`"2026-05-21T12:00:00.123456789Z"`: noon.Add(123456789),
		`"2026-05-21"`:                     {},
		`"soon"`:                           {},
		`""`:                               {},
		`1747828800`:                       {},
		`null`:                             {},
	}
	for sent, want := range tests {
		if got := (object{"at": json.RawMessage(sent)}).moment("at"); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", sent, got, want)
		}
	}
}

func TestWarningsOfOtherTypesAreKept(t *testing.T) {
	answer, problem := ReadRun([]byte(`{"data":{"result":{"warnings":["a",null,{"code": 7},3]}}}`))
	if problem != nil {
		t.Fatal(problem)
	}
	want := []text.Text{text.NewText("a"), text.NewText(`{"code":7}`), text.NewText("3")}
	if got := answer.Run.Warnings().Or(nil); !reflect.DeepEqual(got, want) {
		t.Errorf("warnings %v, want %v", got, want)
	}
}

func TestEnvelopeKeepsDigitsAndOrder(t *testing.T) {
	answer, problem := ReadRun([]byte(`{"z":1.10,"a":12345678901234567890,"data":{"<&>":1e5}}`))
	if problem != nil {
		t.Fatal(problem)
	}
	const want = "{\n  \"z\": 1.10,\n  \"a\": 12345678901234567890,\n  \"data\": {\n    \"<&>\": 1e5\n  }\n}"
	if got := answer.Envelope.Raw(); got != want {
		t.Errorf("envelope %s\nwant %s", got, want)
	}
}

func FuzzParseRun(f *testing.F) {
	for _, name := range []string{"poll_schema.json", "poll_example.json"} {
		content, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	for _, refusal := range []string{
		`{"status":"error","error":{"code":"rate_limited","message":"m","details":{"reason":"sb_runs_per_month","used":3,"limit":3,"window":"30d"}}}`,
		`{"error":{"code":"insufficient_credits","message":"m","details":{"balance":-1,"required":6}}}`, `{"error":"bad key"}`, `{"message":"m"}`, `<html>`,
	} {
		f.Add([]byte(refusal))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		answer, err := ReadRun(content)
		if err != nil {
			problem, _ := errors.AsType[*run.Problem](err)
			if r, ok := errors.AsType[*Refusal](err); ok {
				problem = r.Problem(AboutRun)
			}
			if line := problem.Error(); text.Printable(line) != line || problem.Summary.IsEmpty() {
				t.Errorf("not one printable line: %q", line)
			}
			return
		}
		var compact, again bytes.Buffer
		if json.Compact(&compact, content) != nil || json.Compact(&again, []byte(answer.Envelope.Raw())) != nil {
			t.Fatal("the envelope of a good answer is not JSON")
		}
		if !bytes.Equal(compact.Bytes(), again.Bytes()) {
			t.Errorf("the envelope differs from what was sent: %s", again.String())
		}
	})
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
