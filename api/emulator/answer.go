package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Error codes of the published API that the emulator uses.
const (
	codeInvalidRequest      = "invalid_request"
	codeUnauthorized        = "unauthorized"
	codeInsufficientCredits = "insufficient_credits"
	codeNotFound            = "not_found"
	codeRateLimited         = "rate_limited"
	codeInternalError       = "internal_error"
	codeServiceUnavailable  = "service_unavailable"

	codeAccountDeletionPending = "account_deletion_pending"
)

// The types below list their fields in the order of the sample answer in the API documentation.

// envelope is the outermost object of every answer.
type envelope struct {
	Status           string     `json:"status"`
	Data             any        `json:"data,omitempty"`
	Error            *errorBody `json:"error,omitempty"`
	CreditsUsed      *int       `json:"credits_used,omitempty"`
	CreditsRemaining *int       `json:"credits_remaining,omitempty"`
	RequestID        string     `json:"request_id"`
}

type errorBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Details any    `json:"details,omitempty"`
}

// runBody is the data field of the answer to a poll.
type runBody struct {
	ID             string      `json:"id"`
	RecipeID       string      `json:"recipe_id"`
	RunStatus      string      `json:"run_status"`
	PagesExtracted int         `json:"pages_extracted"`
	ItemsExtracted int         `json:"items_extracted"`
	CreditsUsed    int         `json:"credits_used"`
	Error          string      `json:"error,omitempty"`
	Result         *resultBody `json:"result,omitempty"`
	StartedAt      *string     `json:"started_at"`
	CompletedAt    *string     `json:"completed_at"`
	CreatedAt      string      `json:"created_at"`
}

// resultBody is the result of a completed run. itemSource.writePages replaces the empty array of pages with the actual
// pages.
type resultBody struct {
	Pages    [0]struct{} `json:"pages"`
	Mode     string      `json:"mode"`
	Drift    float64     `json:"drift"`
	Warnings []string    `json:"warnings"`
}

// dispatchBody is the data field of the answer to a dispatch.
type dispatchBody struct {
	RunID     string `json:"run_id"`
	RecipeID  string `json:"recipe_id"`
	RunStatus string `json:"run_status"`
	PollURL   string `json:"poll_url"`
	CreatedAt string `json:"created_at"`
}

// usageBody is the data field of the answer to a usage request.
type usageBody struct {
	RunsUsed30d      int          `json:"runs_used_30d"`
	RunsPerMonthCap  int          `json:"runs_per_month_cap"`
	PagesPerRunCap   int          `json:"pages_per_run_cap"`
	CostPerPage      int          `json:"cost_per_page"`
	SchedulesCount   int          `json:"schedules_count"`
	SchedulesAllowed bool         `json:"schedules_allowed"`
	LastRun          *lastRunBody `json:"last_run"`
}

type lastRunBody struct {
	ID               string  `json:"id"`
	Status           string  `json:"status"`
	PagesExtracted   int     `json:"pages_extracted"`
	EffectiveCap     int     `json:"effective_cap"`
	ClampedByCredits bool    `json:"clamped_by_credits"`
	CreatedAt        string  `json:"created_at"`
	CompletedAt      *string `json:"completed_at,omitempty"`
}

// timestamp formats t as the API does, in UTC: 2026-05-21T12:00:00Z, with milliseconds unless they are 0.
func timestamp(t time.Time) string {
	t = t.UTC().Truncate(time.Millisecond)
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

// answer is the response to one request.
type answer struct {
	status     int
	allow      string // Allow header
	retryAfter int    // Retry-After header in seconds; 0 omits it
	close      bool   // whether to close the connection after this answer
	body       envelope
	items      *itemSource // items of a completed run; nil for other answers
	fault      fault       // how the response is damaged before it is sent
}

// succeed returns a 200 answer to a call that costs nothing.
func succeed(data any, creditsRemaining int) answer {
	return answer{status: http.StatusOK, body: envelope{
		Status:           "completed",
		Data:             data,
		CreditsUsed:      new(0),
		CreditsRemaining: &creditsRemaining,
	}}
}

func refuse(status int, code, message string) answer {
	return answer{status: status, body: envelope{Status: "error", Error: &errorBody{Code: code, Message: message}}}
}

// write sends the answer. It ignores write errors, which only mean that the client has disconnected.
func (a answer) write(w http.ResponseWriter, headOnly bool) {
	header := w.Header()
	if a.allow != "" {
		header.Set("Allow", a.allow)
	}
	if a.close {
		header.Set("Connection", "close")
	}
	if a.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(a.retryAfter))
	}
	if a.status == http.StatusNoContent {
		w.WriteHeader(a.status)
		return
	}
	header.Set("Content-Type", "application/json")
	if a.fault != faultNone && !headOnly {
		a.writeFault(w)
		return
	}
	body := a.body.encode()
	if a.items == nil {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.status)
	if headOnly {
		return
	}
	_ = a.writeBody(w, body)
}

// writeBody writes an encoded envelope with the items inserted.
func (a answer) writeBody(w io.Writer, body []byte) error {
	if a.items == nil {
		_, err := w.Write(body)
		return err
	}
	// Replace the empty array of pages in body. The text before this array contains nothing from a request, so the
	// first match is the right one.
	const noPages = `"pages":[]`
	head, tail, _ := bytes.Cut(body, []byte(noPages))
	return a.items.writePages(w, head, tail)
}

// encode returns the envelope as JSON on one line.
func (e envelope) encode() []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		// The envelope types hold only values that JSON can represent.
		panic("emulator: envelope not encoded: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
