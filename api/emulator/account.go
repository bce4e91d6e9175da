package emulator

import (
	"fmt"
	"net/http"
	"time"

	"sbwatch/model/run"
)

// quotaWindow is the time that the quota of runs counts.
const quotaWindow = 30 * 24 * time.Hour

// account is what belongs to one key. The emulator's lock guards it.
type account struct {
	options Options
	balance int // credits

	runs       map[string]*emulatedRun
	dispatched []*emulatedRun // in order
	unsettled  []*emulatedRun // not yet known to be over
	lastRun    *emulatedRun
	ordinals   map[string]int // runs so far, by recipe

	underWay int         // requests
	recent   []time.Time // of the requests in the last minute, where they are limited
}

// newAccount opens an account in which the run of the published sample has been.
func newAccount(options Options, sampleRecipe *recipe) *account {
	sample := sampleRun(sampleRecipe, options.Seed)
	return &account{
		options:  options,
		balance:  options.Credits.Or(defaultCredits),
		runs:     map[string]*emulatedRun{sample.id: sample},
		lastRun:  sample,
		ordinals: map[string]int{},
	}
}

// admit counts a request in, unless that passes a limit.
func (a *account) admit(now time.Time) *answer {
	if limit, set := a.options.MaxConcurrent.Get(); set && a.underWay >= limit {
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
	a.underWay++
	return nil
}

// wholeSeconds rounds up, so that whoever waits so long has waited enough.
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

// rateLimited is a 429. With retryAfter 0 it does not say when to come again.
func rateLimited(message string, retryAfter int, details any) *answer {
	refusal := refuse(http.StatusTooManyRequests, codeRateLimited, message)
	refusal.retryAfter = retryAfter
	refusal.body.Error.Details = details
	return &refusal
}

// mayDispatch checks the quota and the balance.
func (a *account) mayDispatch(now time.Time) *answer {
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

// runsUsed counts the runs dispatched within the quota's window. The published sample's is not among them, so that a
// quota means the same on every day.
func (a *account) runsUsed(now time.Time) int {
	used := 0
	for i := len(a.dispatched) - 1; i >= 0 && now.Sub(a.dispatched[i].createdAt) < quotaWindow; i-- {
		used++
	}
	return used
}

// start begins a run. Its pages are capped by the plan, and by what the balance pays for.
func (a *account) start(recipe *recipe, id string, now time.Time) *emulatedRun {
	planned := a.options.PagesPerRun.Or(defaultPagesPerRun)
	affordable := a.balance / costPerPage
	a.ordinals[recipe.id]++
	run := newRun(recipe, id, runSettings{
		seed:    a.options.Seed,
		speed:   a.options.Speed,
		ordinal: a.ordinals[recipe.id],
		cap:     min(planned, affordable),
		clamped: affordable < planned,
	}, now)
	a.runs[id] = run
	a.dispatched = append(a.dispatched, run)
	a.unsettled = append(a.unsettled, run)
	a.lastRun = run
	return run
}

// settle bills the runs that have come to their end. Runs that were under way together may cost more than there was.
func (a *account) settle(now time.Time) {
	waiting := a.unsettled[:0]
	for _, run := range a.unsettled {
		progress := run.progress(now)
		if !progress.status.Terminal() {
			waiting = append(waiting, run)
			continue
		}
		run.over = true
		a.balance = max(0, a.balance-progress.credits)
	}
	clear(a.unsettled[len(waiting):])
	a.unsettled = waiting
}

// poll answers with the state of a run.
func (a *account) poll(id string, now time.Time) answer {
	r, ok := a.runs[id]
	if !ok {
		return refuse(http.StatusNotFound, codeNotFound, "Run not found.")
	}
	fault := faultNone
	if r.recipe.flaky {
		fault = faultOfPoll(r.polls)
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
		CreatedAt:      timestamp(r.createdAt),
	}
	if progress.status != run.StatusQueued {
		body.StartedAt = new(timestamp(r.startedAt))
	}
	if progress.status.Terminal() {
		body.CompletedAt = new(timestamp(r.endsAt))
		body.Error = r.err
	}
	answer := succeed(body, a.balance)
	answer.fault = fault
	if progress.status == run.StatusCompleted {
		body.Result = &resultBody{Mode: r.recipe.mode, Drift: r.recipe.drift, Warnings: r.warnings()}
		answer.body.Data = body
		answer.items = r.itemSource(progress.pages)
	}
	return answer
}

// usage answers with what the account may do and has done.
func (a *account) usage(now time.Time) answer {
	progress := a.lastRun.progress(now)
	last := &lastRunBody{
		ID:               a.lastRun.id,
		Status:           progress.status.String(),
		PagesExtracted:   progress.pages,
		EffectiveCap:     a.lastRun.cap,
		ClampedByCredits: a.lastRun.clamped,
		CreatedAt:        timestamp(a.lastRun.createdAt),
	}
	if progress.status.Terminal() {
		last.CompletedAt = new(timestamp(a.lastRun.endsAt))
	}
	return succeed(usageBody{
		RunsUsed30d:      a.runsUsed(now),
		RunsPerMonthCap:  a.options.RunsPerMonth.Or(defaultRunsPerMonth),
		PagesPerRunCap:   a.options.PagesPerRun.Or(defaultPagesPerRun),
		CostPerPage:      costPerPage,
		SchedulesAllowed: true,
		LastRun:          last,
	}, a.balance)
}
