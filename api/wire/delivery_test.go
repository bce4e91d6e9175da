package wire

import (
	"encoding/json"
	"testing"
	"time"
)

func TestReadDelivery(t *testing.T) {
	got, err := ReadDelivery([]byte(`{"event":"completed","timestamp":"2026-05-21T14:01:30+02:00","run_id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","status":"completed",
		"pages_extracted":3.0,"items_extracted":87,"credits_used":6,"mode":"replay","drift":0.02,"warnings":["slow",null,7],"error":"","new":{"a":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	warnings := got.Warnings.Or(nil)
	if got.RunID.Raw() != "k7Xb9dRmQ2p" || got.RecipeID.Raw() != "m3Yc2tFvN8q" || got.Pages.Or(0) != 3 || got.Items.Or(0) != 87 || got.Credits.Or(0) != 6 ||
		got.Mode.Raw() != "replay" || got.Drift.Or(0) != 0.02 || len(warnings) != 2 || warnings[1].Raw() != "7" || !got.Error.IsEmpty() {
		t.Errorf("got %+v", got)
	}
	if want := time.Date(2026, 5, 21, 12, 1, 30, 0, time.UTC); !got.Timestamp.Equal(want) {
		t.Errorf("timestamp %v", got.Timestamp)
	}
	got, err = ReadDelivery([]byte(`{"event":"failed","timestamp":"yesterday","run_id":"a","status":null,"pages_extracted":-1,"drift":"high","warnings":"none","error":{"message":"no element"}}`))
	if err != nil || got.StatusText().Raw() != "failed" || !got.Timestamp.IsZero() || got.Pages.Known() || got.Drift.Known() || got.Warnings.Known() ||
		got.Error.Raw() != "no element" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// FuzzReadDelivery checks that a delivery is read if and only if it names a run, and that its texts are bounded.
func FuzzReadDelivery(f *testing.F) {
	for _, body := range []string{
		`{"event":"completed","run_id":"k7Xb9dRmQ2p","drift":0.02,"warnings":["a",1,null]}`, `{"run_id":null}`, `{"run_id":"\ud800\u001b[2J"}`,
		`{"run_id":"a","run_id":7}`, `{"run_id":"a","pages_extracted":1e400,"timestamp":"9999-99-99T00:00:00Z","error":[{}]}`, `[]`, `null`, `{`, ``, `"a"`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := ReadDelivery(body)
		if (err == nil) != namesRun(body) {
			t.Fatalf("%q: %+v, %v", body, got, err)
		}
		for _, text := range []string{got.Event.Raw(), got.RunID.Raw(), got.RecipeID.Raw(), got.Status.Raw(), got.Mode.Raw()} {
			if len(text) > maxID+len("…") {
				t.Fatalf("%q: a text of %d bytes", body, len(text))
			}
		}
		if len(got.Warnings.Or(nil)) > maxTexts+1 || got.Pages.Or(0) < 0 || got.Items.Or(0) < 0 || got.Credits.Or(0) < 0 {
			t.Fatalf("%q: %+v", body, got)
		}
	})
}

// namesRun reports whether a body names a run, according to encoding/json.
func namesRun(body []byte) bool {
	var fields map[string]json.RawMessage
	var id string
	if json.Unmarshal(body, &fields) != nil || json.Unmarshal(fields["run_id"], &id) != nil {
		return false
	}
	return id != "" && len(id) <= maxID
}
