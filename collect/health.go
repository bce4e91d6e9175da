package collect

import (
	"encoding/json"
	"net/http"
	"time"

	"sbwatch/model/text"
)

// health holds the facts that determine the health of a collector.
type health struct {
	reportedAt time.Time // last time at which the poll loop was active
	polledAt   time.Time // last successful poll
	watchedAt  time.Time // time since which there have been runs to poll; zero if there are none
	renewedAt  time.Time
	tasksErr   error // error of the last renewal of the leases
}

// The times after which a collector counts as unhealthy.
const (
	// maxSilence is the maximum time for which a healthy poll loop is inactive.
	maxSilence = 90 * time.Second
	// maxUnpolled is the maximum time without a successful poll while there are runs to poll.
	maxUnpolled = 5 * time.Minute
)

// recordActivity records that the poll loop has run.
func (r *reporter) recordActivity(now time.Time) {
	isWatching := !r.monitor.AllDone()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.health.reportedAt = now
	switch {
	case !isWatching:
		r.health.watchedAt = time.Time{}
	case r.health.watchedAt.IsZero():
		r.health.watchedAt = now
	}
}

// Health returns the reasons why the collector does not work properly, or nil if it does.
func (c *Collector) Health(now time.Time) []string {
	c.mu.Lock()
	h := c.health
	c.mu.Unlock()
	var reasons []string
	if silence := now.Sub(h.reportedAt); silence > maxSilence {
		reasons = append(reasons, "the poll loop has not run for "+text.Wait(silence.Round(time.Second)))
	}
	if h.tasksErr != nil {
		reasons = append(reasons, "the history has been out of reach since "+h.renewedAt.UTC().Format(time.RFC3339)+": "+h.tasksErr.Error())
	}
	since := h.polledAt
	if since.Before(h.watchedAt) {
		since = h.watchedAt
	}
	if unpolled := now.Sub(since); !h.watchedAt.IsZero() && unpolled > maxUnpolled {
		reasons = append(reasons, "no poll has succeeded for "+text.Wait(unpolled.Round(time.Second)))
	}
	return reasons
}

// Handler returns the handler of /healthz and /metrics. redact removes secrets from texts.
func (c *Collector) Handler(redact func(string) string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer := struct {
			Status  string   `json:"status"`
			Reasons []string `json:"reasons,omitempty"`
		}{Status: "ok"}
		status := http.StatusOK
		for _, reason := range c.Health(c.config.Now()) {
			answer.Status, status = "failing", http.StatusServiceUnavailable
			answer.Reasons = append(answer.Reasons, text.Printable(redact(reason)))
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(answer) // the client is gone
	})
	mux.Handle("GET /metrics", c.config.Metrics.Handler())
	return mux
}
