package emulator

import (
	"net/http"
	"testing"
	"time"
)

// TestRefusals checks every documented error: by dispatching the recipe that is refused with it, and by calls of an
// emulator that refuses all calls with it.
func TestRefusals(t *testing.T) {
	at := time.Date(2026, time.May, 16, 12, 0, 0, 0, time.UTC)
	want := map[string]struct {
		status  int
		code    string
		details string
	}{
		"invalid0001": {400, "invalid_request", ""},
		"revoked0001": {401, "unauthorized", ""},
		"unverified1": {402, "email_verification_required", ""},
		"forbidden01": {403, "forbidden", ""},
		"conflict001": {409, "conflict", ""},
		"deletion001": {409, "account_deletion_pending", `{"deletion_scheduled_for":"2026-06-15T12:00:00Z"}`},
		"validation1": {422, "validation_failed", ""},
		"internal001": {500, "internal_error", ""},
		"unavailable": {502, "service_unavailable", ""},
	}
	if len(Refusals()) != len(want) {
		t.Errorf("%d refusals, want %d", len(Refusals()), len(want))
	}
	for id, want := range want {
		t.Run(id, func(t *testing.T) {
			s := newSession(t, Options{Now: func() time.Time { return at }})
			checkRefusal(t, s.do(http.MethodPost, "/v1/smartbrowse/recipes/"+id+"/run"), want.status, want.code, want.details, "")
			if len(s.emulator.runs) > 0 || s.do(http.MethodGet, "/v1/smartbrowse/usage").status != http.StatusOK {
				t.Error("a run was started, or usage is refused")
			}
			s = newSession(t, Options{Refuse: want.code, Now: func() time.Time { return at }})
			for method, path := range map[string]string{http.MethodPost: "recipes/catalogue01/run", http.MethodGet: "usage"} {
				checkRefusal(t, s.do(method, "/v1/smartbrowse/"+path), want.status, want.code, want.details, "")
			}
			checkRefusal(t, s.do(http.MethodGet, "/v1/smartbrowse/runs/"+SampleRunID), want.status, want.code, want.details, "")
		})
	}
	if _, err := New(Options{Refuse: "nonsense"}); err == nil {
		t.Error("an unknown code is accepted")
	}
}
