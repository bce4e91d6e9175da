package collect

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sbwatch/history"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
)

// Metrics are the metrics of a collector. They have a registry of their own.
type Metrics struct {
	registry *prometheus.Registry

	runs                        gauges
	ends, requests, deliveries  counters
	items, drift, recipeCredits gauges
	latency                     prometheus.Histogram
	limited, recordFailures     prometheus.Counter
	renewalFailures             prometheus.Counter
	collectors, open            prometheus.Gauge
	lastPoll, balance           prometheus.Gauge
	budgetUsed, budgetLimit     prometheus.Gauge

	mu      sync.Mutex
	recipes map[string]string // recipe label, by recipe id
	counted watch.Deliveries
}

type (
	gauges   = *prometheus.GaugeVec
	counters = *prometheus.CounterVec
)

// maxRecipes is the maximum number of recipes that have metrics of their own. Without this maximum, the number of
// metrics would not be limited, because the ids come from the service.
const maxRecipes = 200

// otherRecipes replaces the recipe id in the metrics if a recipe has no metrics of its own.
const otherRecipes = "(other)"

// NewMetrics returns the metrics of the program. version is the version of the program.
func NewMetrics(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), recipes: map[string]string{}}
	m.runs = m.gauges("runs", "Runs and recipes that this collector holds, by state.", "state")
	m.open = m.gauge("tasks_open", "Unfinished tasks of the job, including those of other collectors.")
	m.collectors = m.gauge("collectors", "Collectors that share the job.")
	m.ends = m.counters("runs_ended_total", "Runs that have ended, by outcome.", "outcome")
	m.requests = m.counters("requests_total", "Requests to the service, by kind and result.", "kind", "result")
	m.deliveries = m.counters("deliveries_total", "Deliveries of the webhook, by result.", "outcome")
	m.items = m.gauges("recipe_items", "Items of the last run of a recipe.", "recipe")
	m.drift = m.gauges("recipe_drift", "Drift of the last run of a recipe, from 0 to 1.", "recipe")
	m.recipeCredits = m.gauges("recipe_credits", "Credits that the last run of a recipe cost.", "recipe")
	m.limited = m.counter("rate_limited_total", "Requests that the service refused with 429.")
	m.recordFailures = m.counter("history_write_failures_total", "Records or items that could not be written at the first try.")
	m.renewalFailures = m.counter("lease_renewal_failures_total", "Leases that could not be renewed because the history was out of reach.")
	m.lastPoll = m.gauge("last_poll_timestamp_seconds", "Time of the last successful poll.")
	m.balance = m.gauge("credits_left", "Credits left on the account.")
	m.budgetUsed = m.gauge("budget_requests", "Requests in the last minute that count toward the limit.")
	m.budgetLimit = m.gauge("budget_limit", "Requests per minute that are allowed now; 0 if there is no limit.")
	m.latency = prometheus.NewHistogram(prometheus.HistogramOpts{
		Namespace: namespace, Name: "poll_duration_seconds", Help: "Time from a poll to its answer.",
		Buckets: []float64{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60},
	})
	m.registry.MustRegister(m.latency)
	m.gauges("build_info", "Version of sbwatch.", "version").WithLabelValues(version).Set(1)
	for _, state := range runStates() {
		m.runs.WithLabelValues(state).Set(0)
	}
	for _, word := range []string{wordCompleted, wordFailed, wordRuleBroken} {
		m.ends.WithLabelValues(labelOf(word))
	}
	for _, d := range deliveryCounts(&watch.Deliveries{}) {
		m.deliveries.WithLabelValues(d.outcome)
	}
	return m
}

const namespace = "sbwatch"

func (m *Metrics) gauges(name, help string, labels ...string) gauges {
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(v)
	return v
}

func (m *Metrics) counters(name, help string, labels ...string) counters {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(v)
	return v
}

func (m *Metrics) gauge(name, help string) prometheus.Gauge {
	return m.gauges(name, help).WithLabelValues()
}

func (m *Metrics) counter(name, help string) prometheus.Counter {
	return m.counters(name, help).WithLabelValues()
}

// Handler returns the handler of /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// RecordFailed counts a record that could not be written.
func (m *Metrics) RecordFailed() { m.recordFailures.Inc() }

// answered counts a request, by its result.
func (m *Metrics) answered(kind string, problem *run.Problem) {
	m.requests.WithLabelValues(kind, resultOf(problem)).Inc()
	if problem != nil && problem.Kind == run.ProblemRateLimited {
		m.limited.Inc()
	}
}

// resultOf returns the result of a request as a word for the metrics, such as "ok" or "rate_limited".
func resultOf(problem *run.Problem) string {
	if problem == nil {
		return "ok"
	}
	switch problem.Kind {
	case run.ProblemRateLimited:
		return "rate_limited"
	case run.ProblemKey:
		return "key_refused"
	case run.ProblemCredits, run.ProblemQuota:
		return "no_credits"
	case run.ProblemService:
		return "server_error"
	case run.ProblemNoConnection:
		return "no_connection"
	case run.ProblemLost, run.ProblemMalformed:
		return "answer_lost"
	default:
		return "refused"
	}
}

// polled records how long a poll took. For a successful poll, it also records the current time and the balance of the
// account.
func (m *Metrics) polled(now time.Time, took time.Duration, answer run.Answer, problem *run.Problem) {
	m.latency.Observe(took.Seconds())
	if problem == nil {
		m.lastPoll.Set(float64(now.UnixMilli()) / 1000)
		m.credits(answer.CreditsRemaining)
	}
}

// credits records the balance of the account if it is known.
func (m *Metrics) credits(balance optional.Value[int64]) {
	if left, known := balance.Get(); known {
		m.balance.Set(float64(left))
	}
}

// renewed records the result of renewing the leases: the numbers of unfinished tasks and of collectors or, if err is
// not nil, one more failure.
func (m *Metrics) renewed(held history.Held, err error) {
	if err != nil {
		m.renewalFailures.Inc()
		return
	}
	m.open.Set(float64(held.Open))
	m.collectors.Set(float64(held.Collectors))
}

// ended records the end of a run.
func (m *Metrics) ended(w *watch.Watch, outcome report.Outcome) {
	m.ends.WithLabelValues(labelOf(wordOf(outcome))).Inc()
	if w.RecipeID().IsEmpty() {
		return
	}
	recipe := m.label(w.RecipeID())
	if recipe == otherRecipes {
		return // values of different recipes cannot be compared
	}
	facts := w.Run()
	if items, known := facts.Items.Get(); known {
		m.items.WithLabelValues(recipe).Set(float64(items))
	}
	if drift, known := facts.Drift().Get(); known {
		m.drift.WithLabelValues(recipe).Set(drift)
	}
	if credits, known := facts.Credits.Get(); known {
		m.recipeCredits.WithLabelValues(recipe).Set(float64(credits))
	}
}

func (m *Metrics) label(recipe text.Text) string {
	const maxLabel = 64
	m.mu.Lock()
	defer m.mu.Unlock()
	label, known := m.recipes[recipe.Raw()]
	switch {
	case known:
		return label
	case len(m.recipes) >= maxRecipes:
		return otherRecipes
	}
	runes := []rune(strings.ToValidUTF8(recipe.String(), "?"))
	label = string(runes[:min(len(runes), maxLabel)])
	m.recipes[recipe.Raw()] = label
	return label
}

// count records the numbers of runs by state, the number of unfinished tasks, and the used and the allowed number of
// requests per minute.
func (m *Metrics) count(states map[string]int, open, used, limit int) {
	m.open.Set(float64(open))
	m.runs.Reset()
	for _, state := range runStates() {
		m.runs.WithLabelValues(state).Set(float64(states[state]))
	}
	m.budgetUsed.Set(float64(used))
	m.budgetLimit.Set(float64(limit))
}

// delivered records the numbers of deliveries so far.
func (m *Metrics) delivered(counts watch.Deliveries) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := deliveryCounts(&m.counted)
	for i, d := range deliveryCounts(&counts) {
		if more := d.n - before[i].n; more > 0 {
			m.deliveries.WithLabelValues(d.outcome).Add(float64(more))
		}
	}
	m.counted = counts
}

// deliveryCount is the number of deliveries with the same outcome.
type deliveryCount struct {
	outcome string
	n       int64
}

func deliveryCounts(d *watch.Deliveries) []deliveryCount {
	return []deliveryCount{
		{"received", d.Received},
		{"confirmed", d.Confirmed},
		{"unconfirmed", d.Unconfirmed},
		{"repeated", d.Repeated},
		{"unknown_run", d.UnknownRun},
		{"missed", d.Missed},
		{"forged", d.Forged},
		{"malformed", d.Malformed},
		{"too_large", d.TooLarge},
		{"slow", d.Slow},
		{"overflowed", d.Overflowed},
	}
}

// labelOf returns an outcome in the form that the metrics use: "rule broken" becomes "rule_broken".
func labelOf(word string) string { return strings.ReplaceAll(word, " ", "_") }
