package emulator

import (
	"fmt"
	"net/http"
	"time"

	"sbwatch/model/run"
)

// quotaWindow is the period in which an account may dispatch Options.RunsPerMonth runs.
const quotaWindow = 30 * 24 * time.Hour

// account holds the credits, the runs and the recent requests of one API key. Emulator.mu guards it.
type account struct {
	options Options
	balance int // credits

	runs       map[string]*emulatedRun
	dispatched []time.Time    // times of the runs dispatched within the quota window, oldest first
	unbilled   []*emulatedRun // runs that are not billed yet
	lastRun    *emulatedRun   // nil before the first run
	ordinals   map[string]int // number of runs dispatched so far, by recipe id

	active int         // requests in progress
	recent []time.Time // times of the requests in the last minute; kept only when LimitPerMin is set
}

// newAccount returns an account. If sample is not nil, sample is the first run of the account.
func newAccount(options Options, sample *emulatedRun) *account {
	a := &account{
		options:  options,
		balance:  options.Credits.Or(defaultCredits),
		runs:     map[string]*emulatedRun{},
		lastRun:  sample,
		ordinals: map[string]int{},
	}
	if sample != nil {
		a.runs[sample.id] = sample
	}
	return a
}

// admit counts a request as in progress and returns nil. If the request exceeds a rate limit, admit returns an error
// answer instead.
func (a *account) admit(now time.Time) *answer {
	if limit, set := a.options.MaxConcurrent.Get(); set && a.active >= limit {
		return rateLimited(fmt.Sprintf("Too many requests at once: %d are allowed.", limit), 1,
			concurrencyDetails{Reason: "max_concurrent_requests", MaxConcurrent: limit})
	}
	if limit, set := a.options.LimitPerMin.Get(); set {
		for len(a.recent) > 0 && now.Sub(a.recent[0]) >= time.Minute {
			a.recent = a.recent[1:]
		}
		if len(a.recent) >= limit {
			free := a.recent[0].Add(time.Minute).Sub(now)
			return rateLimited(fmt.Sprintf("Rate limit exceeded: %d requests a minute are allowed.", limit), wholeSeconds(free),
				perMinuteDetails{Reason: "rate_limit_per_min", LimitPerMin: limit})
		}
		a.recent = append(a.recent, now)
	}
	a.active++
	return nil
}

// wholeSeconds returns d in seconds, rounded up, so that a client waits long enough.
func wholeSeconds(d time.Duration) int {
	return int((d + time.Second - 1) / time.Second)
}

type perMinuteDetails struct {
	Reason      string `json:"reason"`
	LimitPerMin int    `json:"limit_per_min"`
}

type concurrencyDetails struct {
	Reason        string `json:"reason"`
	MaxConcurrent int    `json:"max_concurrent"`
}

type quotaDetails struct {
	Reason string `json:"reason"`
	Used   int    `json:"used"`
	Limit  int    `json:"limit"`
	Window string `json:"window"`
}

type creditDetails struct {
	Balance  int `json:"balance"`
	Required int `json:"required"`
}

// rateLimited returns a 429 answer. retryAfter is in seconds; 0 omits the Retry-After header.
func rateLimited(message string, retryAfter int, details any) *answer {
	refusal := refuse(http.StatusTooManyRequests, codeRateLimited, message)
	refusal.retryAfter = retryAfter
	refusal.body.Error.Details = details
	return &refusal
}

// checkDispatch returns an answer that refuses a dispatch if the quota of runs or the credits are used up. Otherwise it
// returns nil.
func (a *account) checkDispatch(now time.Time) *answer {
	limit := a.options.RunsPerMonth.Or(defaultRunsPerMonth)
	if used := a.runsUsed(now); used >= limit {
		return rateLimited("The monthly quota of SmartBrowse runs is used up.", 0,
			quotaDetails{Reason: "sb_runs_per_month", Used: used, Limit: limit, Window: "30d"})
	}
	if a.balance < costPerPage {
		refusal := refuse(http.StatusPaymentRequired, codeInsufficientCredits, "Not enough credits to start a run.")
		refusal.body.Error.Details = creditDetails{Balance: a.balance, Required: costPerPage}
		return &refusal
	}
	return nil
}

// runsUsed returns the number of runs dispatched within the quota window. The sample run, [SampleRunID], does not
// count.
func (a *account) runsUsed(now time.Time) int {
	for len(a.dispatched) > 0 && now.Sub(a.dispatched[0]) >= quotaWindow {
		a.dispatched = a.dispatched[1:]
	}
	return len(a.dispatched)
}

// start creates a run. The plan and the balance limit the number of pages of the run.
func (a *account) start(recipe *recipe, id string, now time.Time) *emulatedRun {
	planned := a.options.PagesPerRun.Or(defaultPagesPerRun)
	affordable := a.balance / costPerPage
	a.ordinals[recipe.id]++
	run := newRun(recipe, id, runSettings{
		seed:    a.options.Seed,
		speed:   a.options.Speed,
		ordinal: a.options.EarlierRuns + a.ordinals[recipe.id],
		cap:     min(planned, affordable),
		clamped: affordable < planned,

		firstNight: a.options.FirstNight,
	}, now)
	a.runs[id] = run
	a.dispatched = append(a.dispatched, now)
	a.unbilled = append(a.unbilled, run)
	a.lastRun = run
	return run
}

// bill charges the account for runs that have ended. The balance never drops below 0, even if several runs in progress
// together cost more than the balance.
func (a *account) bill(now time.Time) {
	waiting := a.unbilled[:0]
	for _, run := range a.unbilled {
		progress := run.progress(now)
		if !progress.status.Terminal() {
			waiting = append(waiting, run)
			continue
		}
		run.close()
		a.balance = max(0, a.balance-progress.credits)
	}
	clear(a.unbilled[len(waiting):])
	a.unbilled = waiting
}

// poll returns the answer to a poll of a run. Some polls of a flaky run get a fault, such as status 500. A HEAD request
// never gets a fault, and does not change which fault the next GET request gets.
func (a *account) poll(id string, headOnly bool, now time.Time) answer {
	r, ok := a.runs[id]
	if !ok {
		return refuse(http.StatusNotFound, codeNotFound, "Run not found.")
	}
	fault := faultNone
	if r.recipe.flaky && !headOnly {
		fault = pollFault(r.polls)
		r.polls++
	}
	progress := r.progress(now)
	body := runBody{
		ID:             r.id,
		RecipeID:       r.recipe.id,
		RunStatus:      progress.status.String(),
		PagesExtracted: progress.pages,
		ItemsExtracted: progress.items,
		CreditsUsed:    progress.credits,
		StartedAt:      new(r.timestamp(r.startedAt)),
		CreatedAt:      r.timestamp(r.createdAt),
	}
	if progress.status.Terminal() {
		body.CompletedAt = new(r.timestamp(r.endsAt))
		body.Error = r.err
	}
	answer := succeed(body, a.balance)
	answer.fault = fault
	if progress.status == run.StatusCompleted {
		body.Result = &resultBody{Mode: r.recipe.mode, Drift: r.script.drift, Warnings: r.warnings()}
		answer.body.Data = body
		answer.items = r.itemSource(progress.pages)
	}
	return answer
}

func (a *account) usage(now time.Time) answer {
	return succeed(usageBody{
		RunsUsed30d:      a.runsUsed(now),
		RunsPerMonthCap:  a.options.RunsPerMonth.Or(defaultRunsPerMonth),
		PagesPerRunCap:   a.options.PagesPerRun.Or(defaultPagesPerRun),
		CostPerPage:      costPerPage,
		SchedulesAllowed: true,
		LastRun:          a.lastRunBody(now),
	}, a.balance)
}

// lastRunBody describes the newest run, or returns nil if there is no run.
func (a *account) lastRunBody(now time.Time) *lastRunBody {
	r := a.lastRun
	if r == nil {
		return nil
	}
	progress := r.progress(now)
	last := &lastRunBody{
		ID:               r.id,
		Status:           progress.status.String(),
		PagesExtracted:   progress.pages,
		EffectiveCap:     r.cap,
		ClampedByCredits: r.clamped,
		CreatedAt:        r.timestamp(r.createdAt),
	}
	if progress.status.Terminal() {
		last.CompletedAt = new(r.timestamp(r.endsAt))
	}
	return last
}
