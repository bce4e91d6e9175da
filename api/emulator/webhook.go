package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"sbwatch/model/run"
)

// Webhook is the receiver to which [Emulator.Deliver] posts a notification for each run that has ended.
type Webhook struct {
	// URL receives a POST for each run that ends. Messages do not contain the URL, because it may contain a secret.
	URL string
	// Header contains additional headers for the requests, such as one with a secret. The requests never contain the
	// API key.
	Header http.Header
	// Transport sends the requests; nil means [http.DefaultTransport].
	Transport http.RoundTripper
	// Log, if not nil, is called with a message for each failed attempt to post a notification.
	Log func(message string)
}

// Limits on the attempts to post the notification that a run has ended. The pause doubles after each failed attempt.
const (
	deliveryTries   = 6
	deliveryPause   = time.Second
	deliveryTimeout = 5 * time.Second
)

// maxDeliveries is the maximum number of deliveries in progress.
const maxDeliveries = 8

// validate returns an error if the URL is not valid. The text of the error does not contain the URL.
func (w *Webhook) validate() error {
	if w == nil {
		return nil
	}
	address, err := url.Parse(w.URL)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return errors.New("the webhook is not a URL such as http://127.0.0.1:8081/secret")
	}
	return nil
}

// deliveryBody is the body of a delivery, with the documented fields.
type deliveryBody struct {
	Event          string   `json:"event"`
	Timestamp      string   `json:"timestamp"`
	RunID          string   `json:"run_id"`
	RecipeID       string   `json:"recipe_id"`
	Status         string   `json:"status"`
	PagesExtracted int      `json:"pages_extracted"`
	ItemsExtracted int      `json:"items_extracted"`
	CreditsUsed    int      `json:"credits_used"`
	Mode           string   `json:"mode,omitempty"`
	Drift          *float64 `json:"drift,omitempty"`
	Warnings       []string `json:"warnings,omitzero"`
	Error          string   `json:"error,omitempty"`
}

// delivery returns the body of the notification that the run has ended.
func (r *emulatedRun) delivery() []byte {
	end := r.progress(r.endsAt)
	body := deliveryBody{
		Event:          end.status.String(),
		Timestamp:      r.timestamp(r.endsAt),
		RunID:          r.id,
		RecipeID:       r.recipe.id,
		Status:         end.status.String(),
		PagesExtracted: end.pages,
		ItemsExtracted: end.items,
		CreditsUsed:    end.credits,
		Error:          r.err,
	}
	if end.status == run.StatusCompleted {
		body.Mode, body.Drift, body.Warnings = r.recipe.mode, new(r.script.drift), r.warnings()
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		panic("emulator: delivery not encoded: " + err.Error()) // it holds only values that JSON can represent
	}
	return encoded
}

// awaitEnd registers a run, so that Deliver posts a notification when the run ends. It does nothing if there is no
// webhook.
func (e *Emulator) awaitEnd(r *emulatedRun) {
	if e.options.Webhook == nil {
		return
	}
	e.undelivered = append(e.undelivered, r)
	select {
	case e.dispatched <- struct{}{}:
	default:
	}
}

// Deliver posts a notification to [Options.Webhook] for each run that ends. It returns when ctx ends. Like the service,
// it repeats a post if the receiver cannot be reached, is too slow, or answers 408, 429 or 5xx. The first pause is one
// second, and each later pause is twice as long as the one before it. After six attempts, Deliver gives up the
// notification. It does not follow redirects.
func (e *Emulator) Deliver(ctx context.Context) {
	if e.options.Webhook == nil {
		return
	}
	var deliveries sync.WaitGroup
	defer deliveries.Wait()
	free := make(chan struct{}, maxDeliveries)
	for {
		ended, pause := e.endedRuns()
		for _, body := range ended {
			deliveries.Go(func() {
				free <- struct{}{}
				defer func() { <-free }()
				e.deliver(ctx, body)
			})
		}
		select {
		case <-time.After(pause):
		case <-e.dispatched:
		case <-ctx.Done():
			return
		}
	}
}

// maxDeliveryWait is the longest time between two checks for ended runs.
const maxDeliveryWait = time.Minute

// endedRuns returns the bodies of the deliveries for the runs that have ended since the last call, and the time until
// the next run ends.
func (e *Emulator) endedRuns() (ended [][]byte, pause time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.options.Now()
	pause = maxDeliveryWait
	e.undelivered = slices.DeleteFunc(e.undelivered, func(r *emulatedRun) bool {
		if wait := r.endsAt.Sub(now); wait > 0 {
			pause = min(pause, wait)
			return false
		}
		ended = append(ended, r.delivery())
		return true
	})
	return ended, pause
}

// deliver posts a body until the receiver accepts it, or until deliver gives up.
func (e *Emulator) deliver(ctx context.Context, body []byte) {
	hook := e.options.Webhook
	say := hook.Log
	if say == nil {
		say = func(string) {}
	}
	client := &http.Client{
		Transport: hook.Transport, Timeout: deliveryTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	pause := deliveryPause
	for try := 1; ; try++ {
		reason, again := hook.post(ctx, client, body)
		switch {
		case ctx.Err() != nil || reason == "":
			return
		case !again || try == deliveryTries:
			say(fmt.Sprintf("webhook: delivery abandoned after %d of %d tries: %s", try, deliveryTries, reason))
			return
		}
		say(fmt.Sprintf("webhook: delivery failed, next try in %v: %s", pause, reason))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		pause *= 2
	}
}

// post makes one attempt to send a body. If the receiver accepts it, post returns "". Otherwise it returns the reason
// of the failure, and whether another attempt may succeed.
func (w *Webhook) post(ctx context.Context, client *http.Client, body []byte) (reason string, again bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return "the URL is not valid", false
	}
	maps.Copy(request.Header, w.Header)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "sbwatch-emulator")
	response, err := client.Do(request)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // without the URL
		}
		return err.Error(), true
	}
	_, _ = io.CopyN(io.Discard, response.Body, 64<<10)
	_ = response.Body.Close()
	status := response.StatusCode
	if status/100 == 2 {
		return "", false
	}
	again = status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
	return fmt.Sprintf("status %d", status), again
}
